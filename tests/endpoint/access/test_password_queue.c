/*
 * src/endpoint/password/password.h: the places in the queue are shared by address. Hashes are real
 * ones; whoever is done is noted in order.
 */
#include "check_main.h"
#include "loop.h"
#include "src/endpoint/password/password.h"

#include <event2/thread.h>
#include <string.h>

#define MOST 64
#define RIGHT "correct horse"

static struct event_base *base;
static struct passwords *passwords;
static struct hash hashes[MOST];
static struct hash *order[MOST]; /* as they were done */
static enum hash_state ended[MOST];
static unsigned done;

static void note_done(struct hash *hash)
{
	ck_assert_uint_lt(done, MOST);
	ended[done] = hash->state;
	order[done++] = hash;
}

static void setup(void)
{
	memset(hashes, 0, sizeof(hashes));
	done = 0;
	ck_assert_int_ge(sodium_init(), 0);
	ck_assert_int_eq(evthread_use_pthreads(), 0);
	base = event_base_new();
	passwords = passwords_start(base);
}

static void teardown(void)
{
	if (passwords != NULL)
		passwords_stop(passwords);
	event_base_free(base);
}

static bool reserve(unsigned i, const char *site)
{
	return passwords_reserve(passwords, &hashes[i], site);
}

static bool exec(unsigned i)
{
	hashes[i].done = note_done;
	hashes[i].password = text_of(RIGHT);
	return passwords_exec(&hashes[i]);
}

/* Each of them from first on, so many, for an address. */
static void queue(unsigned first, unsigned count, const char *site)
{
	for (unsigned i = first; i < first + count; i++) {
		ck_assert(reserve(i, site));
		ck_assert(exec(i));
	}
}

static unsigned place_of(unsigned i)
{
	unsigned place = 0;

	while (place < done && order[place] != &hashes[i])
		place++;
	return place;
}

/* How many of these were displaced. */
static unsigned displaced(unsigned first, unsigned count)
{
	unsigned number = 0;

	for (unsigned i = first; i < first + count; i++)
		number += hashes[i].state == HASH_DISPLACED;
	return number;
}

START_TEST(hash_is_made_and_verified)
{
	queue(0, 1, "a");
	ck_assert(loop_until(base, &done, 1));
	ck_assert_int_eq(hashes[0].state, HASH_IDLE);
	ck_assert_int_eq(strncmp(hashes[0].text, "$argon2id$", 10), 0);
	hashes[0].verify = true;
	ck_assert(reserve(0, "a") && exec(0));
	ck_assert(loop_until(base, &done, 2));
	ck_assert(hashes[0].right);
	ck_assert_uint_eq(passwords_places(passwords), 0);
}
END_TEST

/* An address that is alone has all of it, and no more. */
START_TEST(one_address_may_fill_it)
{
	queue(0, PASSWORD_PLACES, "a");
	ck_assert(!reserve(PASSWORD_PLACES, "a"));
	ck_assert_uint_eq(passwords_places(passwords), PASSWORD_PLACES);
	ck_assert_uint_eq(displaced(0, PASSWORD_PLACES), 0);
	ck_assert(loop_until(base, &done, PASSWORD_PLACES));
	for (unsigned i = 0; i < PASSWORD_PLACES; i++)
		ck_assert_uint_eq(place_of(i), i);
}
END_TEST

/* Behind the one that runs: whoever comes from elsewhere does not wait for the others. */
START_TEST(newcomer_is_next)
{
	queue(0, 10, "a");
	queue(10, 1, "b");
	ck_assert(loop_until(base, &done, 11));
	ck_assert_uint_le(place_of(10), 2);
}
END_TEST

/* Two that wait for much are served by turns, though one came before the other. */
START_TEST(addresses_take_turns)
{
	queue(0, 6, "a");
	queue(6, 6, "b");
	ck_assert(loop_until(base, &done, 12));
	for (unsigned i = 0; i < 6; i++) {
		unsigned a = place_of(i), b = place_of(6 + i);

		ck_assert_msg((a > b ? a - b : b - a) <= 2, "%u: at %u and %u", i, a, b);
	}
}
END_TEST

