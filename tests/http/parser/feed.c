/* Feeding the strict reader. */
#include "feed.h"

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
		.head = wire->method == HTTP_HEAD,
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

/*
 * What has come, as evhttp would get it, up to that place in the stream. The last edit is made first, so
 * that the places of the others stay.
 */
static void make_edits(struct wire *wire, struct buffer *came, size_t end)
{
	size_t length = came->length, next = end;

	for (size_t i = wire->edit_count; i > 0; i--) {
		const struct wire_edit *edit = &wire->edits[i - 1];
		struct buffer made = { 0 };
		size_t at = length - (end - (size_t)edit->at);

		CHECK_THAT(edit->at + edit->length <= next,
			"an edit of what is not there, or of what another one is of");
		next = (size_t)edit->at;
		buffer_add(&made, came->data, at);
		buffer_add_text(&made, edit->with);
		at += edit->length;
		buffer_add(&made, came->data + at, came->length - at);
		buffer_free(came);
		*came = made;
	}
	wire_edits_made(wire);
}

static void take_methods(struct wire *wire, struct buffer *methods, uint64_t until)
{
	while (methods->length < until) {
		unsigned char method = (unsigned char)wire_take_method(wire);
		buffer_add(methods, &method, 1);
	}
}

static struct wire_verdict feed_pieces(struct text stream, size_t first, size_t step,
	struct buffer *onward, struct buffer *methods)
{
	struct wire wire = { .body_most = WIRE_BODY_MOST };
	size_t length = first, end = 0;
	bool passed = true;

	for (size_t at = 0; at < stream.length && passed; at += length, length = step) {
		struct wire before = wire;

		if (length > stream.length - at)
			length = stream.length - at;
		end = at + length;
		passed = wire_skip(&wire, length) || feed_piece(&wire, stream.at + at, length);
		check_counts(&before, &wire, passed, end);
		buffer_add(onward, stream.at + at, length);
		make_edits(&wire, onward, end);
		take_methods(&wire, methods, wire.requests > 0 ? wire.requests - 1 : 0);
	}
	if (!passed)
		check_refusal_stays(&wire);
	take_methods(&wire, methods, wire.requests);
	onward->length -= end - (size_t)wire.begins + (size_t)wire.shift;
	struct wire_verdict verdict = verdict_of(&wire);
	wire_free(&wire);
	return verdict;
}

/* FNV-1a, by eight bytes and folded, since fuzzing waits for it. */
static uint64_t hash(uint64_t hash, const struct buffer *buffer)
{
	for (size_t i = 0; i < buffer->length; i += sizeof(uint64_t)) {
		size_t rest = buffer->length - i;
		uint64_t word = 0;

		memcpy(&word, buffer->data + i, rest < sizeof(word) ? rest : sizeof(word));
		hash = (hash ^ word) * 0x100000001b3;
		hash ^= hash >> 32;
	}
	return (hash ^ buffer->length) * 0x100000001b3;
}

struct wire_verdict wire_feed_pieces(struct text stream, size_t first, size_t step)
{
	struct buffer onward = { 0 }, methods = { 0 };
	struct wire_verdict verdict = feed_pieces(stream, first, step, &onward, &methods);

	verdict.onward = hash(hash(0xcbf29ce484222325, &onward), &methods);
	buffer_free(&onward);
	buffer_free(&methods);
	return verdict;
}

void wire_onward(struct text stream, struct buffer *onward, struct buffer *methods)
{
	feed_pieces(stream, stream.length, 1, onward, methods);
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

static void expect_pieces(struct text stream, size_t first, size_t step,
	const struct wire_verdict *expected, uint64_t onward)
{
	struct wire_verdict verdict = wire_feed_pieces(stream, first, step);

	CHECK_THAT(verdict.onward == onward, "in pieces of %zu, then %zu other bytes go on: %s",
		first, step, wire_shown(stream));
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
	uint64_t onward = wire_feed_whole(stream).onward;

	expect_pieces(stream, stream.length, 1, expected, onward);
	for (size_t step = 1; step < 8; step++)
		expect_pieces(stream, step, step, expected, onward);
	for (size_t cut = from; cut < to; cut++)
		expect_pieces(stream, cut, stream.length, expected, onward);
}

void wire_expect(struct text stream, const struct wire_verdict *expected)
{
	uint64_t onward = wire_feed_whole(stream).onward;

	expect_pieces(stream, stream.length, 1, expected, onward);
	for (size_t step = 1; step < 8; step++)
		expect_pieces(stream, step, step, expected, onward);
	for (size_t cut = 1; cut < stream.length; cut++)
		expect_pieces(stream, cut, stream.length, expected, onward);
}
