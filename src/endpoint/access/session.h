/*
 * Sessions: the token of a request, and the lookup of its account. Loop thread.
 */
#ifndef ENDPOINT_SESSION_H
#define ENDPOINT_SESSION_H

#include <stdbool.h>

struct session_lookup;
struct request;

#define TOKEN_SIZE 64 /* bytes of a token's text, terminated */
#define TOKEN_HASH_SIZE 32

enum credentials { CREDENTIALS_NONE, CREDENTIALS_BEARER, CREDENTIALS_COOKIE };

/* What a request says of who asks, and what came of it. */
struct session_state {
	enum credentials credentials;
	unsigned char token[TOKEN_HASH_SIZE]; /* its hash */
	bool same_origin; /* origin.c: the browser says that our own page asks */
	bool cross_site;  /* origin.c: it says that another site does */
	int status;	  /* 401, 403, 404, or 0: it may go on; set on the store's thread */
	char new_token[TOKEN_SIZE]; /* of a session that is made */
	unsigned char new_token_hash[TOKEN_HASH_SIZE];
};

/*
 * Before there is a request, look up whether these headers name a good session, and tell by
 * connection_finish_lookup(). False where they name none at all. The owner is the server.
 */
bool session_start_lookup(
	void *owner, const char *authorization, const char *cookie, struct session_lookup *asked);

/* Read the token of the request and its origin. */
void session_read(struct request *request);

/*
 * Write down that the session of the request was used, in a job that nothing waits for. It is to be
 * called where the session's statement has set $needs_refresh. Loop thread.
 */
void session_refresh(struct request *request);

#endif