/* A full queue gives way by the newest place of whoever holds most; it is told so. */
START_TEST(newcomer_takes_the_newest_place)
{
	queue(0, 8, "b");
	queue(8, PASSWORD_PLACES - 8, "a");
	ck_assert(reserve(40, "c"));
	ck_assert_int_eq(hashes[PASSWORD_PLACES - 1].state, HASH_DISPLACED);
	ck_assert_uint_eq(displaced(0, PASSWORD_PLACES), 1);
	ck_assert_uint_eq(passwords_places(passwords), PASSWORD_PLACES);
	ck_assert_uint_eq(done, 0); /* it is told from the loop */
	ck_assert(exec(40));
	ck_assert(loop_until(base, &done, PASSWORD_PLACES + 1));
	ck_assert_int_eq(ended[place_of(PASSWORD_PLACES - 1)], HASH_DISPLACED);
	ck_assert_int_eq(ended[place_of(40)], HASH_IDLE);
	ck_assert_uint_le(place_of(40), 5);
}
END_TEST

/* Newcomers take until all have the same; then nobody takes from anybody. */
START_TEST(places_become_equal)
{
	static const char *const sites[] = { "a", "b", "c", "d" };
	unsigned held[4] = { 0 };

	queue(0, PASSWORD_PLACES, "a");
	for (unsigned i = 0; i < 8; i++)
		for (unsigned site = 1; site < 4; site++)
			ck_assert(reserve(PASSWORD_PLACES + i * 3 + site - 1, sites[site]));
	ck_assert(!reserve(60, "a"));
	ck_assert(!reserve(60, "b"));
	ck_assert_uint_eq(displaced(0, PASSWORD_PLACES), 24);
	for (unsigned i = 0; i < PASSWORD_PLACES + 24; i++)
		for (unsigned site = 0; site < 4; site++)
			held[site] += hashes[i].state != HASH_DISPLACED &&
				      strcmp(hashes[i].site, sites[site]) == 0;
	for (unsigned site = 0; site < 4; site++)
		ck_assert_uint_eq(held[site], PASSWORD_PLACES / 4);
	ck_assert(reserve(60, "e"));
	for (unsigned i = 0; i < MOST; i++)
		passwords_release(&hashes[i]);
	ck_assert(loop_until(base, &done, 1));
}
END_TEST

/* Whoever is still on its way to the queue learns it there. */
START_TEST(reserved_place_may_be_lost)
{
	for (unsigned i = 0; i < PASSWORD_PLACES; i++)
		ck_assert(reserve(i, "a"));
	queue(40, 1, "b");
	ck_assert_int_eq(hashes[PASSWORD_PLACES - 1].state, HASH_DISPLACED);
	ck_assert(!exec(PASSWORD_PLACES - 1));
	passwords_release(&hashes[PASSWORD_PLACES - 1]);
	for (unsigned i = 0; i < PASSWORD_PLACES - 1; i++)
		passwords_release(&hashes[i]);
	ck_assert(loop_until(base, &done, 1));
	ck_assert_ptr_eq(order[0], &hashes[40]);
	ck_assert_uint_eq(passwords_places(passwords), 0);
	ck_assert(reserve(0, "a"));
	passwords_release(&hashes[0]);
	ck_assert_uint_eq(passwords_places(passwords), 0);
}
END_TEST

/* At the end everyone who waits is told, and nothing more is computed. */
START_TEST(stop_tells_all)
{
	queue(0, 5, "a");
	queue(5, 5, "b");
	ck_assert(reserve(10, "c"));
	passwords_stop(passwords);
	passwords = NULL;
	ck_assert_uint_eq(done, 10);
	ck_assert_uint_ge(displaced(0, 10), 9);
	passwords_release(&hashes[10]);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, hash_is_made_and_verified);
	tcase_add_test(test_case, one_address_may_fill_it);
	tcase_add_test(test_case, newcomer_is_next);
	tcase_add_test(test_case, addresses_take_turns);
	tcase_add_test(test_case, newcomer_takes_the_newest_place);
	tcase_add_test(test_case, places_become_equal);
	tcase_add_test(test_case, reserved_place_may_be_lost);
	tcase_add_test(test_case, stop_tells_all);
}

int main(void)
{
	return check_main("password queue", add);
}
