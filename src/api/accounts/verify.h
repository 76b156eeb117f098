/*
 * Passwords that are asked for: at login, and of whoever changes the password or deletes the account.
 * What fails is counted alike, by name and by address (throttle.h).
 */
#ifndef API_VERIFY_H
#define API_VERIFY_H

#include "accounts/throttle.h"

#include "endpoint/endpoint.h"

#define LOGIN_THROTTLED "There were too many failed logins. Try again later."

/* Whether the value $wait says until when to wait; then that is answered (429), with a constant sentence. */
bool is_throttled(struct request *request, const char *sentence);

/*
 * Behind request_exec() of BEFORE, which gave $wait and the account's hash as $old_hash: verify the
 * member current_password, then next(). Where that has to wait it is answered.
 */
void current_password_verify(struct request *request, void (*next)(struct request *request));

/* Behind it: whether it is the password. Else OTHER counts the failure, and 422 is answered. */
bool current_password_is_right(struct request *request);

/* In BEFORE, behind $wait: one hash, and the account's own. */
#define VERIFY_COUNT THROTTLE_COUNT_IF(THROTTLE_HASHES, "$wait IS NULL")
#define VERIFY_HASH "SELECT password AS old_hash FROM accounts WHERE id = $asker"

/* OTHER: others may have failed meanwhile. */
#define VERIFY_FAILED                                                                              \
	THROTTLE_WAIT(THROTTLE_FAILED), THROTTLE_COUNT(THROTTLE_NAME),                             \
		THROTTLE_COUNT(THROTTLE_FROM), THROTTLE_TRIM

#endif
