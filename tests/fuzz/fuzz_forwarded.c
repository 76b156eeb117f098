/*
 * http/forwarded_value.h: an address is read again as the same one, bare and with a port; a prefix
 * is one that can stand before any path and in any header.
 */
#include "http/forwarded_value.h"

#include "support/fuzz.h"

#include <stdio.h>

static void check_node(struct text text)
{
	char shown[ADDRESS_SIZE], node[ADDRESS_SIZE + 16];
	struct address address, again;

	if (!forwarded_read_node(text, &address))
		return;
	address_write(&address, shown);
	bool six = strchr(shown, ':') != NULL;
	CHECK_THAT(forwarded_read_node(text_of(shown), &again) &&
			   memcmp(&again, &address, sizeof(address)) == 0,
		"%s is read as another", shown);
	snprintf(node, sizeof(node), six ? " \"[%s]:65535\"\t" : "\" %s:65535\"", shown);
	CHECK_THAT(forwarded_read_node(text_of(node), &again) &&
			   memcmp(&again, &address, sizeof(address)) == 0,
		"%s is read as another", node);
}

static void check_prefix(struct text text)
{
	struct text prefix = forwarded_read_prefix(text);
	struct text again = forwarded_read_prefix(prefix);

	CHECK_THAT(text_equal(prefix, again), "read again it is another");
	CHECK_THAT(prefix.length <= text.length, "it is longer than what was sent");
	if (prefix.length == 0)
		return;
	CHECK_THAT(prefix.data[0] == '/' && prefix.data[prefix.length - 1] != '/', "its ends");
	CHECK_THAT(prefix.length > 1 && prefix.data[1] != '/', "it names a host");
	for (size_t i = 0; i < prefix.length; i++)
		CHECK_THAT(prefix.data[i] > ' ' && prefix.data[i] <= '~' &&
				   strchr("\"<>\\^`{|}?#", prefix.data[i]) == NULL,
			"a character that no path has");
	CHECK_THAT(memmem(prefix.data, prefix.length, "/../", 4) == NULL, "it leads up");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size);
	unsigned choice = fuzz_byte(&text);

	if (choice % 2 == 0)
		check_node(text);
	else
		check_prefix(text);
	return 0;
}
