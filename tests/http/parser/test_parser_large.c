/*
 * http/parser.h: large bodies, which the owner allows or refuses, and bytes in the middle of a
 * body, which can be skipped.
 */
#include "check_main.h"
#include "feed.h"

#include <stdio.h>
#include <string.h>

#define MOST 100
#define HEAD "POST /a?b HTTP/1.1\r\nHost: a\r\n"
#define CHUNKED HEAD "Transfer-Encoding: chunked\r\n\r\n"
#define QUESTIONS 8

/* What the owner was called with, and what it allows. */
static struct owner {
	uint64_t bytes[QUESTIONS]; /* of the body, each time */
	unsigned count;
	uint64_t allows;
} owner;

static struct http_parser parser;

static bool ask(struct http_parser *asking)
{
	struct text method, target;

	ck_assert_ptr_eq(asking, &parser);
	ck_assert_ptr_eq(asking->owner, &owner);
	ck_assert_uint_lt(owner.count, QUESTIONS);
	parser_request_line(asking, &method, &target);
	ck_assert(text_equal(method, TEXT("POST")) && text_equal(target, TEXT("/a?b")));
	ck_assert_uint_eq(asking->body_limit, owner.count); /* the notes stay with the request */
	asking->body_limit++;
	owner.bytes[owner.count++] = asking->body_bytes;
	return asking->body_bytes <= owner.allows || parser_refuse(asking, 503, "No.");
}

static void setup(void)
{
	owner = (struct owner){ .allows = UINT64_MAX };
	parser = (struct http_parser){
		.small_body_max = MOST, .on_large_body = ask, .owner = &owner
	};
}

static void teardown(void)
{
	parser_free(&parser);
}

static bool feed(const char *bytes)
{
	return parser_feed(&parser, bytes, strlen(bytes));
}

static bool feed_bytes(size_t count)
{
	static const char zeros[4 * MOST];

	ck_assert_uint_le(count, sizeof(zeros));
	return parser_feed(&parser, zeros, count);
}

static bool feed_chunk(size_t length)
{
	char size[32];

	snprintf(size, sizeof(size), "%zx\r\n", length);
	return feed(size) && feed_bytes(length) && feed("\r\n");
}

START_TEST(an_ordinary_body_is_no_question)
{
	ck_assert(feed(HEAD "Content-Length: 100\r\n\r\n") && !parser_is_large(&parser));
	ck_assert(feed_bytes(MOST));
	ck_assert(feed(CHUNKED) && feed_chunk(1) && feed_chunk(MOST - 1) &&
		  !parser_is_large(&parser));
	ck_assert(feed("0\r\n\r\n"));
	ck_assert_uint_eq(parser.requests, 2);
	ck_assert_uint_eq(owner.count, 0);
}
END_TEST

START_TEST(a_length_is_one_question)
{
	ck_assert(feed(HEAD "Content-Length: 101\r\n\r\n") && parser_is_large(&parser));
	ck_assert_uint_eq(owner.count, 1);
	ck_assert_uint_eq(owner.bytes[0], MOST + 1);
	ck_assert(feed_bytes(MOST + 1));
	ck_assert_uint_eq(owner.count, 1);
	ck_assert_uint_eq(parser.requests, 1);
	ck_assert(parser_is_idle(&parser) && !parser_is_large(&parser));
}
END_TEST

/*
 * Called for the chunk that makes the body large and each later one, before its data; not for the
 * end.
 */
START_TEST(each_further_chunk_is_a_question)
{
	ck_assert(feed(CHUNKED) && feed_chunk(MOST));
	ck_assert_uint_eq(owner.count, 0);
	ck_assert(feed("1\r\n") && parser_is_large(&parser));
	ck_assert_uint_eq(owner.count, 1);
	ck_assert_uint_eq(owner.bytes[0], MOST + 1);
	ck_assert(feed("x\r\n") && feed_chunk(2 * MOST));
	ck_assert_uint_eq(owner.count, 2);
	ck_assert_uint_eq(owner.bytes[1], 3 * MOST + 1);
	ck_assert(feed("0\r\n\r\n"));
	ck_assert_uint_eq(owner.count, 2);
	ck_assert_uint_eq(parser.requests, 1);
}
END_TEST

START_TEST(the_next_request_begins_anew)
{
	for (int i = 0; i < 3; i++) {
		owner.count = 0;
		ck_assert(feed(HEAD "Content-Length: 101\r\n\r\n"));
		ck_assert_uint_eq(owner.count, 1);
		ck_assert(feed_bytes(MOST + 1));
		ck_assert_uint_eq(parser.body_limit, 0);
		ck_assert_uint_eq(parser.body_bytes, 0);
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
	ck_assert_int_eq(parser.status, 503);
	ck_assert_str_eq(parser.detail, "No.");
	ck_assert_uint_eq(parser.requests, 1);
}
END_TEST

/* Wherever the head was cut. */
START_TEST(the_request_line_is_known)
{
	static const char head[] = HEAD "Content-Length: 101\r\n\r\n";

	for (size_t i = 0; i < sizeof(head) - 1; i++)
		ck_assert(parser_feed(&parser, &head[i], 1));
	ck_assert_uint_eq(owner.count, 1);
}
END_TEST

/* Only while more of the body follows: its last byte ends something. */
START_TEST(the_middle_of_a_body_is_skipped)
{
	uint64_t position;

	ck_assert(!parser_skip(&parser, 1));
	ck_assert(feed(HEAD) && !parser_skip(&parser, 1));
	ck_assert(feed("Content-Length: 5\r\n\r\n"));
	position = parser.position;
	ck_assert(!parser_skip(&parser, 5) && !parser_skip(&parser, 6));
	ck_assert_uint_eq(parser.position, position);
	ck_assert(parser_skip(&parser, 3) && parser_skip(&parser, 1) && !parser_skip(&parser, 1));
	ck_assert_uint_eq(parser.position, position + 4);
	ck_assert(!parser_is_idle(&parser) && feed("x") && parser_is_idle(&parser));
}
END_TEST

START_TEST(the_middle_of_a_chunk_is_skipped)
{
	ck_assert(feed(CHUNKED) && !parser_skip(&parser, 1));
	ck_assert(feed("5") && !parser_skip(&parser, 1));
	ck_assert(feed("\r\n") && !parser_skip(&parser, 5) && parser_skip(&parser, 4));
	ck_assert(feed("x") && !parser_skip(&parser, 1));
	ck_assert(feed("\r\n0\r\n") && !parser_skip(&parser, 1));
	ck_assert(feed("\r\n") && !parser_skip(&parser, 1));
	ck_assert_uint_eq(parser.requests, 1);
	ck_assert_uint_eq(parser.request_start, parser.position);
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
