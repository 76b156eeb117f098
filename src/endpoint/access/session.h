/*
 * Sessions: the token of a request, and the lookup of its account. Loop thread.
 */
#ifndef ENDPOINT_SESSION_H
#define ENDPOINT_SESSION_H

#include <stdbool.h>

struct session_lookup;
struct request;

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
