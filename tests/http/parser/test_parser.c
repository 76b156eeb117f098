/*
 * http/parser.h: how a stream is cut into requests, and what is refused, however the bytes come.
 */
#include "check_main.h"
#include "feed.h"
#include "request_rows.h"

#include <string.h>

static struct text first_bytes(struct text text, size_t length)
{
	return (struct text){ text.data, length };
}

/* Neither idle nor refused: in the middle of a request that follows whole ones. */
static void expect_unfinished(struct text stream, uint64_t requests, uint64_t begins)
{
	struct verdict verdict = feed_whole(stream);

	CHECK_THAT(verdict.status == 0 && verdict.requests == requests &&
			   verdict.request_start == begins && !verdict.idle,
		"%d (%s), %d requests, begins at %d, idle %d: %s", verdict.status, verdict.detail,
		(int)verdict.requests, (int)verdict.request_start, verdict.idle,
		feed_shown(stream));
}

START_TEST(nothing_is_no_request)
{
	feed_expect(TEXT(""), &(struct verdict){ .idle = true });
}
END_TEST

/* A request counts when its last byte has come, and not before. */
START_TEST(a_good_request_is_one)
{
	const struct request_row *row = &good_requests[_i];
	size_t length = row->bytes.length;

	feed_expect(row->bytes,
		&(struct verdict){ .requests = 1, .request_start = length, .idle = true });
	for (size_t i = 1; i < length; i++)
		expect_unfinished(first_bytes(row->bytes, i), 0, 0);
}
END_TEST

static bool is_same(const struct buffer *a, struct text b)
{
	return text_equal((struct text){ a->data, a->length }, b);
}

/* evhttp gets exactly these bytes, and the method is kept. */
START_TEST(a_good_request_goes_on)
{
	const struct request_row *row = &good_requests[_i];
	struct text line = row->bytes;
	struct buffer onward = { 0 }, methods = { 0 };

	line.length = (size_t)((char *)memchr(line.data, ' ', line.length) - line.data);
	feed_onward(row->bytes, &onward, &methods);
	CHECK_THAT(is_same(&onward, row->onward.data != NULL ? row->onward : row->bytes),
		"%s\ngoes on otherwise", feed_shown(row->bytes));
	ck_assert_uint_eq(methods.length, 1);
	ck_assert_int_eq(methods.data[0], method_of_name(line));
	buffer_free(&onward);
	buffer_free(&methods);
}
END_TEST

/* The verdict on a row that is refused, after requests of so many bytes. */
static struct verdict refusal_of(const struct request_row *row, uint64_t requests, size_t begins)
{
	struct verdict verdict = feed_whole(row->bytes);

	verdict.requests = requests;
	verdict.request_start = begins;
	verdict.head = row->bytes.length > 5 && memcmp(row->bytes.data, "HEAD ", 5) == 0;
	return verdict;
}

/* A bad request is refused at its last byte, and not before. */
START_TEST(a_bad_request_is_refused)
{
	const struct request_row *row = &bad_requests[_i];
	struct verdict expected = refusal_of(row, 0, 0);

	CHECK_THAT(expected.status == row->status && strstr(expected.detail, row->why) != NULL,
		"%d, not %d for '%s': %s", expected.status, row->status, row->why, expected.detail);
	feed_expect(row->bytes, &expected);
	for (size_t i = 1; i < row->bytes.length; i++)
		expect_unfinished(first_bytes(row->bytes, i), 0, 0);
}
END_TEST

/* Two rows, one after the other; the caller frees them. */
static struct text join(struct text a, struct text b)
{
	char *bytes = malloc(a.length + b.length);

	CHECK_THAT(bytes != NULL, "no memory");
	memcpy(bytes, a.data, a.length);
	memcpy(bytes + a.length, b.data, b.length);
	return (struct text){ bytes, a.length + b.length };
}

START_TEST(good_requests_follow_each_other)
{
	struct text first = good_requests[_i].bytes;

	for (const struct request_row *row = good_requests; row->bytes.data != NULL; row++) {
		struct text stream = join(first, row->bytes);
		uint64_t length = stream.length;

		feed_expect(stream,
			&(struct verdict){ .requests = 2, .request_start = length, .idle = true });
		expect_unfinished(first_bytes(stream, stream.length - 1), 1, first.length);
		free((char *)stream.data);
	}
}
END_TEST

/* The good request before it counts, and does not change how the bad one is refused. */
START_TEST(a_refusal_leaves_what_came_before)
{
	struct text first = good_requests[_i].bytes;

	for (const struct request_row *row = bad_requests; row->bytes.data != NULL; row++) {
		struct verdict expected = refusal_of(row, 1, first.length);
		struct text stream = join(first, row->bytes);

		feed_expect(stream, &expected);
		free((char *)stream.data);
	}
}
END_TEST

START_TEST(a_long_pipeline_is_counted)
{
	struct buffer stream = { 0 };
	unsigned count = 0;

	for (int round = 0; round < 20; round++) {
		for (const struct request_row *row = good_requests; row->bytes.data != NULL;
			row++) {
			buffer_add_text(&stream, row->bytes);
			count++;
		}
	}
	struct text text = { stream.data, stream.length };
	feed_expect_near(text, text.length / 2,
		&(struct verdict){ .requests = count, .request_start = text.length, .idle = true });
	buffer_free(&stream);
}
END_TEST

static void add_tests(TCase *test_case)
{
	int good = (int)request_rows_count(good_requests);
	int bad = (int)request_rows_count(bad_requests);

	tcase_add_test(test_case, nothing_is_no_request);
	tcase_add_loop_test(test_case, a_good_request_is_one, 0, good);
	tcase_add_loop_test(test_case, a_good_request_goes_on, 0, good);
	tcase_add_loop_test(test_case, a_bad_request_is_refused, 0, bad);
	tcase_add_loop_test(test_case, good_requests_follow_each_other, 0, good);
	tcase_add_loop_test(test_case, a_refusal_leaves_what_came_before, 0, good);
	tcase_add_test(test_case, a_long_pipeline_is_counted);
}

int main(void)
{
	return check_main("parser", add_tests);
}
