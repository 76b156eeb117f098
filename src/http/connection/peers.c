/*
 * A hash table with chains, which doubles when there are as many addresses as buckets.
 */
#include "http/peers.h"

#include "base/memory.h"

#include <netinet/in.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS_FIRST 64

/* The family, and 32 bits of an IPv4 or 64 of an IPv6 address; the rest is zero. */
#define KEY_SIZE 9

struct peer {
	struct peer *next;
	unsigned count;
	unsigned char key[KEY_SIZE];
};

static void make_key(const struct sockaddr *address, unsigned char key[KEY_SIZE])
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;

	memset(key, 0, KEY_SIZE);
	if (address->sa_family == AF_INET) {
		key[0] = 4;
		memcpy(key + 1, &four->sin_addr, 4);
	} else if (address->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
		key[0] = 4;
		memcpy(key + 1, six->sin6_addr.s6_addr + 12, 4);
	} else if (address->sa_family == AF_INET6) {
		key[0] = 6;
		memcpy(key + 1, &six->sin6_addr, 8);
	}
}

static struct peer **bucket_of(const struct peers *peers, const unsigned char key[KEY_SIZE])
{
	unsigned char hash[crypto_shorthash_BYTES];
	size_t index;

	crypto_shorthash(hash, key, KEY_SIZE, peers->seed);
	memcpy(&index, hash, sizeof(index));
	return &peers->bucket[index & (peers->size - 1)];
}

static void resize(struct peers *peers, size_t size)
{
	struct peer **old = peers->bucket;
	size_t old_size = peers->size;

	peers->bucket = memory_zeroed(sizeof(struct peer *) * size);
	peers->size = size;
	for (size_t i = 0; i < old_size; i++)
		for (struct peer *peer = old[i], *next; peer != NULL; peer = next) {
			struct peer **bucket = bucket_of(peers, peer->key);
			next = peer->next;
			peer->next = *bucket;
			*bucket = peer;
		}
	free(old);
}

void peers_open(struct peers *peers)
{
	*peers = (struct peers){ 0 };
	randombytes_buf(peers->seed, sizeof(peers->seed));
	resize(peers, BUCKETS_FIRST);
}

void peers_close(struct peers *peers)
{
	for (size_t i = 0; i < peers->size; i++)
		for (struct peer *peer = peers->bucket[i], *next; peer != NULL; peer = next) {
			next = peer->next;
			free(peer);
		}
	free(peers->bucket);
	*peers = (struct peers){ 0 };
}

struct peer *peers_enter(struct peers *peers, const struct sockaddr *address)
{
	unsigned char key[KEY_SIZE];
	struct peer *peer;

	make_key(address, key);
	for (peer = *bucket_of(peers, key); peer != NULL; peer = peer->next)
		if (memcmp(peer->key, key, KEY_SIZE) == 0)
			break;
	if (peer == NULL) {
		if (peers->count++ == peers->size)
			resize(peers, peers->size * 2);
		struct peer **bucket = bucket_of(peers, key);
		peer = memory_zeroed(sizeof(*peer));
		memcpy(peer->key, key, KEY_SIZE);
		peer->next = *bucket;
		*bucket = peer;
	}
	peer->count++;
	return peer;
}

void peers_leave(struct peers *peers, struct peer *peer)
{
	struct peer **at = bucket_of(peers, peer->key);

	if (--peer->count > 0)
		return;
	while (*at != peer)
		at = &(*at)->next;
	*at = peer->next;
	peers->count--;
	free(peer);
}

unsigned peer_count(const struct peer *peer)
{
	return peer->count;
}
