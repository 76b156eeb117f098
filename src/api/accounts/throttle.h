/*
 * Throttling. The table throttle has a count for each key, in a window of ten minutes after the
 * first event. The check of a password at login, and where an account is changed or deleted, counts
 * failures by name and by address.
 */
#ifndef API_THROTTLE_H
#define API_THROTTLE_H

#include "endpoint/endpoint.h"

#define THROTTLE_ROWS "10000" /* at most; the rows that end first are deleted */

/* The keys of the table. */
#define THROTTLE_NAME "'name ' || substr($username, 1, 64)" /* failed logins with this name */
#define THROTTLE_FROM "'from ' || $address"		    /* failed logins from this address */
#define THROTTLE_NEW "'new ' || $address"		    /* registrations from this address */
#define THROTTLE_HASHES "'hash ' || $address"		    /* passwords hashed for this address */
#define THROTTLE_TAKEN "'taken ' || $address"		    /* replies that a name is taken */
#define THROTTLE_ASKED "'asked ' || $asker"		    /* the same, to this account */

/*
 * The limits of a window. Failures count by name and by address, so that one address cannot guess
 * with many names. Hashes: enough for a thousand registrations and as many logins from one address,
 * and a seventh of what the hashing thread can do in that time. Taken names and emails: more than
 * happen by chance.
 */
#define NAME_FAILURES "10"
#define ADDRESS_FAILURES "200"
#define ADDRESS_HASHES "2000"
#define ADDRESS_TAKEN "50"
#define ACCOUNT_TAKEN "20"

/* Conditions: too many failures; and before a login, too many failures or hashes. */
#define THROTTLE_FAILED                                                                            \
	THROTTLE_FULL(THROTTLE_NAME, NAME_FAILURES)                                                \
	" OR " THROTTLE_FULL(THROTTLE_FROM, ADDRESS_FAILURES)
#define THROTTLE_LOGIN THROTTLE_FAILED " OR " THROTTLE_FULL(THROTTLE_HASHES, ADDRESS_HASHES)

/* A condition: the count of the key has reached the limit. */
#define THROTTLE_FULL(key, most) "(key = " key " AND failures >= " most ")"

/* A condition: the window has not ended. A row that would last longer comes from a wrong clock. */
#define THROTTLE_LASTS "(throttle.until > $now AND throttle.until <= $window_end)"

/* When the throttle ends, or NULL. */
#define THROTTLE_WAIT(full)                                                                        \
	"SELECT (SELECT max(until) FROM throttle WHERE " THROTTLE_LASTS " AND (" full ")) AS wait"

/* Count one more. */
#define THROTTLE_COUNT(key) THROTTLE_COUNT_IF(key, "TRUE")

/* The same, if a condition holds. */
#define THROTTLE_COUNT_IF(key, condition)                                                          \
	"INSERT INTO throttle (key, failures, until)"                                              \
	" SELECT " key ", 1, $window_end WHERE " condition " ON CONFLICT (key) DO UPDATE SET"      \
	" failures = CASE WHEN " THROTTLE_LASTS " THEN throttle.failures + 1 ELSE 1 END,"          \
	" until = CASE WHEN " THROTTLE_LASTS " THEN throttle.until ELSE $window_end END"

/* Delete the rows that have ended, and those above THROTTLE_ROWS. */
#define THROTTLE_TRIM                                                                              \
	"DELETE FROM throttle WHERE until > $window_end OR until <= $now OR until <="              \
	" (SELECT until FROM throttle WHERE until <= $window_end"                                  \
	" ORDER BY until DESC LIMIT 1 OFFSET " THROTTLE_ROWS ")"

#define LOGIN_THROTTLED "There were too many failed logins. Try again later."

/*
 * Whether $wait has a time. Then the request gets a 429 with this sentence, which must be constant.
 */
bool is_throttled(struct request *request, const char *sentence);

/*
 * After request_exec() of LOOKUP_SQL, which set $wait, and $old_hash to the account's hash: verify the
 * member current_password, then call next(). A throttled request is refused instead.
 */
void current_password_verify(struct request *request, void (*next)(struct request *request));

/*
 * In next(): whether the password is right. If not, ALTERNATIVE_SQL counts the failure, and the request gets
 * a 422.
 */
bool current_password_is_right(struct request *request);

/* In LOOKUP_SQL, after $wait: count a hash, and read the account's own. */
#define VERIFY_COUNT THROTTLE_COUNT_IF(THROTTLE_HASHES, "$wait IS NULL")
#define VERIFY_HASH "SELECT password AS old_hash FROM accounts WHERE id = $asker"

/* In ALTERNATIVE_SQL: count a failure. Others may have failed meanwhile, so $wait is read again. */
#define VERIFY_FAILED                                                                              \
	THROTTLE_WAIT(THROTTLE_FAILED), THROTTLE_COUNT(THROTTLE_NAME),                             \
		THROTTLE_COUNT(THROTTLE_FROM), THROTTLE_TRIM

#endif
