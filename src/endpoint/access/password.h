/*
 * Passwords are hashed with Argon2id (RFC 9106, by libsodium), which takes tens of milliseconds by
 * design: on a thread of its own, with a short queue that is shared by address.
 *
 * The addresses that wait are served in turn, however much each of them waits for. An address may
 * have all of the queue while nobody else comes; where it is full, a newcomer takes the newest place
 * of the address that holds most, until all hold the same.
 */
#ifndef ENDPOINT_PASSWORD_H
#define ENDPOINT_PASSWORD_H

#include "base/text.h"
#include "base/work.h"

#include <sodium.h>
#include <stdbool.h>

#define PASSWORD_LEAST 8
#define PASSWORD_MOST 1024

#define PASSWORD_PLACES 32 /* in the queue; the one that runs is among them */

/*
 * Where a hash is. DISPLACED: another address has taken its place before its turn came, and nothing
 * was computed.
 */
enum hash_state { HASH_IDLE, HASH_RESERVED, HASH_WAITS, HASH_RUNS, HASH_DISPLACED };

/* Embedded in its owner, and zeroed but for what the owner sets; the loop's, but while it runs. */
struct hash {
	struct work work;		 /* the queue's own */
	void (*done)(struct hash *hash); /* called on the loop, once per passwords_exec() */
	struct text password;		 /* borrowed */
	bool verify;			 /* password against text; else make text of password */
	bool right;			 /* out: it is the password */
	bool failed;			 /* out: there was no memory to find out */
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
 * Finish the one that runs and end the thread; done() is called for it and for those that wait, of
 * which nothing is computed. All have lost their places then. Loop thread.
 */
void passwords_stop(struct passwords *passwords);

/*
 * Take a place in the queue for an address (its text, which must stay as long as the hash has the
 * place); false where there is none for it. Loop thread.
 */
bool passwords_reserve(struct passwords *passwords, struct hash *hash, const char *site);

/* Give a place back, if it is reserved and unused. Loop thread. */
void passwords_release(struct hash *hash);

/*
 * Hand it over: it is reserved. Its place is given back before done(). False where it was displaced
 * already, and done() is not called. Loop thread.
 */
bool passwords_exec(struct hash *hash);

/* How many are taken. Loop thread. */
unsigned passwords_places(const struct passwords *passwords);

/* A hash that no password fits: to be verified where there is no account, for the same time. */
extern const char password_of_nobody[];

#endif
