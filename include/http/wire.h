/*
 * The strict reader of what comes in on a connection: RFC 9112's framing, and nothing that could
 * be read in two ways. It sees every byte before evhttp does, and keeps none but the request line,
 * what says who asks, and the line that is not yet whole. No I/O of its own; one connection's, on its thread.
 */
#ifndef HTTP_WIRE_H
#define HTTP_WIRE_H

#include "base/buffer.h"
#include "base/text.h"
#include "http/header.h"

#include <stdbool.h>
#include <stdint.h>

#define WIRE_LINE_MOST ((size_t)8 << 10)     /* a request line; above: 414 */
#define WIRE_HEADERS_MOST ((size_t)16 << 10) /* a header section; above: 431 */
#define WIRE_LINES_MOST                                                                            \
	500 /* lines of a header section; above: 431: evhttp takes 100 bytes for each */

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

struct wire {
	enum wire_state state;
	struct buffer line;		     /* the part of a line that came without its end */
	struct buffer asked;		     /* the request line, once it is there */
	struct buffer authorization, cookie; /* those headers' first values, terminated; or empty */
	size_t header_bytes;		     /* of this request's header section so far */
	unsigned header_lines;		     /* the same */
	uint64_t left;			     /* bytes of the body or chunk still to come */
	uint64_t body_most;		     /* that a body has unasked; set by the owner */
	uint64_t body_bytes;		     /* that are announced, of a chunked body so far */
	uint64_t position;		     /* in the stream: of the next byte */
	uint64_t begins;		     /* in the stream: where this request does */
	uint64_t requests;		     /* that came in whole */

	bool has_host, has_length, chunked; /* what the header section has said so far */
	bool old;			    /* HTTP/1.0 */
	bool bodiless;			    /* a method whose body evhttp would not read */
	bool head;			    /* HEAD: a refusal has no body either */
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

/* How much has come of the body that is on its way. */
uint64_t wire_body_came(const struct wire *wire);

/* Whether the body that is on its way is longer than one may be unasked. */
bool wire_is_large(const struct wire *wire);

/* Whether the stream stands between two requests. */
bool wire_is_idle(const struct wire *wire);

void wire_free(struct wire *wire);

/* Refuse what is on its way; always false. */
bool wire_refuse(struct wire *wire, int status, const char *detail);

/* The lines of a head, without CR LF; false where they refuse it. For wire_feed() alone. */
bool wire_request_line(struct wire *wire, struct text line);
bool wire_header_line(struct wire *wire, struct text line);

#endif
