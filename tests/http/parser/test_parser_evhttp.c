/*
 * http/parser.h beside evhttp: of what the strict parser lets pass, evhttp has to see the same
 * requests, no fewer and no more, and may send no reply of its own.
 */
#include "check_main.h"
#include "feed.h"
#include "evhttp_oracle.h"
#include "request_rows.h"
#include "random_stream.h"

#define ROUNDS 3000

START_TEST(evhttp_sees_each_good_request)
{
	for (const struct request_row *row = good_requests; row->bytes.data != NULL; row++)
		evhttp_oracle_check(row->bytes, 1);
}
END_TEST

START_TEST(evhttp_sees_the_same_pipelines)
{
	unsigned shown = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct buffer stream = random_stream_next();
		struct text text = { stream.data, stream.length };
		struct verdict verdict = feed_whole(text);

		text.length = (size_t)verdict.request_start; /* no more of it is shown to evhttp */
		if (verdict.requests > 0) {
			evhttp_oracle_check(text, (unsigned)verdict.requests);
			shown++;
		}
		buffer_free(&stream);
	}
	ck_assert_uint_gt(shown, ROUNDS / 4); /* or the streams tell nothing */
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, evhttp_oracle_open, evhttp_oracle_close);
	tcase_add_test(test_case, evhttp_sees_each_good_request);
	tcase_add_test(test_case, evhttp_sees_the_same_pipelines);
}

int main(void)
{
	return check_main("parser_evhttp", add_tests);
}
