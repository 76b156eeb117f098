/*
 * How many connections there are from each address: an IPv4 address is one, and of IPv6 a /64,
 * which is what one host or one home gets. As large as there are connections. One thread.
 */
#ifndef HTTP_PEERS_H
#define HTTP_PEERS_H

#include <stddef.h>

struct sockaddr;

struct peer; /* an address, as long as there is a connection from it */

struct peers {
	struct peer **bucket;
	size_t size; /* a power of two */
	size_t count;
	unsigned char seed[16]; /* nobody outside can tell which addresses share a bucket */
};

void peers_open(struct peers *peers);
void peers_close(struct peers *peers);

/* One connection more from there. Addresses of other families count as one. */
struct peer *peers_enter(struct peers *peers, const struct sockaddr *address);

/* One less; the peer may be gone then. */
void peers_leave(struct peers *peers, struct peer *peer);

/* How many there are from it. */
unsigned peer_count(const struct peer *peer);

#endif
