/*
 * An IP address cannot be rebound, localhost is this machine, and other names the operator gives.
 */
#include "host.h"

#include "base/network.h"

#include <string.h>

bool host_cut_port(struct text *host, struct text *port)
{
	struct text name = *host;
	bool six = name.length > 0 && name.at[0] == '[';
	const char *end = name.length > 0 ? memchr(name.at, six ? ']' : ':', name.length) : NULL;

	*port = TEXT("");
	if (end == NULL)
		return !six;
	host->length = (size_t)(end - name.at) + six;
	if (host->length == name.length)
		return true;
	*port = (struct text){ name.at + host->length + 1, name.length - host->length - 1 };
	if (port->at[-1] != ':')
		return false;
	for (size_t i = 0; i < port->length; i++)
		if (port->at[i] < '0' || port->at[i] > '9')
			return false;
	return true;
}

/* An IPv6 address has brackets here, and an IPv4 address has none. */
static bool is_address(struct text name)
{
	struct address address;
	bool six = name.length > 2 && name.at[0] == '[';

	if (six)
		name = (struct text){ name.at + 1, name.length - 2 };
	return six == (memchr(name.at, ':', name.length) != NULL) && address_read(name, &address);
}

static bool is_listed(struct text name, const char *names)
{
	static const char separators[] = ", ";

	while (*names != '\0') {
		names += strspn(names, separators);
		size_t length = strcspn(names, separators);
		if (length > 0 && text_equal_nocase(name, (struct text){ names, length }))
			return true;
		names += length;
	}
	return false;
}

bool host_is_ours(struct text host, const char *names)
{
	struct text port;

	if (!host_cut_port(&host, &port))
		return false;
	/* The root of all names may be told (RFC 1034, 3.1). */
	if (host.length > 1 && host.at[host.length - 1] == '.')
		host.length--;
	return text_equal_nocase(host, TEXT("localhost")) || is_address(host) ||
	       is_listed(host, names);
}
