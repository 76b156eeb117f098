/* Feeding the strict reader. */
#include "wire_feed.h"

#include "check_main.h"

#include <stdio.h>
#include <string.h>

#define NEAR 40

static struct wire_verdict verdict_of(const struct wire *wire)
{
	struct wire_verdict verdict = {
		.status = wire->status,
		.requests = wire->requests,
		.begins = wire->begins,
		.idle = wire_is_idle(wire),
		.head = wire->head,
	};

	if (wire->detail != NULL)
		strncpy(verdict.detail, wire->detail, sizeof(verdict.detail) - 1);
	return verdict;
}

/* What holds of every reader at every moment; fed bytes of the stream have been shown to it. */
static void check_counts(
	const struct wire *before, const struct wire *wire, bool passed, size_t fed)
{
	bool refused = wire->state == WIRE_REFUSED;

	CHECK_THAT(passed != refused, "the answer is not what the state says");
	CHECK_THAT(refused == (wire->status != 0), "status %d", wire->status);
	CHECK_THAT(refused == (wire->detail != NULL), "a refusal without a detail, or the reverse");
	CHECK_THAT(wire->position <= fed, "a position that was not reached yet");
	CHECK_THAT(refused || wire->position == fed, "what passed was not counted");
	CHECK_THAT(wire->begins <= wire->position, "a request that begins after its bytes");
	CHECK_THAT(wire->position >= before->position, "the position went back");
	CHECK_THAT(wire->begins >= before->begins, "the beginning went back");
	CHECK_THAT(wire->requests >= before->requests, "a request got lost");
	CHECK_THAT((wire->requests == before->requests) == (wire->begins == before->begins),
		"a request came in whole and the next does not begin, or the reverse");
	CHECK_THAT(!refused || !wire_is_idle(wire), "refused, and between two requests");
}

static bool feed_piece(struct wire *wire, const char *bytes, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);

	CHECK_THAT(copy != NULL, "no memory");
	memcpy(copy, bytes, length);
	bool passed = wire_feed(wire, copy, length);
	free(copy);
	return passed;
}

/* Once refused, whatever comes changes nothing. */
static void check_refusal_stays(struct wire *wire)
{
	struct wire before = *wire;

	CHECK_THAT(!wire_feed(wire, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27), "it went on");
	CHECK_THAT(wire->status == before.status && wire->detail == before.detail &&
			   wire->requests == before.requests && wire->begins == before.begins &&
			   wire->position == before.position,
		"a refusal changed");
}

struct wire_verdict wire_feed_pieces(struct text stream, size_t first, size_t step)
{
	struct wire wire = { .body_most = WIRE_BODY_MOST };
	size_t length = first;
	bool passed = true;

	for (size_t at = 0; at < stream.length && passed; at += length, length = step) {
		struct wire before = wire;

		if (length > stream.length - at)
			length = stream.length - at;
		passed = wire_skip(&wire, length) || feed_piece(&wire, stream.at + at, length);
		check_counts(&before, &wire, passed, at + length);
	}
	if (!passed)
		check_refusal_stays(&wire);
	struct wire_verdict verdict = verdict_of(&wire);
	wire_free(&wire);
	return verdict;
}

struct wire_verdict wire_feed_whole(struct text stream)
{
	return wire_feed_pieces(stream, stream.length, 1);
}

const char *wire_shown(struct text stream)
{
	static char shown[400];
	size_t at = 0;

	for (size_t i = 0; i < stream.length && at < sizeof(shown) - 5; i++) {
		unsigned char c = (unsigned char)stream.at[i];
		bool plain = c >= ' ' && c <= '~';
		at += (size_t)snprintf(shown + at, 5, plain ? "%c" : "\\x%02x", c);
	}
	return shown;
}

static void expect_pieces(
	struct text stream, size_t first, size_t step, const struct wire_verdict *expected)
{
	struct wire_verdict verdict = wire_feed_pieces(stream, first, step);

	CHECK_THAT(verdict.status == expected->status &&
			   strcmp(verdict.detail, expected->detail) == 0 &&
			   verdict.requests == expected->requests &&
			   verdict.begins == expected->begins && verdict.idle == expected->idle &&
			   verdict.head == expected->head,
		"in pieces of %zu, then %zu: %d (%s), %d requests, begins at %d, idle %d, "
		"head %d;\n"
		"not %d (%s), %d requests, begins at %d, idle %d, head %d: %s",
		first, step, verdict.status, verdict.detail, (int)verdict.requests,
		(int)verdict.begins, verdict.idle, verdict.head, expected->status, expected->detail,
		(int)expected->requests, (int)expected->begins, expected->idle, expected->head,
		wire_shown(stream));
}

void wire_expect_near(struct text stream, size_t near, const struct wire_verdict *expected)
{
	size_t from = near > NEAR ? near - NEAR : 1;
	size_t to = near + NEAR < stream.length ? near + NEAR : stream.length;

	expect_pieces(stream, stream.length, 1, expected);
	for (size_t step = 1; step < 8; step++)
		expect_pieces(stream, step, step, expected);
	for (size_t cut = from; cut < to; cut++)
		expect_pieces(stream, cut, stream.length, expected);
}

void wire_expect(struct text stream, const struct wire_verdict *expected)
{
	expect_pieces(stream, stream.length, 1, expected);
	for (size_t step = 1; step < 8; step++)
		expect_pieces(stream, step, step, expected);
	for (size_t cut = 1; cut < stream.length; cut++)
		expect_pieces(stream, cut, stream.length, expected);
}
