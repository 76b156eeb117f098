/*
 * Passwords are hashed with Argon2id (RFC 9106, by libsodium), which takes tens of milliseconds by
 * design: on a thread of its own, with a short queue that is shared fairly by address.
 *
 * The addresses in the queue are served in turn, however many hashes each has in it. An address may
 * take all of the queue while it is alone. Where the queue is full, a new address displaces the
 * newest hash of the address that has most, until all have the same number.
 */
#ifndef ENDPOINT_PASSWORD_H
#define ENDPOINT_PASSWORD_H

#include "base/text.h"
#include "base/work.h"

#include <sodium.h>
#include <stdbool.h>

#define PASSWORD_LEAST 8
#define PASSWORD_MOST 1024

#define PASSWORD_PLACES 32 /* in the queue, with the hash that is being computed */

/* DISPLACED: another address has taken its place in the queue, and nothing was computed. */
enum hash_state { HASH_IDLE, HASH_RESERVED, HASH_WAITS, HASH_RUNS, HASH_DISPLACED };

/* Embedded in its owner, which zeroes it. The loop's, but for while it is computed. */
struct hash {
	struct work work;		 /* the queue's own */
	void (*done)(struct hash *hash); /* called on the loop, once per passwords_exec() */
	struct text password;		 /* borrowed */
	bool verify;			 /* password against text; else make text of password */
	bool right;			 /* out: it is the password */
	bool failed;			 /* out: there was no memory for it */
	char text[crypto_pwhash_STRBYTES];
	enum hash_state state;
	const char *site;	     /* the queue's: whose place it is, see passwords_reserve() */
	uint64_t turn;		     /* the queue's: the round of addresses that it is served in */
	struct passwords *passwords; /* the queue's */
};

struct passwords;
struct event_base;

struct passwords *passwords_start(struct event_base *base);

/*
 * Finish the hash that is being computed and end the thread. done() is called for it and for those
 * in the queue, which are not computed. No hash has a place afterwards. Loop thread.
 */
void passwords_stop(struct passwords *passwords);

/*
 * Take a place in the queue for an address (its text, borrowed while the hash has the place); false
 * where there is none for it. Loop thread.
 */
bool passwords_reserve(struct passwords *passwords, struct hash *hash, const char *site);

/* Give a place back, if it is reserved and was not used. Loop thread. */
void passwords_release(struct hash *hash);

/*
 * Compute a hash that has a reserved place, which is given back before done(). False where it was
 * displaced: done() is not called. Loop thread.
 */
bool passwords_exec(struct hash *hash);

/* The number of places that are taken. Loop thread. */
unsigned passwords_places(const struct passwords *passwords);

/* A hash that no password has: verified where there is no account, so that it takes as long. */
extern const char password_of_nobody[];

#endif
