/*
 * http/parser.h: however the bytes of a stream are cut, the same is made of it; what counts as
 * whole is whole by itself; and what follows is read as if nothing had been before it.
 */
#include "tests/http/parser/feed.h"
#include "support/fuzz.h"

/* How many bytes the first request has; 0 where there is no whole one. */
static size_t first_length(struct text stream)
{
	struct http_parser parser = { .small_body_max = FEED_BODY_MAX };
	size_t at = 0;

	while (at < stream.length && parser.requests == 0 &&
		parser_feed(&parser, stream.data + at, 1))
		at++;
	at = parser.requests > 0 ? (size_t)parser.request_start : 0;
	parser_free(&parser);
	return at;
}

/* What follows the first request is read as if that had not been. */
static void check_rest(struct text stream, size_t first, const struct verdict *verdict)
{
	struct verdict rest = *verdict;

	if (first == 0)
		return;
	rest.requests -= 1;
	rest.request_start -= first;
	feed_expect_near((struct text){ stream.data + first, stream.length - first }, 0, &rest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text stream = fuzz_text(data, size);
	size_t near = fuzz_byte(&stream) * 8;
	struct verdict verdict = feed_whole(stream);
	size_t begins = (size_t)verdict.request_start;
	struct verdict before = {
		.requests = verdict.requests, .request_start = begins, .idle = true
	};

	feed_expect_near(stream, near, &verdict);
	feed_expect_near((struct text){ stream.data, begins }, begins, &before);
	check_rest(stream, first_length(stream), &verdict);
	return 0;
}
