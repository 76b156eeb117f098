/*
 * Passwords that are asked for: at login, and of whoever changes the password or deletes the account.
 * What fails is counted alike, by name and by address (throttle.h).
 */
#ifndef API_GUESS_H
#define API_GUESS_H

#include "throttle.h"

#include "http/endpoint.h"

/* Whether the value $wait says to wait; then that is answered (429). */
bool guess_waits(struct request *request);

/*
 * Behind request_exec() of BEFORE, which gave $wait and the account's hash as $old_hash: verify the
 * member current_password, then next(). Where that has to wait it is answered.
 */
void guess_verify(struct request *request, void (*next)(struct request *request));

/* Behind guess_verify(): whether it is the password. Else OTHER counts, and 422 is answered. */
bool guess_was_right(struct request *request);

/* In BEFORE, behind $wait: one hash, and the account's own. */
#define GUESS_COUNT THROTTLE_COUNT_IF(THROTTLE_HASHES, "$wait IS NULL")
#define GUESS_HASH "SELECT password AS old_hash FROM accounts WHERE id = $me"

/* OTHER: others may have failed meanwhile. */
#define GUESS_FAILED                                                                               \
	THROTTLE_WAIT(THROTTLE_GUESSES), THROTTLE_COUNT(THROTTLE_NAME),                            \
		THROTTLE_COUNT(THROTTLE_FROM), THROTTLE_TRIM

#endif
