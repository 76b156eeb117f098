/*
 * The hashing thread and its queue. The queue is the loop's: it gives the thread one hash at a
 * time, so that the next one is chosen as late as possible.
 *
 * The order is start-time fair queueing: each hash of an address is served a round later than the
 * one before it, and the first of a new address in the present round.
 */
#include "password/password.h"

#include "base/container_of.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* OWASP's first choice for Argon2id with one lane: 19 MiB, two passes. About 40 ms. */
#define PASSES 2
#define MEMORY_BYTES ((size_t)19 << 20)
#define RESULT_BYTES 32 /* as crypto_pwhash_str_alg() has it */

/* Of 32 random bytes that were thrown away, at the cost of every other hash. */
const char password_of_nobody[] =
	"$argon2id$v=19$m=19456,t=2,p=1$"
	"SFmmtU8Co/fInvroKxJMag$MBdyEcm3eJOpa2c1VOAfMDGUu5N62HUfZ7HQdD0PMeU";

struct passwords {
	struct work_queue *queue;
	struct completion_queue *home;
	pthread_t thread;
	struct hash *place[PASSWORD_PLACES]; /* that are taken, the oldest first */
	unsigned places;
	uint64_t round; /* that is served now */
	bool busy;	/* the thread has one */
	bool stopping;
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

/* The text of a hash that this program has made. */
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
 * Not crypto_pwhash_str_verify(): it says that a password is wrong where it finds no memory. A
 * right password would be refused then, and counted as a failed login.
 */
static void verify(struct hash *hash, size_t length)
{
	unsigned char result[RESULT_BYTES];
	struct parts parts;

	if (!read_parts(hash->text, &parts)) {
		hash->right =
			crypto_pwhash_str_verify(hash->text, hash->password.data, length) == 0;
		return;
	}
	hash->failed = crypto_pwhash(result, sizeof(result), hash->password.data, length,
			       parts.salt, parts.passes, (size_t)parts.kibibytes << 10,
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
		hash->failed = crypto_pwhash_str_alg(hash->text, password.data, password.length,
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
		hash_run(container_of(one.first, struct hash, work));
		completion_queue_post(passwords->home, &one);
	}
}

/* Take the hash out of the queue. */
static void leave(struct hash *hash, enum hash_state state)
{
	struct passwords *passwords = hash->passwords;
	unsigned index = 0;

	while (passwords->place[index] != hash)
		index++;
	passwords->places--;
	memmove(&passwords->place[index], &passwords->place[index + 1],
		sizeof(passwords->place[0]) * (passwords->places - index));
	hash->state = state;
}

static bool is_of(const struct hash *hash, const char *site)
{
	return strcmp(hash->site, site) == 0;
}

static unsigned places_of(const struct passwords *passwords, const char *site)
{
	unsigned count = 0;

	for (unsigned i = 0; i < passwords->places; i++)
		count += is_of(passwords->place[i], site);
	return count;
}

/* Of the waiting hashes that of the earliest round, and of these the oldest; NULL without any. */
static struct hash *find_next(const struct passwords *passwords)
{
	struct hash *next = NULL;

	for (unsigned i = 0; i < passwords->places; i++) {
		struct hash *hash = passwords->place[i];
		if (hash->state == HASH_WAITS && (next == NULL || hash->turn < next->turn))
			next = hash;
	}
	return next;
}

static void run_next(struct passwords *passwords)
{
	struct hash *next = find_next(passwords);

	if (passwords->busy || passwords->stopping || next == NULL)
		return;
	passwords->busy = true;
	passwords->round = next->turn;
	next->state = HASH_RUNS;
	work_queue_add(passwords->queue, &next->work);
}

/* It was computed or displaced. */
static void hash_returned(struct work *work)
{
	struct hash *hash = container_of(work, struct hash, work);

	if (hash->state == HASH_RUNS) {
		hash->passwords->busy = false;
		leave(hash, HASH_IDLE);
		run_next(hash->passwords);
	}
	hash->done(hash);
}

/* A round after the last hash of the same address. */
static uint64_t find_turn(const struct passwords *passwords, const char *site)
{
	uint64_t turn = passwords->round;

	for (unsigned i = 0; i < passwords->places; i++) {
		const struct hash *hash = passwords->place[i];
		bool queued = hash->state == HASH_WAITS || hash->state == HASH_RUNS;
		if (queued && is_of(hash, site) && hash->turn >= turn)
			turn = hash->turn + 1;
	}
	return turn;
}

/*
 * The newest hash of the address that has most, where that has at least two more than the
 * newcomer's address: so the newcomer does not have more than it afterwards. NULL where there is
 * none.
 */
static struct hash *find_displaced(const struct passwords *passwords, const char *newcomer)
{
	unsigned most = places_of(passwords, newcomer) + 1;
	struct hash *displaced = NULL;

	for (unsigned i = passwords->places; i-- > 0;) {
		struct hash *hash = passwords->place[i];
		unsigned count = places_of(passwords, hash->site);
		if (count > most && hash->state != HASH_RUNS) {
			most = count;
			displaced = hash;
		}
	}
	return displaced;
}

/*
 * The owner of a waiting hash is called from the loop; that of a reserved one by passwords_exec().
 */
static void displace(struct hash *hash)
{
	bool waits = hash->state == HASH_WAITS;
	struct work_list one = { 0 };

	leave(hash, HASH_DISPLACED);
	if (!waits)
		return;
	work_list_add(&one, &hash->work);
	completion_queue_post(hash->passwords->home, &one);
}

struct passwords *passwords_start(struct event_base *base)
{
	struct passwords *passwords = memory_zeroed(sizeof(*passwords));

	passwords->queue = work_queue_new();
	passwords->home = completion_queue_new(base);
	thread_start(&passwords->thread, passwords_main, passwords);
	return passwords;
}

void passwords_stop(struct passwords *passwords)
{
	passwords->stopping = true;
	work_queue_close(passwords->queue);
	pthread_join(passwords->thread, NULL);
	completion_queue_drain(passwords->home);
	while (passwords->places > 0) {
		struct hash *hash = passwords->place[0];
		bool waits = hash->state == HASH_WAITS;
		leave(hash, HASH_DISPLACED);
		if (waits)
			hash->done(hash);
	}
	completion_queue_free(passwords->home);
	work_queue_free(passwords->queue);
	free(passwords);
}

bool passwords_reserve(struct passwords *passwords, struct hash *hash, const char *site)
{
	if (passwords->places == PASSWORD_PLACES) {
		struct hash *displaced = find_displaced(passwords, site);
		if (displaced == NULL)
			return false;
		displace(displaced);
	}
	passwords->place[passwords->places++] = hash;
	hash->passwords = passwords;
	hash->site = site;
	hash->state = HASH_RESERVED;
	return true;
}

void passwords_release(struct hash *hash)
{
	if (hash->state == HASH_RESERVED)
		leave(hash, HASH_IDLE);
}

bool passwords_exec(struct hash *hash)
{
	struct passwords *passwords = hash->passwords;

	if (hash->state == HASH_DISPLACED)
		return false;
	hash->work.done = hash_returned;
	hash->turn = find_turn(passwords, hash->site);
	hash->state = HASH_WAITS;
	run_next(passwords);
	return true;
}

unsigned passwords_places(const struct passwords *passwords)
{
	return passwords->places;
}
