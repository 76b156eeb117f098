/*
 * How many connections there are from each address. An IPv6 address is its /64, which is what one
 * host or one home gets. The memory is proportional to the connections. One thread.
 */
#ifndef HTTP_PEERS_H
#define HTTP_PEERS_H

#include "base/network.h"

#include <stddef.h>

struct peer; /* an address with at least one connection */

struct peers {
	struct peer **bucket;
	size_t size; /* a power of two */
	size_t count;
	unsigned char
		seed[16]; /* random, so that clients cannot tell which addresses share a bucket */
};

void peers_open(struct peers *peers);
void peers_close(struct peers *peers);

/* Count a connection from there. */
struct peer *peers_enter(struct peers *peers, const struct address *address);

/* Count it no longer; frees the peer with its last connection. */
void peers_leave(struct peers *peers, struct peer *peer);

/* How many connections there are from it. */
unsigned peer_count(const struct peer *peer);

#endif
