/*
 * The hashing thread, and the places in its queue, which are counted on the loop alone.
 */
#include "password.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_MOST 32

/* OWASP's first choice for Argon2id with one lane: 19 MiB, two passes. About 40 ms. */
#define PASSES 2
#define MEMORY_BYTES ((size_t)19 << 20)

/* At the same cost as every other, of 32 random bytes that nobody kept. */
const char password_of_nobody[] =
	"$argon2id$v=19$m=19456,t=2,p=1$"
	"SFmmtU8Co/fInvroKxJMag$MBdyEcm3eJOpa2c1VOAfMDGUu5N62HUfZ7HQdD0PMeU";

struct passwords {
	struct work_queue *queue;
	struct work_return *home;
	pthread_t thread;
	unsigned places; /* taken */
};

static void hash_run(struct hash *hash)
{
	struct text password = hash->password;
	bool fits = password.length <= PASSWORD_MOST;

	if (hash->verify) {
		size_t length = fits ? password.length : 0;
		hash->right =
			crypto_pwhash_str_verify(hash->text, password.at, length) == 0 && fits;
		return;
	}
	if (crypto_pwhash_str_alg(hash->text, password.at, password.length, PASSES, MEMORY_BYTES,
		    crypto_pwhash_ALG_ARGON2ID13) != 0) {
		log_error("no memory to hash a password");
		abort();
	}
}

static void *passwords_main(void *argument)
{
	struct passwords *passwords = argument;

	for (;;) {
		struct work_list one = work_queue_take(passwords->queue, 1);
		if (one.length == 0)
			return NULL;
		hash_run((struct hash *)(void *)one.first);
		work_return_post(passwords->home, &one);
	}
}

struct passwords *passwords_start(struct event_base *base)
{
	struct passwords *passwords = memory_zeroed(sizeof(*passwords));

	passwords->queue = work_queue_new();
	passwords->home = work_return_new(base);
	thread_start(&passwords->thread, passwords_main, passwords);
	return passwords;
}

void passwords_stop(struct passwords *passwords)
{
	work_queue_close(passwords->queue);
	pthread_join(passwords->thread, NULL);
	work_return_drain(passwords->home);
	work_return_free(passwords->home);
	work_queue_free(passwords->queue);
	free(passwords);
}

bool passwords_reserve(struct passwords *passwords, struct hash *hash)
{
	if (passwords->places == QUEUE_MOST)
		return false;
	passwords->places++;
	hash->reserved = true;
	return true;
}

void passwords_release(struct passwords *passwords, struct hash *hash)
{
	passwords->places--;
	hash->reserved = false;
}

void passwords_exec(struct passwords *passwords, struct hash *hash)
{
	work_queue_add(passwords->queue, &hash->work);
}

unsigned passwords_places(const struct passwords *passwords)
{
	return passwords->places;
}
