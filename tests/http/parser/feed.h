/*
 * The strict reader of a connection, fed with a stream in whatever pieces it may arrive; and what would go
 * on to evhttp of it, with the reader's edits made.
 */
#ifndef TESTS_FEED_H
#define TESTS_FEED_H

#include "base/buffer.h"
#include "http/parser.h"

#define WIRE_BODY_MOST 1000 /* the longest body that the readers here let pass */

/* What a reader has made of a stream. */
struct wire_verdict {
	int status; /* 0: nothing was refused */
	char detail[96];
	uint64_t requests;
	uint64_t begins;
	bool idle;
	bool head;
	uint64_t onward; /* a hash of what goes on of the whole requests, and of their methods */
};

/*
 * Feed a new reader the first bytes, then pieces of step bytes. Whatever the stream is: each piece
 * is a copy without a byte to spare, but what need not be seen is skipped; and after each the
 * reader's counts have to agree.
 */
struct wire_verdict wire_feed_pieces(struct text stream, size_t first, size_t step);

/* In one piece. */
struct wire_verdict wire_feed_whole(struct text stream);

/*
 * What goes on to evhttp of the whole requests, and their methods, of enum http_method in a byte each; both
 * to be freed.
 */
void wire_onward(struct text stream, struct buffer *onward, struct buffer *methods);

/* Whole, byte by byte, in small pieces, and cut in two at every point: always this verdict,
   and always the same goes on (the verdict's hash of it is not looked at). */
void wire_expect(struct text stream, const struct wire_verdict *expected);

/* As wire_expect(), cut in two only where near is at most 40 bytes away: for long streams. */
void wire_expect_near(struct text stream, size_t near, const struct wire_verdict *expected);

/* The beginning of a stream, with escapes, for a message; until the next call. */
const char *wire_shown(struct text stream);

#endif
