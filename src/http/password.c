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
#define RESULT_BYTES 32 /* as crypto_pwhash_str_alg() has it */

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

struct parts {
	unsigned char salt[crypto_pwhash_SALTBYTES], result[RESULT_BYTES];
	unsigned long long passes, kibibytes;
};

static bool read_base64(unsigned char *to, size_t size, const char *text, const char **end)
{
	size_t length;

	return sodium_base642bin(to, size, text, strlen(text), NULL, &length, end,
		       sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
	       length == size;
}

/* A hash as text, which this program has made. */
static bool read_parts(const char *text, struct parts *parts)
{
	int length = 0;

	sscanf(text, "$argon2id$v=19$m=%9llu,t=%9llu,p=1$%n", &parts->kibibytes, &parts->passes,
		&length);
	return length > 0 && read_base64(parts->salt, sizeof(parts->salt), text + length, &text) &&
	       *text == '$' && read_base64(parts->result, sizeof(parts->result), text + 1, &text) &&
	       *text == '\0';
}

/*
 * Not crypto_pwhash_str_verify(), to which a password is wrong, too, where there is no memory to
 * find out: that would be told to who knows it, and counted.
 */
static void verify(struct hash *hash, size_t length)
{
	unsigned char result[RESULT_BYTES];
	struct parts parts;

	if (!read_parts(hash->text, &parts)) {
		hash->right = crypto_pwhash_str_verify(hash->text, hash->password.at, length) == 0;
		return;
	}
	hash->failed = crypto_pwhash(result, sizeof(result), hash->password.at, length, parts.salt,
			       parts.passes, (size_t)parts.kibibytes << 10,
			       crypto_pwhash_ALG_ARGON2ID13) != 0;
	hash->right = !hash->failed && sodium_memcmp(result, parts.result, sizeof(result)) == 0;
}

static void hash_run(struct hash *hash)
{
	struct text password = hash->password;
	bool fits = password.length <= PASSWORD_MOST;

	hash->failed = false;
	if (hash->verify) {
		verify(hash, fits ? password.length : 0);
		hash->right &= fits;
	} else {
		hash->failed = crypto_pwhash_str_alg(hash->text, password.at, password.length,
				       PASSES, MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0;
	}
	if (hash->failed)
		log_error("no memory to hash a password");
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
