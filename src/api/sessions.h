/*
 * What accounts and sessions share.
 */
#ifndef API_SESSIONS_H
#define API_SESSIONS_H

/* A session of $me with the token of request_new_token(). */
#define SESSION_INSERT                                                                             \
	"INSERT INTO sessions (account_id, token, created, last_used, expires)"                    \
	" VALUES ($me, $new_token_hash, $now, $now, $new_expires)"

#endif
