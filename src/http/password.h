/*
 * Passwords are hashed with Argon2id (RFC 9106, by libsodium), which takes tens of milliseconds by
 * design: on a thread of its own, with a short queue that can be full.
 */
#ifndef HTTP_PASSWORD_H
#define HTTP_PASSWORD_H

#include "base/text.h"
#include "base/work.h"

#include <sodium.h>
#include <stdbool.h>

#define PASSWORD_LEAST 8
#define PASSWORD_MOST 1024

/* Embedded in its owner; the hashing thread's from password_exec() to done(). */
struct hash {
	struct work work;     /* first; work.done: called on the loop */
	struct text password; /* borrowed */
	bool verify;	      /* password against text; else make text of password */
	bool right;	      /* out: it is the password */
	bool failed;	      /* out: there was no memory to find out */
	char text[crypto_pwhash_STRBYTES];
	bool reserved; /* a place in the queue */
};

struct passwords;
struct event_base;

struct passwords *passwords_start(struct event_base *base);

/* Finish what is queued, call done() for it, end the thread. Loop thread. */
void passwords_stop(struct passwords *passwords);

/* Take a place in the queue; false where it is full. Loop thread. */
bool passwords_reserve(struct passwords *passwords, struct hash *hash);

/* Give an unused place back. Loop thread. */
void passwords_release(struct passwords *passwords, struct hash *hash);

/* Hand it over; it has a place, which is given back before done(). Loop thread. */
void passwords_exec(struct passwords *passwords, struct hash *hash);

/* How many are taken. Loop thread. */
unsigned passwords_places(const struct passwords *passwords);

/* A hash that no password fits: to be verified where there is no account, for the same time. */
extern const char password_of_nobody[];

#endif
