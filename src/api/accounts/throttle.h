/*
 * Throttling: SQL about the table throttle, which counts what comes under a key in the ten minutes
 * after its first time; and the check of a password, at login and where an account is changed or
 * deleted. A password that is wrong counts by name and by address.
 */
#ifndef API_THROTTLE_H
#define API_THROTTLE_H

#include "endpoint/endpoint.h"

#define THROTTLE_ROWS "10000" /* at most; those that would end first go */

/* The keys. */
#define THROTTLE_NAME "'name ' || substr($username, 1, 64)" /* a login under this name failed */
#define THROTTLE_FROM "'from ' || $address"		    /* one from this address did */
#define THROTTLE_NEW "'new ' || $address"		    /* an account was made from there */
#define THROTTLE_HASHES "'hash ' || $address"		    /* a password was hashed for it */
#define THROTTLE_TAKEN "'taken ' || $address"		    /* it was told that a name is taken */
#define THROTTLE_ASKED "'asked ' || $asker"		    /* this account was told so */

/*
 * How many in a window. A name's and an address's failures: whoever guesses, whatever the names.
 * Hashes: a thousand newcomers and as many logins behind one address, and yet no more than a seventh
 * of what the hashing thread can do in that time. Taken names and addresses: nobody meets so many by
 * chance.
 */
#define NAME_FAILURES "10"
#define ADDRESS_FAILURES "200"
#define ADDRESS_HASHES "2000"
#define ADDRESS_TAKEN "50"
#define ACCOUNT_TAKEN "20"

/*
 * Whether there were too many failures: of a login, or of whoever names a present password. Before
 * one begins, its hash is asked for too.
 */
#define THROTTLE_FAILED                                                                            \
	THROTTLE_FULL(THROTTLE_NAME, NAME_FAILURES)                                                \
	" OR " THROTTLE_FULL(THROTTLE_FROM, ADDRESS_FAILURES)
#define THROTTLE_LOGIN THROTTLE_FAILED " OR " THROTTLE_FULL(THROTTLE_HASHES, ADDRESS_HASHES)

/* A condition: the key's count is full. */
#define THROTTLE_FULL(key, most) "(key = " key " AND failures >= " most ")"

/* A condition: it has not ended. What would last longer than it may is of a clock that was ahead. */
#define THROTTLE_LASTS "(throttle.until > $now AND throttle.until <= $window_end)"

/* Until when what is full is so, or NULL. */
#define THROTTLE_WAIT(full)                                                                        \
	"SELECT (SELECT max(until) FROM throttle WHERE " THROTTLE_LASTS " AND (" full ")) AS wait"

/* One more. */
#define THROTTLE_COUNT(key) THROTTLE_COUNT_IF(key, "TRUE")

/* The same, where a condition holds. */
#define THROTTLE_COUNT_IF(key, condition)                                                          \
	"INSERT INTO throttle (key, failures, until)"                                              \
	" SELECT " key ", 1, $window_end WHERE " condition " ON CONFLICT (key) DO UPDATE SET"      \
	" failures = CASE WHEN " THROTTLE_LASTS " THEN throttle.failures + 1 ELSE 1 END,"          \
	" until = CASE WHEN " THROTTLE_LASTS " THEN throttle.until ELSE $window_end END"

/* What has ended goes, and what is too much. */
#define THROTTLE_TRIM                                                                              \
	"DELETE FROM throttle WHERE until > $window_end OR until <= $now OR until <="              \
	" (SELECT until FROM throttle WHERE until <= $window_end"                                  \
	" ORDER BY until DESC LIMIT 1 OFFSET " THROTTLE_ROWS ")"

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
