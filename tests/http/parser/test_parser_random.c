/*
 * http/parser.h: streams of good and bad requests with random damage. Whatever the verdict on a
 * stream is, it is the same however the bytes come, and wherever the reading begins.
 */
#include "check_main.h"
#include "feed.h"
#include "random_stream.h"

#define ROUNDS 4000

/* The whole requests are whole by themselves, and the rest is read as if nothing came before. */
static void check_halves(struct text text, const struct verdict *verdict)
{
	size_t begins = (size_t)verdict->request_start;
	struct verdict before = {
		.requests = verdict->requests, .request_start = begins, .idle = true
	};
	struct verdict after = *verdict;

	feed_expect_near((struct text){ text.data, begins }, begins, &before);
	after.requests = 0;
	after.request_start = 0;
	feed_expect_near((struct text){ text.data + begins, text.length - begins }, 0, &after);
}

START_TEST(damage_is_read_in_one_way)
{
	unsigned refused = 0, requests = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct buffer stream = random_stream_next();
		struct text text = { stream.data, stream.length };
		struct verdict verdict = feed_whole(text);

		feed_expect(text, &verdict);
		check_halves(text, &verdict);
		refused += verdict.status != 0;
		requests += (unsigned)verdict.requests;
		buffer_free(&stream);
	}
	ck_assert_uint_gt(refused, ROUNDS / 4); /* or the streams tell nothing */
	ck_assert_uint_gt(requests, ROUNDS / 2);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, damage_is_read_in_one_way);
}

int main(void)
{
	return check_main("parser_random", add_tests);
}
