/*
 * http/parser.h: however the bytes of a stream are cut, the same is made of it; what counts as whole
 * is whole by itself; and what follows is read as if nothing had been before it.
 */
#include "tests/http/parser/feed.h"
#include "support/fuzz.h"

/* How many bytes the first request has; 0 where there is no whole one. */
static size_t first_length(struct text stream)
{
	struct wire wire = { .body_most = WIRE_BODY_MOST };
	size_t at = 0;

	while (at < stream.length && wire.requests == 0 && wire_feed(&wire, stream.at + at, 1))
		at++;
	at = wire.requests > 0 ? (size_t)wire.begins : 0;
	wire_free(&wire);
	return at;
}

/* What follows the first request is read as if that had not been. */
static void check_rest(struct text stream, size_t first, const struct wire_verdict *verdict)
{
	struct wire_verdict rest = *verdict;

	if (first == 0)
		return;
	rest.requests -= 1;
	rest.begins -= first;
	wire_expect_near((struct text){ stream.at + first, stream.length - first }, 0, &rest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text stream = fuzz_text(data, size);
	size_t near = fuzz_byte(&stream) * 8;
	struct wire_verdict verdict = wire_feed_whole(stream);
	size_t begins = (size_t)verdict.begins;
	struct wire_verdict before = {
		.requests = verdict.requests, .begins = begins, .idle = true
	};

	wire_expect_near(stream, near, &verdict);
	wire_expect_near((struct text){ stream.at, begins }, begins, &before);
	check_rest(stream, first_length(stream), &verdict);
	return 0;
}
