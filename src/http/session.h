/*
 * Sessions: how a request's token becomes an account. Loop thread, but for session_admit().
 */
#ifndef HTTP_SESSION_H
#define HTTP_SESSION_H

#include <stdbool.h>

struct request;
struct statement;
struct store;

/* Gives $me, $session, $owner, $username, $reads (may only read) and $stale from $session_token. */
extern const char session_sql[];

/* Gives a row where an account may be made now. It stands where the session's would. */
extern const char newcomer_sql[];

/* The statement that session_touch() runs. */
const struct statement *session_prepare(struct store *store);

/* What the request says of who asks: a token, and where it comes from. */
void session_read(struct request *request);

/*
 * Either statement gave a row, or none. False where the request may not go on; its denied says
 * why. On the store's thread.
 */
bool session_admit(struct request *request, bool row);

/* The sentence of a denial. */
const char *session_denial(const struct request *request, int status);

/* Write down that the session was used, where that was an hour ago or more. */
void session_touch(struct request *request);

#endif
