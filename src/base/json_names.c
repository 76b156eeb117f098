/*
 * A set of hashes. Who does not know the key cannot choose names that fall on each other, so that
 * each costs the same; and that two different ones have the same hash of 64 bits is not to be
 * expected (for a hundred thousand of them, once in four thousand million texts). Any thread.
 */
#include "json_names.h"

#include "base/memory.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_FIRST 64

static unsigned char names_key[crypto_shorthash_KEYBYTES];

static void names_make_key(void)
{
	randombytes_buf(names_key, sizeof(names_key));
}

static uint64_t names_hash(const void *bytes, size_t length)
{
	unsigned char hash[crypto_shorthash_BYTES];
	uint64_t number;

	crypto_shorthash(hash, bytes, length, names_key);
	memcpy(&number, hash, sizeof(number));
	return number;
}

/* Where the hash is, or would be. */
static uint64_t *names_place(const struct json_names *names, uint64_t hash)
{
	size_t at = (size_t)hash & (names->size - 1);

	while (names->slot[at] != 0 && names->slot[at] != hash)
		at = (at + 1) & (names->size - 1);
	return &names->slot[at];
}

static void names_resize(struct json_names *names, size_t size)
{
	struct json_names old = *names;

	names->slot = memory_zeroed(size * sizeof(*names->slot));
	names->size = size;
	for (size_t i = 0; i < old.size; i++)
		if (old.slot[i] != 0)
			*names_place(names, old.slot[i]) = old.slot[i];
	free(old.slot);
}

bool json_names_add(struct json_names *names, uint32_t object, struct text name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	uint64_t member[2];

	pthread_once(&once, names_make_key);
	member[0] = names_hash(name.at, name.length);
	member[1] = object;
	uint64_t hash = names_hash(member, sizeof(member)) | 1; /* 0 is no hash */

	if (names->count >= names->size / 4 * 3)
		names_resize(names, names->size == 0 ? SIZE_FIRST : names->size * 2);
	uint64_t *place = names_place(names, hash);
	if (*place == hash)
		return false;
	*place = hash;
	names->count++;
	return true;
}

void json_names_free(struct json_names *names)
{
	free(names->slot);
}
