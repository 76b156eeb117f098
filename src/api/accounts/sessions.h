/*
 * SQL and row members that accounts.c, sessions.c and tokens.c share.
 */
#ifndef API_SESSIONS_H
#define API_SESSIONS_H

/* A session of $asker with the token of request_new_token(). */
#define SESSION_INSERT SESSION_COLUMNS " VALUES (" SESSION_VALUES ")"
#define SESSION_COLUMNS                                                                            \
	"INSERT INTO sessions (token, id, account_id, user_agent, created, last_used, expires)"
#define SESSION_VALUES                                                                             \
	"$new_token_hash, " NEXT_SESSION ", $asker, $user_agent, $now, $now, $new_expires"

/* The reply also has the token itself, which is not stored. */
#define SHOW_TOKEN .extra = { { "token", SCHEMA_TEXT, "new_token" } }

/* The same for a login, and the reason if the browser gets no cookie. */
#define SHOW_LOGIN                                                                                 \
	.extra = { { "token", SCHEMA_TEXT, "new_token" },                                          \
		{ "cookie_refused", SCHEMA_TEXT, "cookie_refused", .optional = true } }

/* The id of a new row of sessions. */
#define NEXT_SESSION "(SELECT last_session + 1 FROM accounts WHERE id = $asker)"

/* A condition on sessions: those of $asker that have not expired. */
#define LIVE_SESSIONS "account_id = $asker AND (expires IS NULL OR expires > $now)"

#endif
