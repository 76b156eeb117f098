/*
 * http/parser.h: bodies that are longer than an ordinary one, for which the owner is asked, and the
 * middle of a body, which need not be seen.
 */
#include "check_main.h"
#include "feed.h"

#include <stdio.h>
#include <string.h>

#define MOST 100
#define HEAD "POST /a?b HTTP/1.1\r\nHost: a\r\n"
#define CHUNKED HEAD "Transfer-Encoding: chunked\r\n\r\n"
#define QUESTIONS 8

/* What the owner was asked, and what it says. */
static struct owner {
	uint64_t bytes[QUESTIONS]; /* of the body, each time */
	unsigned count;
	uint64_t allows;
} owner;

static struct wire wire;

static bool ask(struct wire *asking)
{
	struct text method, target;

	ck_assert_ptr_eq(asking, &wire);
	ck_assert_ptr_eq(asking->owner, &owner);
	ck_assert_uint_lt(owner.count, QUESTIONS);
	wire_asked(asking, &method, &target);
	ck_assert(text_equal(method, TEXT("POST")) && text_equal(target, TEXT("/a?b")));
	ck_assert_uint_eq(asking->granted, owner.count); /* the notes stay with the request */
	asking->granted++;
	owner.bytes[owner.count++] = asking->body_bytes;
	return asking->body_bytes <= owner.allows || wire_refuse(asking, 503, "No.");
}

static void setup(void)
{
	owner = (struct owner){ .allows = UINT64_MAX };
	wire = (struct wire){ .body_most = MOST, .grows = ask, .owner = &owner };
}

static void teardown(void)
{
	wire_free(&wire);
}

static bool feed(const char *bytes)
{
	return wire_feed(&wire, bytes, strlen(bytes));
}

static bool feed_bytes(size_t count)
{
	static const char zeros[4 * MOST];

	ck_assert_uint_le(count, sizeof(zeros));
	return wire_feed(&wire, zeros, count);
}

static bool feed_chunk(size_t length)
{
	char size[32];

	snprintf(size, sizeof(size), "%zx\r\n", length);
	return feed(size) && feed_bytes(length) && feed("\r\n");
}

START_TEST(an_ordinary_body_is_no_question)
{
	ck_assert(feed(HEAD "Content-Length: 100\r\n\r\n") && !wire_is_large(&wire));
	ck_assert(feed_bytes(MOST));
	ck_assert(feed(CHUNKED) && feed_chunk(1) && feed_chunk(MOST - 1) && !wire_is_large(&wire));
	ck_assert(feed("0\r\n\r\n"));
	ck_assert_uint_eq(wire.requests, 2);
	ck_assert_uint_eq(owner.count, 0);
}
END_TEST

START_TEST(a_length_is_one_question)
{
	ck_assert(feed(HEAD "Content-Length: 101\r\n\r\n") && wire_is_large(&wire));
	ck_assert_uint_eq(owner.count, 1);
	ck_assert_uint_eq(owner.bytes[0], MOST + 1);
	ck_assert(feed_bytes(MOST + 1));
	ck_assert_uint_eq(owner.count, 1);
	ck_assert_uint_eq(wire.requests, 1);
	ck_assert(wire_is_idle(&wire) && !wire_is_large(&wire));
}
END_TEST

/* From the one on that makes it too long, each before its data; but none for the end. */
START_TEST(each_further_chunk_is_a_question)
{
	ck_assert(feed(CHUNKED) && feed_chunk(MOST));
	ck_assert_uint_eq(owner.count, 0);
	ck_assert(feed("1\r\n") && wire_is_large(&wire));
	ck_assert_uint_eq(owner.count, 1);
	ck_assert_uint_eq(owner.bytes[0], MOST + 1);
	ck_assert(feed("x\r\n") && feed_chunk(2 * MOST));
	ck_assert_uint_eq(owner.count, 2);
	ck_assert_uint_eq(owner.bytes[1], 3 * MOST + 1);
	ck_assert(feed("0\r\n\r\n"));
	ck_assert_uint_eq(owner.count, 2);
	ck_assert_uint_eq(wire.requests, 1);
}
END_TEST

START_TEST(the_next_request_begins_anew)
{
	for (int i = 0; i < 3; i++) {
		owner.count = 0;
		ck_assert(feed(HEAD "Content-Length: 101\r\n\r\n"));
		ck_assert_uint_eq(owner.count, 1);
		ck_assert(feed_bytes(MOST + 1));
		ck_assert_uint_eq(wire.granted, 0);
		ck_assert_uint_eq(wire.body_bytes, 0);
	}
}
END_TEST

START_TEST(a_no_refuses)
{
	owner.allows = MOST + 1;
	ck_assert(feed(HEAD "Content-Length: 101\r\n\r\n") && feed_bytes(MOST + 1));
	owner.count = 0;
	ck_assert(feed(CHUNKED) && feed_chunk(MOST + 1));
	ck_assert(!feed("1\r\n"));
	ck_assert_int_eq(wire.status, 503);
	ck_assert_str_eq(wire.detail, "No.");
	ck_assert_uint_eq(wire.requests, 1);
}
END_TEST

/* However the head was cut. */
START_TEST(the_request_line_is_known)
{
	static const char head[] = HEAD "Content-Length: 101\r\n\r\n";

	for (size_t i = 0; i < sizeof(head) - 1; i++)
		ck_assert(wire_feed(&wire, &head[i], 1));
	ck_assert_uint_eq(owner.count, 1);
}
END_TEST

/* As long as more of it is to come: the last byte ends something. */
START_TEST(the_middle_of_a_body_is_skipped)
{
	uint64_t position;

	ck_assert(!wire_skip(&wire, 1));
	ck_assert(feed(HEAD) && !wire_skip(&wire, 1));
	ck_assert(feed("Content-Length: 5\r\n\r\n"));
	position = wire.position;
	ck_assert(!wire_skip(&wire, 5) && !wire_skip(&wire, 6));
	ck_assert_uint_eq(wire.position, position);
	ck_assert(wire_skip(&wire, 3) && wire_skip(&wire, 1) && !wire_skip(&wire, 1));
	ck_assert_uint_eq(wire.position, position + 4);
	ck_assert(!wire_is_idle(&wire) && feed("x") && wire_is_idle(&wire));
}
END_TEST

START_TEST(the_middle_of_a_chunk_is_skipped)
{
	ck_assert(feed(CHUNKED) && !wire_skip(&wire, 1));
	ck_assert(feed("5") && !wire_skip(&wire, 1));
	ck_assert(feed("\r\n") && !wire_skip(&wire, 5) && wire_skip(&wire, 4));
	ck_assert(feed("x") && !wire_skip(&wire, 1));
	ck_assert(feed("\r\n0\r\n") && !wire_skip(&wire, 1));
	ck_assert(feed("\r\n") && !wire_skip(&wire, 1));
	ck_assert_uint_eq(wire.requests, 1);
	ck_assert_uint_eq(wire.begins, wire.position);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, an_ordinary_body_is_no_question);
	tcase_add_test(test_case, a_length_is_one_question);
	tcase_add_test(test_case, each_further_chunk_is_a_question);
	tcase_add_test(test_case, the_next_request_begins_anew);
	tcase_add_test(test_case, a_no_refuses);
	tcase_add_test(test_case, the_request_line_is_known);
	tcase_add_test(test_case, the_middle_of_a_body_is_skipped);
	tcase_add_test(test_case, the_middle_of_a_chunk_is_skipped);
}

int main(void)
{
	return check_main("parser_large", add_tests);
}
