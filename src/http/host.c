/*
 * An IP address cannot be rebound, localhost is this machine, and other names the operator gives.
 */
#include "host.h"

#include <arpa/inet.h>
#include <string.h>

static struct text without_port(struct text host)
{
	const char *colon = memchr(host.at, ':', host.length);

	if (colon != NULL)
		host.length = (size_t)(colon - host.at);
	return host;
}

static bool is_ipv4(struct text name)
{
	char address[INET_ADDRSTRLEN];
	struct in_addr binary;

	if (name.length >= sizeof(address))
		return false;
	memcpy(address, name.at, name.length);
	address[name.length] = '\0';
	return inet_pton(AF_INET, address, &binary) == 1;
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
	if (host.length > 0 && host.at[0] == '[')
		return true;
	struct text name = without_port(host);

	return text_equal_nocase(name, TEXT("localhost")) || is_ipv4(name) ||
	       is_listed(name, names);
}
