/*
 * http/peers.h beside a plain list of the same addresses: whatever comes and goes, the counts
 * agree.
 */
#include "check_main.h"
#include "http/peers.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#define HOSTS 500
#define ROUNDS 100000

static struct peers peers;

static struct peer *enter(const char *text)
{
	struct address address;

	ck_assert(address_read(text_of(text), &address));
	return peers_enter(&peers, &address);
}

static void setup(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	peers_open(&peers);
}

static void teardown(void)
{
	peers_close(&peers);
}

static const struct {
	const char *one, *other;
	bool same;
} pairs[] = {
	{ "127.0.0.1", "127.0.0.1", true },
	{ "127.0.0.1", "127.0.0.2", false },
	{ "0.0.0.0", "::", false },
	{ "10.0.0.1", "::ffff:10.0.0.1", true },
	{ "::ffff:10.0.0.1", "::ffff:10.0.0.2", false },
	{ "2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true },
	{ "2001:db8::1", "2001:db8:0:1::1", false },
	{ "2001:db8::1", "2001:db9::1", false },
	{ "127.0.0.1", "7f00:1::", false },
};

START_TEST(whose_address_it_is)
{
	struct peer *one = enter(pairs[_i].one);
	struct peer *other = enter(pairs[_i].other);

	ck_assert_msg(
		(one == other) == pairs[_i].same, "%s and %s", pairs[_i].one, pairs[_i].other);
	ck_assert_uint_eq(peer_count(one), pairs[_i].same ? 2 : 1);
	peers_leave(&peers, one);
	ck_assert_uint_eq(peer_count(other), 1);
	peers_leave(&peers, other);
	ck_assert_uint_eq(peers.count, 0);
}
END_TEST

static size_t count_present(const unsigned present[HOSTS])
{
	size_t count = 0;

	for (int i = 0; i < HOSTS; i++)
		count += present[i] > 0;
	return count;
}

START_TEST(they_come_and_go)
{
	static unsigned present[HOSTS];
	static struct peer *known[HOSTS];
	uint64_t state = 0x9E3779B97F4A7C15;

	for (int round = 0; round < ROUNDS; round++) {
		size_t i = check_random(&state) % HOSTS;
		struct address address = { .bytes = { [10] = 0xff, [11] = 0xff, [12] = 10 } };

		address.bytes[14] = (unsigned char)(i >> 8);
		address.bytes[15] = (unsigned char)i;
		if (present[i] > 0 && check_random(&state) % 2 == 0) {
			peers_leave(&peers, known[i]);
			present[i]--;
		} else {
			known[i] = peers_enter(&peers, &address);
			present[i]++;
		}
		CHECK_THAT(present[i] == 0 || peer_count(known[i]) == present[i],
			"%u are there, not %u", present[i], peer_count(known[i]));
		if (round % 1000 == 0)
			ck_assert_uint_eq(peers.count, count_present(present));
	}
	ck_assert_uint_le(peers.size, 2 * HOSTS + 24); /* as large as there are some */
	for (int i = 0; i < HOSTS; i++)
		while (present[i]-- > 0)
			peers_leave(&peers, known[i]);
	ck_assert_uint_eq(peers.count, 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, whose_address_it_is, 0, CHECK_COUNT(pairs));
	tcase_add_test(test_case, they_come_and_go);
}

int main(void)
{
	return check_main("peers", add);
}
