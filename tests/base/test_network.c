/*
 * base/network.h: addresses, lists of networks, and what is in them.
 */
#include "base/network.h"

#include "check_main.h"

#include <string.h>

static const struct {
	const char *text;
	const char *written; /* NULL: no address */
	const char *site;
} addresses[] = {
	{ "192.0.2.7", "192.0.2.7", "192.0.2.7" },
	{ "0.0.0.0", "0.0.0.0", "0.0.0.0" },
	{ "255.255.255.255", "255.255.255.255", "255.255.255.255" },
	{ "::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7" },
	{ "::FFFF:c000:207", "192.0.2.7", "192.0.2.7" },
	{ "::1", "::1", "::/64" },
	{ "::", "::", "::/64" },
	{ "2001:DB8:0:1:2:3:4:5", "2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64" },
	{ "2001:db8:1111:2222:3333:4444:5555:6666", "2001:db8:1111:2222:3333:4444:5555:6666",
		"2001:db8:1111:2222::/64" },
	{ "", NULL, NULL },
	{ " ", NULL, NULL },
	{ "192.0.2", NULL, NULL },
	{ "192.0.2.256", NULL, NULL },
	{ "192.0.2.07x", NULL, NULL },
	{ "192.0.2.7 ", NULL, NULL },
	{ "192.0.2.7:80", NULL, NULL },
	{ "[::1]", NULL, NULL },
	{ "fe80::1%lo", NULL, NULL },
	{ "::1::", NULL, NULL },
	{ "localhost", NULL, NULL },
	{ "2001:db8:1111:2222:3333:4444:5555:6666:7777:8888:9999", NULL, NULL },
};

START_TEST(address_is_read_and_written)
{
	char text[ADDRESS_SIZE];
	struct address address;
	bool read = address_read(text_of(addresses[_i].text), &address);

	ck_assert_msg(read == (addresses[_i].written != NULL), "'%s'", addresses[_i].text);
	if (!read)
		return;
	address_write(&address, text);
	ck_assert_str_eq(text, addresses[_i].written);
	address_write_network(&address, text);
	ck_assert_str_eq(text, addresses[_i].site);
}
END_TEST

static const struct {
	const char *list;
	int count; /* -1: no such list */
} lists[] = {
	{ "", 0 },
	{ " , ,", 0 },
	{ "127.0.0.1", 1 },
	{ "10.0.0.0/8, ::1", 2 },
	{ "10.0.0.0/8,::1 192.0.2.7", 3 },
	{ ",::1,", 1 },
	{ "10.1.2.3/8", 1 },
	{ "0.0.0.0/0 ::/0 192.0.2.7/32 ::1/128 ::ffff:10.0.0.0/104", 5 },
	{ "localhost", -1 },
	{ "10.0.0.0/33", -1 },
	{ "::/129", -1 },
	{ "10.0.0.0/", -1 },
	{ "10.0.0.0/-1", -1 },
	{ "10.0.0.0/+8", -1 },
	{ "10.0.0.0/8/8", -1 },
	{ "10.0.0.0/255.0.0.0", -1 },
	{ "/8", -1 },
	{ "10/8", -1 },
	{ "10.0.0.0 /8", -1 },
	{ "::1;::2", -1 },
	{ "[::1]", -1 },
	{ "10.0.0.0/8, nobody", -1 },
};

START_TEST(list_is_read)
{
	struct networks networks;
	bool read = networks_read(lists[_i].list, &networks);

	ck_assert_msg(read == (lists[_i].count >= 0), "'%s'", lists[_i].list);
	if (!read)
		return;
	ck_assert_uint_eq(networks.count, (unsigned)lists[_i].count);
	networks_free(&networks);
}
END_TEST

static const struct {
	const char *list;
	const char *in, *out; /* with spaces between */
} holdings[] = {
	{ "", "", "127.0.0.1 ::1 0.0.0.0" },
	{ "10.0.0.0/8", "10.0.0.0 10.255.255.255 ::ffff:10.1.2.3",
		"9.255.255.255 11.0.0.0 a00:: ::a00:1" },
	{ "10.255.0.1/8", "10.0.0.0", "11.0.0.0" },
	{ "192.0.2.7", "192.0.2.7 ::ffff:192.0.2.7", "192.0.2.6 192.0.2.8" },
	{ "192.0.2.8/29", "192.0.2.8 192.0.2.15", "192.0.2.7 192.0.2.16" },
	{ "192.0.2.8/31", "192.0.2.8 192.0.2.9", "192.0.2.10 192.0.2.7" },
	{ "::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.0" },
	{ "0.0.0.0/0", "0.0.0.0 255.255.255.255 ::ffff:1.2.3.4", "::1 :: 2001:db8::1" },
	{ "::/0", "::1 2001:db8::1", "127.0.0.1 ::ffff:1.2.3.4" },
	{ "2001:db8::/33", "2001:db8:: 2001:db8:7fff::1", "2001:db8:8000:: 2001:db9::" },
	{ "fe80::/10, ::1", "fe80::1 febf::1 ::1", "fec0::1 ::2" },
};

static void expect_all(const char *list, const char *words, bool held)
{
	struct networks networks;

	ck_assert(networks_read(list, &networks));
	for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
		size_t length = strcspn(words, " ");
		struct address address;

		ck_assert(address_read((struct text){ words, length }, &address));
		ck_assert_msg(networks_hold(&networks, &address) == held, "%s: %.*s", list,
			(int)length, words);
		words += length;
	}
	networks_free(&networks);
}

START_TEST(network_holds_what_is_in_it)
{
	expect_all(holdings[_i].list, holdings[_i].in, true);
	expect_all(holdings[_i].list, holdings[_i].out, false);
}
END_TEST

static const struct {
	const char *text;
	bool loopback;
} loopbacks[] = {
	{ "127.0.0.1", true },
	{ "127.255.255.255", true },
	{ "::1", true },
	{ "::ffff:127.0.0.1", true },
	{ "126.255.255.255", false },
	{ "128.0.0.1", false },
	{ "10.127.0.1", false },
	{ "::", false },
	{ "::2", false },
	{ "1::1", false },
	{ "::127.0.0.1", false },
};

START_TEST(loopback_is_this_machine)
{
	struct address address;

	ck_assert(address_read(text_of(loopbacks[_i].text), &address));
	ck_assert_msg(
		address_is_loopback(&address) == loopbacks[_i].loopback, "%s", loopbacks[_i].text);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_loop_test(test_case, address_is_read_and_written, 0, CHECK_COUNT(addresses));
	tcase_add_loop_test(test_case, list_is_read, 0, CHECK_COUNT(lists));
	tcase_add_loop_test(test_case, loopback_is_this_machine, 0, CHECK_COUNT(loopbacks));
	tcase_add_loop_test(test_case, network_holds_what_is_in_it, 0, CHECK_COUNT(holdings));
}

int main(void)
{
	return check_main("network", add);
}
