/*
 * A hash table with chains, which doubles when there are as many addresses as buckets.
 */
#include "http/peers.h"

#include "base/memory.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS_FIRST 64

struct peer {
	struct peer *next;
	unsigned count;
	struct address network;
};

static struct peer **bucket_of(const struct peers *peers, const struct address *network)
{
	unsigned char hash[crypto_shorthash_BYTES];
	size_t index;

	crypto_shorthash(hash, network->bytes, sizeof(network->bytes), peers->seed);
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
			struct peer **bucket = bucket_of(peers, &peer->network);
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

struct peer *peers_enter(struct peers *peers, const struct address *address)
{
	struct address network = address_network(address);
	struct peer *peer;

	for (peer = *bucket_of(peers, &network); peer != NULL; peer = peer->next)
		if (memcmp(&peer->network, &network, sizeof(network)) == 0)
			break;
	if (peer == NULL) {
		if (peers->count++ == peers->size)
			resize(peers, peers->size * 2);
		struct peer **bucket = bucket_of(peers, &network);
		peer = memory_zeroed(sizeof(*peer));
		peer->network = network;
		peer->next = *bucket;
		*bucket = peer;
	}
	peer->count++;
	return peer;
}

void peers_leave(struct peers *peers, struct peer *peer)
{
	struct peer **at = bucket_of(peers, &peer->network);

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
