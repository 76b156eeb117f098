/*
 * Sessions: how a request's token becomes an account. Loop thread, but for session_admit().
 */
#ifndef ENDPOINT_SESSION_H
#define ENDPOINT_SESSION_H

#include <stdbool.h>

struct question;
struct request;
struct statement;
struct store;

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
 * From $session_token: $asker (the account that asks), $account (the one whose rows are asked for),
 * $session, $owner, $username, $reads (may only read), $program (is a program's token), $stale.
 */
extern const char session_sql[];

/* Gives a row where an account may be made now. It stands where the session's would. */
extern const char newcomer_sql[];

/* The statement that session_touch() runs. */
const struct statement *session_prepare(struct store *store);

/*
 * The hash of the token that these headers (NULL: not sent) bring along, and where it stands. A
 * bearer's wins.
 */
enum credentials session_token(
	const char *authorization, const char *cookies, unsigned char hash[TOKEN_HASH_SIZE]);

/*
 * session_ask.c: before there is a request, look up whether these headers name a good session, and
 * tell by connection_answer(). False where they name none at all. The owner is the server.
 */
const struct statement *session_ask_prepare(struct store *store);
bool session_ask(
	void *owner, const char *authorization, const char *cookie, struct question *question);

/* What the request says of who asks: a token, and where it comes from. */
void session_read(struct request *request);

/*
 * Either statement gave a row, or none. False where the request may not go on; its session's status
 * says why. On the store's thread.
 */
bool session_admit(struct request *request, bool row);

/* The sentence of the status that a request is denied with. */
const char *session_denial(const struct request *request);

/*
 * Write down that the session was used, where that was an hour ago or more, or at a time that is yet
 * to come.
 */
void session_touch(struct request *request);

#endif
