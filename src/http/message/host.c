/*
 * An IP address cannot be rebound, localhost is this machine, and the operator names all others.
 */
#include "http/host.h"

#include "base/network.h"

#include <string.h>

#define NAME_MAX 253 /* bytes (RFC 1035, 2.3.4) */
#define LABEL_MAX 63

static const char separators[] = ", \t";

bool host_cut_port(struct text *host, struct text *port)
{
	struct text name = *host;
	bool six = name.length > 0 && name.data[0] == '[';
	const char *end = name.length > 0 ? memchr(name.data, six ? ']' : ':', name.length) : NULL;

	int64_t number;

	*port = TEXT("");
	if (end == NULL)
		return !six;
	host->length = (size_t)(end - name.data) + six;
	if (host->length == name.length)
		return true;
	*port = (struct text){ name.data + host->length + 1, name.length - host->length - 1 };
	return port->data[-1] == ':' &&
	       (port->length == 0 || (text_to_integer(*port, &number) && number <= UINT16_MAX));
}

/* An IPv6 address has brackets here, and an IPv4 address has none. */
static bool is_address(struct text name)
{
	struct address address;
	bool six = name.length > 2 && name.data[0] == '[' && name.data[name.length - 1] == ']';

	if (six)
		name = (struct text){ name.data + 1, name.length - 2 };
	return six == (memchr(name.data, ':', name.length) != NULL) && address_read(name, &address);
}

/* A name may end with the dot of the root (RFC 1034, 3.1). */
static struct text without_root(struct text name)
{
	name.length -= name.length > 1 && name.data[name.length - 1] == '.';
	return name;
}

static bool is_listed(struct text name, const char *names)
{
	while (*names != '\0') {
		names += strspn(names, separators);
		struct text listed = { names, strcspn(names, separators) };
		if (listed.length > 0 && text_equal_nocase(name, without_root(listed)))
			return true;
		names += listed.length;
	}
	return false;
}

bool host_is_allowed(struct text host, const char *names)
{
	struct text port;

	if (!host_cut_port(&host, &port))
		return false;
	host = without_root(host);
	return text_equal_nocase(host, TEXT("localhost")) || is_address(host) ||
	       is_listed(host, names);
}

/* RFC 1123, 2.1; and '_', which the names of containers often have. */
static bool is_label(struct text label)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789-_";

	if (label.length == 0 || label.length > LABEL_MAX)
		return false;
	for (size_t i = 0; i < label.length; i++)
		if (strchr(letters, label.data[i]) == NULL)
			return false;
	return label.data[0] != '-' && label.data[label.length - 1] != '-';
}

/* https://url.spec.whatwg.org/#ends-in-a-number-checker */
static bool is_number(struct text label)
{
	bool hex = label.length >= 2 && label.data[0] == '0' && (label.data[1] | 0x20) == 'x';
	const char *digits = hex ? "0123456789abcdefABCDEF" : "0123456789";

	for (size_t i = hex ? 2 : 0; i < label.length; i++)
		if (strchr(digits, label.data[i]) == NULL)
			return false;
	return true;
}

/* A name must not end in a number: that would be an address. */
static bool is_name(struct text name)
{
	struct text label = without_root(name);
	const char *dot;

	if (label.length > NAME_MAX)
		return false;
	while ((dot = memchr(label.data, '.', label.length)) != NULL) {
		struct text first = { label.data, (size_t)(dot - label.data) };
		if (!is_label(first))
			return false;
		label = (struct text){ dot + 1, label.length - first.length - 1 };
	}
	return is_label(label) && !is_number(label);
}

bool host_names_are_valid(const char *names)
{
	struct address address;

	for (;;) {
		size_t length = strcspn(names, ",");
		struct text name = text_trim_ows((struct text){ names, length });
		if (!is_name(name) && !is_address(name) && !address_read(name, &address))
			return false;
		if (names[length] == '\0')
			return true;
		names += length + 1;
	}
}
