/* Feeds the strict parser, and checks it after each piece. */
#include "feed.h"

#include "check_main.h"

#include <stdio.h>
#include <string.h>

#define NEAR 40

static struct verdict verdict_of(const struct http_parser *parser)
{
	struct verdict verdict = {
		.status = parser->status,
		.requests = parser->requests,
		.request_start = parser->request_start,
		.idle = parser_is_idle(parser),
		.head = parser->method == HTTP_HEAD,
	};

	if (parser->detail != NULL)
		strncpy(verdict.detail, parser->detail, sizeof(verdict.detail) - 1);
	return verdict;
}

/* What always holds; the parser has been fed so many bytes of the stream. */
static void check_counts(
	const struct http_parser *before, const struct http_parser *parser, bool passed, size_t fed)
{
	bool refused = parser->state == PARSER_REFUSED;

	CHECK_THAT(passed != refused, "the answer is not what the state says");
	CHECK_THAT(refused == (parser->status != 0), "status %d", parser->status);
	CHECK_THAT(
		refused == (parser->detail != NULL), "a refusal without a detail, or the reverse");
	CHECK_THAT(parser->position <= fed, "a position that was not reached yet");
	CHECK_THAT(refused || parser->position == fed, "what passed was not counted");
	CHECK_THAT(
		parser->request_start <= parser->position, "a request that begins after its bytes");
	CHECK_THAT(parser->position >= before->position, "the position went back");
	CHECK_THAT(parser->request_start >= before->request_start, "the beginning went back");
	CHECK_THAT(parser->requests >= before->requests, "a request got lost");
	CHECK_THAT((parser->requests == before->requests) ==
			   (parser->request_start == before->request_start),
		"a request came in whole and the next does not begin, or the reverse");
	CHECK_THAT(!refused || !parser_is_idle(parser), "refused, and between two requests");
}

static bool feed_piece(struct http_parser *parser, const char *bytes, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);

	CHECK_THAT(copy != NULL, "no memory");
	memcpy(copy, bytes, length);
	bool passed = parser_feed(parser, copy, length);
	free(copy);
	return passed;
}

/* After a refusal, further bytes change nothing. */
static void check_refusal_stays(struct http_parser *parser)
{
	struct http_parser before = *parser;

	CHECK_THAT(!parser_feed(parser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27), "it went on");
	CHECK_THAT(parser->status == before.status && parser->detail == before.detail &&
			   parser->requests == before.requests &&
			   parser->request_start == before.request_start &&
			   parser->position == before.position,
		"a refusal changed");
}

/*
 * Make the edits in what has come, which ends at end in the stream. The last edit is made first, so
 * that the places of the others stay.
 */
static void make_edits(struct http_parser *parser, struct buffer *came, size_t end)
{
	size_t length = came->length, next = end;

	for (size_t i = parser->edit_count; i > 0; i--) {
		const struct parser_edit *edit = &parser->edits[i - 1];
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
	parser_clear_edits(parser);
}

static void take_methods(struct http_parser *parser, struct buffer *methods, uint64_t until)
{
	while (methods->length < until) {
		unsigned char method = (unsigned char)parser_take_method(parser);
		buffer_add(methods, &method, 1);
	}
}

static struct verdict feed_pieces(struct text stream, size_t first, size_t step,
	struct buffer *onward, struct buffer *methods)
{
	struct http_parser parser = { .small_body_max = FEED_BODY_MAX };
	size_t length = first, end = 0;
	bool passed = true;

	for (size_t at = 0; at < stream.length && passed; at += length, length = step) {
		struct http_parser before = parser;

		if (length > stream.length - at)
			length = stream.length - at;
		end = at + length;
		passed = parser_skip(&parser, length) ||
			 feed_piece(&parser, stream.data + at, length);
		check_counts(&before, &parser, passed, end);
		buffer_add(onward, stream.data + at, length);
		make_edits(&parser, onward, end);
		take_methods(&parser, methods, parser.requests > 0 ? parser.requests - 1 : 0);
	}
	if (!passed)
		check_refusal_stays(&parser);
	take_methods(&parser, methods, parser.requests);
	onward->length -= end - (size_t)parser.request_start + (size_t)parser.shift;
	struct verdict verdict = verdict_of(&parser);
	parser_free(&parser);
	return verdict;
}

/* FNV-1a by eight bytes, and folded: faster, for the sake of fuzzing. */
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

struct verdict feed_in_pieces(struct text stream, size_t first, size_t step)
{
	struct buffer onward = { 0 }, methods = { 0 };
	struct verdict verdict = feed_pieces(stream, first, step, &onward, &methods);

	verdict.onward = hash(hash(0xcbf29ce484222325, &onward), &methods);
	buffer_free(&onward);
	buffer_free(&methods);
	return verdict;
}

void feed_onward(struct text stream, struct buffer *onward, struct buffer *methods)
{
	feed_pieces(stream, stream.length, 1, onward, methods);
}

struct verdict feed_whole(struct text stream)
{
	return feed_in_pieces(stream, stream.length, 1);
}

const char *feed_shown(struct text stream)
{
	static char shown[400];
	size_t at = 0;

	for (size_t i = 0; i < stream.length && at < sizeof(shown) - 5; i++) {
		unsigned char c = (unsigned char)stream.data[i];
		bool plain = c >= ' ' && c <= '~';
		at += (size_t)snprintf(shown + at, 5, plain ? "%c" : "\\x%02x", c);
	}
	return shown;
}

static void expect_pieces(struct text stream, size_t first, size_t step,
	const struct verdict *expected, uint64_t onward)
{
	struct verdict verdict = feed_in_pieces(stream, first, step);

	CHECK_THAT(verdict.onward == onward, "in pieces of %zu, then %zu other bytes go on: %s",
		first, step, feed_shown(stream));
	CHECK_THAT(verdict.status == expected->status &&
			   strcmp(verdict.detail, expected->detail) == 0 &&
			   verdict.requests == expected->requests &&
			   verdict.request_start == expected->request_start &&
			   verdict.idle == expected->idle && verdict.head == expected->head,
		"in pieces of %zu, then %zu: %d (%s), %d requests, begins at %d, idle %d, "
		"head %d;\n"
		"not %d (%s), %d requests, begins at %d, idle %d, head %d: %s",
		first, step, verdict.status, verdict.detail, (int)verdict.requests,
		(int)verdict.request_start, verdict.idle, verdict.head, expected->status,
		expected->detail, (int)expected->requests, (int)expected->request_start,
		expected->idle, expected->head, feed_shown(stream));
}

void feed_expect_near(struct text stream, size_t near, const struct verdict *expected)
{
	size_t from = near > NEAR ? near - NEAR : 1;
	size_t to = near + NEAR < stream.length ? near + NEAR : stream.length;
	uint64_t onward = feed_whole(stream).onward;

	expect_pieces(stream, stream.length, 1, expected, onward);
	for (size_t step = 1; step < 8; step++)
		expect_pieces(stream, step, step, expected, onward);
	for (size_t cut = from; cut < to; cut++)
		expect_pieces(stream, cut, stream.length, expected, onward);
}

void feed_expect(struct text stream, const struct verdict *expected)
{
	uint64_t onward = feed_whole(stream).onward;

	expect_pieces(stream, stream.length, 1, expected, onward);
	for (size_t step = 1; step < 8; step++)
		expect_pieces(stream, step, step, expected, onward);
	for (size_t cut = 1; cut < stream.length; cut++)
		expect_pieces(stream, cut, stream.length, expected, onward);
}
