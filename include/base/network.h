/*
 * IP addresses, and networks of them. An IPv4 address counts as the same one where it comes mapped
 * into IPv6 (::ffff:192.0.2.1). Any thread.
 */
#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include "base/text.h"

#define ADDRESS_SIZE 48 /* bytes of an address's text, terminated */

struct address {
	unsigned char bytes[16]; /* IPv4 is mapped */
};

/* Whether text is an address, in *address then; it has no port, no brackets and no zone. */
bool address_read(struct text text, struct address *address);

/* Its usual text, terminated. */
void address_write(const struct address *address, char text[ADDRESS_SIZE]);

/*
 * What one subscriber has: an IPv4 address alone, but of IPv6 a network of 64 bits, in which
 * everyone chooses addresses freely. The other 64 bits are zero.
 */
struct address address_network(const struct address *address);

/* The text of that network ("2001:db8::/64"), terminated. */
void address_write_network(const struct address *address, char text[ADDRESS_SIZE]);

/* Whether it is one of this machine's own: 127.0.0.0/8 or ::1. */
bool address_is_loopback(const struct address *address);

struct network {
	struct address address;
	unsigned bits; /* of 128 */
};

struct networks {
	struct network *list;
	unsigned count;
};

/*
 * Read a list such as "10.0.0.0/8, ::1", with commas or spaces between; an address alone is a
 * network of one. Bits after the prefix do not matter. False if it is no such list; then there is
 * nothing to free.
 */
bool networks_read(const char *list, struct networks *networks);
void networks_free(struct networks *networks);

/* Whether the address is in one of them. ::/0 is all of IPv6 and nothing of IPv4. */
bool networks_hold(const struct networks *networks, const struct address *address);

#endif
