/*
 * SQL about the table throttle: what came too often under a key, in the ten minutes from its first
 * time on.
 */
#ifndef API_THROTTLE_H
#define API_THROTTLE_H

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

#endif
