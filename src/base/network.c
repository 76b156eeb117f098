/*
 * Addresses are kept as 16 bytes, IPv4 as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2), so that there is
 * one comparison for both.
 */
#include "base/network.h"

#include "base/memory.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define MAPPED_BYTES 12 /* in front of the four */
#define MAPPED_BITS 96
#define NETWORK_BYTES 8

static const unsigned char mapped[MAPPED_BYTES] = { [10] = 0xff, [11] = 0xff };

static bool is_four(const struct address *address)
{
	return memcmp(address->bytes, mapped, MAPPED_BYTES) == 0;
}

bool address_read(struct text text, struct address *address)
{
	char terminated[INET6_ADDRSTRLEN];

	if (text.length == 0 || text.length >= sizeof(terminated))
		return false;
	memcpy(terminated, text.data, text.length);
	terminated[text.length] = '\0';
	memcpy(address->bytes, mapped, MAPPED_BYTES);
	return inet_pton(AF_INET, terminated, address->bytes + MAPPED_BYTES) == 1 ||
	       inet_pton(AF_INET6, terminated, address->bytes) == 1;
}

static void write_four(const unsigned char four[4], char *to)
{
	for (int i = 0; i < 4; i++) {
		to = text_write_number(to, four[i], 10, 1);
		*to++ = i < 3 ? '.' : '\0';
	}
}

void address_write(const struct address *address, char text[ADDRESS_SIZE])
{
	const unsigned char *four = address->bytes + MAPPED_BYTES;

	if (is_four(address))
		write_four(four, text);
	else
		inet_ntop(AF_INET6, address->bytes, text, ADDRESS_SIZE);
}

struct address address_network(const struct address *address)
{
	struct address network = *address;

	if (!is_four(address))
		memset(network.bytes + NETWORK_BYTES, 0, sizeof(network.bytes) - NETWORK_BYTES);
	return network;
}

void address_write_network(const struct address *address, char text[ADDRESS_SIZE])
{
	struct address network = address_network(address);

	address_write(&network, text);
	if (!is_four(address))
		memcpy(text + strlen(text), "/64", sizeof("/64"));
}

bool address_is_loopback(const struct address *address)
{
	static const struct address loopback = { .bytes = { [15] = 1 } };

	if (is_four(address))
		return address->bytes[MAPPED_BYTES] == 127;
	return memcmp(address->bytes, loopback.bytes, sizeof(loopback.bytes)) == 0;
}

/* "ADDRESS" or "ADDRESS/BITS". */
static bool network_read(struct text text, struct network *network)
{
	const char *slash = memchr(text.data, '/', text.length);
	struct text address = text;
	int64_t bits;

	if (slash != NULL)
		address.length = (size_t)(slash - text.data);
	if (!address_read(address, &network->address))
		return false;
	bool four = memchr(address.data, ':', address.length) == NULL;
	int64_t most = four ? 32 : 128;
	struct text behind = { address.data + address.length + 1,
		text.length - address.length - 1 };
	if (slash == NULL)
		bits = most;
	else if (!text_to_integer(behind, &bits) || bits > most)
		return false;
	network->bits = (unsigned)bits + (four ? MAPPED_BITS : 0);
	return true;
}

bool networks_read(const char *list, struct networks *networks)
{
	static const char separators[] = ", ";

	*networks = (struct networks){ 0 };
	while (*(list += strspn(list, separators)) != '\0') {
		size_t length = strcspn(list, separators);
		networks->list = memory_resize(
			networks->list, sizeof(*networks->list) * (networks->count + 1));
		if (!network_read(
			    (struct text){ list, length }, &networks->list[networks->count++])) {
			networks_free(networks);
			return false;
		}
		list += length;
	}
	return true;
}

void networks_free(struct networks *networks)
{
	free(networks->list);
	*networks = (struct networks){ 0 };
}

static bool network_holds(const struct network *network, const struct address *address)
{
	unsigned whole = network->bits / 8;
	unsigned rest = network->bits % 8;

	if (is_four(address) && network->bits < MAPPED_BITS)
		return false;
	if (memcmp(network->address.bytes, address->bytes, whole) != 0)
		return false;
	return rest == 0 ||
	       (network->address.bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0;
}

bool networks_hold(const struct networks *networks, const struct address *address)
{
	for (unsigned i = 0; i < networks->count; i++)
		if (network_holds(&networks->list[i], address))
			return true;
	return false;
}
