/*
 * The strict reader of what comes in on a connection: RFC 9112's framing, and nothing that could
 * be read in two ways. It sees every byte before evhttp does, and keeps none but the request line,
 * what says who asks, and the line that is not yet whole. What is well-formed and evhttp cannot read, or
 * would take for something else, it has rewritten on the way there (wire_edit). No I/O of its own; one
 * connection's, on its thread.
 */
#ifndef HTTP_PARSER_H
#define HTTP_PARSER_H

#include "base/buffer.h"
#include "base/text.h"
#include "http/header.h"
#include "http/method.h"

#include <stdbool.h>
#include <stdint.h>

#define WIRE_LINE_MOST ((size_t)8 << 10) /* a request line; above: 414 */

/*
 * A header section, and its lines, for each of which evhttp takes 100 bytes; above: 431. What chunks have
 * beside their data, extensions and trailer fields, may be as much once more.
 */
#define WIRE_HEADERS_MOST ((size_t)16 << 10)
#define WIRE_LINES_MOST 500

enum wire_state {
	WIRE_REQUEST_LINE,
	WIRE_HEADER,
	WIRE_BODY,
	WIRE_CHUNK_SIZE,
	WIRE_CHUNK_DATA,
	WIRE_CHUNK_END,
	WIRE_TRAILER,
	WIRE_REFUSED,
};

/* In the stream, bytes of one line, and what goes on to evhttp instead: a constant, perhaps nothing. */
struct wire_edit {
	uint64_t at;
	size_t length;
	struct text with;
};

struct wire {
	enum wire_state state;
	struct buffer line;		     /* the part of a line that came without its end */
	struct buffer asked;		     /* the request line, once it is there */
	struct buffer authorization, cookie; /* those headers' first values, terminated; or empty */
	enum http_method method;	     /* of this request, once its line is there */
	size_t header_bytes;	 /* of this request's header section so far; then of its chunks' */
	unsigned header_lines;	 /* the same */
	uint64_t left;		 /* bytes of the body or chunk still to come */
	uint64_t body_most;	 /* that a body has unasked; set by the owner */
	uint64_t body_bytes;	 /* that are announced, of a chunked body so far */
	uint64_t position;	 /* in the stream: of the next byte */
	uint64_t begins;	 /* in the stream: where this request does */
	uint64_t line_begins;	 /* in the stream: where the line that was last whole does */
	uint64_t requests;	 /* that came in whole */
	struct buffer methods;	 /* of those that nobody has taken yet, a byte each */
	size_t methods_taken;	 /* of these bytes; they are gone */
	struct wire_edit *edits; /* that the owner has not made yet, in their order */
	size_t edit_count, edit_room;
	int64_t shift; /* bytes that this request's edits have made it longer */

	bool has_host, has_length, chunked; /* what the header section has said so far */
	bool old;			    /* HTTP/1.0 */
	char id[REQUEST_ID_MOST + 1];	    /* what the client calls it, terminated; "" */

	/*
	 * Set by the owner: asked where body_bytes is beyond body_most, and for each chunk more. True
	 * lets the body go on, else it has refused it. NULL: no body may be that long.
	 */
	bool (*grows)(struct wire *wire);
	void *owner;
	uint64_t granted, held; /* the owner's notes on this request; 0 when it begins */
	bool admitted;		/* the same */

	int status;	    /* of the refusal, once refused */
	const char *detail; /* of the refusal: a constant sentence */
};

/*
 * Take the next bytes of the stream. False where it may not be passed on from begins: status and
 * detail say why.
 */
bool wire_feed(struct wire *wire, const char *bytes, size_t length);

/*
 * Take the next bytes without a look at them, where they are in the middle of a body or a chunk;
 * false where they are not, and wire_feed() has to see them.
 */
bool wire_skip(struct wire *wire, size_t length);

/* What the request that is on its way asks for; nothing before its request line has come. */
void wire_asked(const struct wire *wire, struct text *method, struct text *target);

/*
 * The method of the oldest request that came in whole and that this was not asked of before. There has
 * to be one.
 */
enum http_method wire_take_method(struct wire *wire);

/*
 * The owner has put what edits asks for in the place of what came: to be done before anybody else reads
 * it, after each wire_feed(), also one that refuses.
 */
void wire_edits_made(struct wire *wire);

/* How much has come of the body that is on its way. */
uint64_t wire_body_came(const struct wire *wire);

/* Whether the body that is on its way is longer than one may be unasked. */
bool wire_is_large(const struct wire *wire);

/* Whether the stream stands between two requests. */
bool wire_is_idle(const struct wire *wire);

void wire_free(struct wire *wire);

/* Refuse what is on its way; always false. */
static inline bool wire_refuse(struct wire *wire, int status, const char *detail)
{
	wire->state = WIRE_REFUSED;
	wire->status = status;
	wire->detail = detail;
	return false;
}

#endif
