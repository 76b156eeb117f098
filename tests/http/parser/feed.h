/*
 * Feeds a stream to the strict parser, in pieces of any size, and makes the parser's edits: what is
 * left is what evhttp would get.
 */
#ifndef TESTS_FEED_H
#define TESTS_FEED_H

#include "base/buffer.h"
#include "http/parser.h"

#define FEED_BODY_MAX 1000 /* the longest body that these parsers let pass */

/* What a parser has made of a stream. */
struct verdict {
	int status; /* 0: nothing was refused */
	char detail[96];
	uint64_t requests;
	uint64_t request_start;
	bool idle;
	bool head;
	uint64_t onward; /* a hash of what evhttp gets of whole requests, and of their methods */
};

/*
 * Feed a new parser the first bytes, then pieces of step bytes. Each piece is a copy of exactly its
 * size, unless the parser can skip it. After each piece the parser's counts have to agree.
 */
struct verdict feed_in_pieces(struct text stream, size_t first, size_t step);

/* In one piece. */
struct verdict feed_whole(struct text stream);

/*
 * What evhttp gets of the whole requests, and their methods, each an enum http_method in a byte.
 * The caller frees both.
 */
void feed_onward(struct text stream, struct buffer *onward, struct buffer *methods);

/*
 * Feed it whole, byte by byte, in small pieces, and cut in two at every point: the verdict has to
 * be this one each time, but for its hash, and evhttp has to get the same each time.
 */
void feed_expect(struct text stream, const struct verdict *expected);

/* As feed_expect(), but cut in two at most 40 bytes from near: for long streams. */
void feed_expect_near(struct text stream, size_t near, const struct verdict *expected);

/* The beginning of a stream, with escapes, for a message; valid until the next call. */
const char *feed_shown(struct text stream);

#endif
