/*
 * What a parser knows of a connection's requests, and its limits: see http/parser.h.
 */
#ifndef HTTP_PARSER_STATE_H
#define HTTP_PARSER_STATE_H

#include "base/buffer.h"
#include "base/text.h"
#include "http/header.h"
#include "http/method.h"

#include <stdbool.h>
#include <stdint.h>

#define PARSER_REQUEST_LINE_MAX ((size_t)8 << 10) /* bytes; above: 414 */

/*
 * Bytes and lines of a header section; above: 431. evhttp takes 100 bytes of memory for each line.
 * The chunk extensions and trailer fields of a body may together have as much once more.
 */
#define PARSER_HEADERS_MAX ((size_t)16 << 10)
#define PARSER_HEADER_LINES_MAX 500

enum parser_state {
	PARSER_REQUEST_LINE,
	PARSER_HEADER,
	PARSER_BODY,
	PARSER_CHUNK_SIZE,
	PARSER_CHUNK_DATA,
	PARSER_CHUNK_END,
	PARSER_TRAILER,
	PARSER_REFUSED,
};

/*
 * evhttp is to get other bytes than came: a constant, or nothing, in place of a part of one line.
 */
struct parser_edit {
	uint64_t at; /* in the stream */
	size_t length;
	struct text with;
};

struct http_parser {
	enum parser_state state;
	struct buffer line;		     /* the start of a line whose end has not come yet */
	struct buffer request_line;	     /* empty before it has come */
	struct buffer authorization, cookie; /* those headers' first values, terminated; or empty */
	enum http_method method;	     /* of this request, after its request line */
	size_t header_bytes;		     /* of the headers so far; then of chunk lines */
	unsigned header_lines;		     /* the same, in lines */
	uint64_t body_left;	   /* bytes of the body or of the chunk that have not come yet */
	uint64_t small_body_max;   /* bytes above which on_large_body is called; set by the owner */
	uint64_t body_bytes;	   /* announced; of a chunked body: by its chunks so far */
	uint64_t position;	   /* of the next byte, in the stream */
	uint64_t request_start;	   /* of this request, in the stream */
	uint64_t line_start;	   /* of the last complete line, in the stream */
	uint64_t requests;	   /* that have come whole */
	struct buffer methods;	   /* of whole requests, a byte each: parser_take_method() */
	size_t methods_taken;	   /* how many of these bytes were taken */
	struct parser_edit *edits; /* that the owner has not made yet, in their order */
	size_t edit_count, edit_capacity;
	int64_t shift; /* bytes by which this request's edits have made it longer */

	bool has_host, has_length, chunked; /* what the header section has said so far */
	bool is_http_1_0;
	char id[REQUEST_ID_MAX + 1]; /* the client's X-Request-Id, terminated; "" */

	/*
	 * Set by the owner: called when body_bytes exceeds small_body_max, and for each later
	 * chunk. It returns true to let the body go on, or refuses it and returns false. NULL:
	 * every such body is refused.
	 */
	bool (*on_large_body)(struct http_parser *parser);
	void *owner;

	/* The owner's notes on this request; zero when it begins. */
	uint64_t body_limit, body_reserved;
	bool admitted;

	int status;	    /* of the refusal, in PARSER_REFUSED */
	const char *detail; /* the same: a constant sentence */
};

/* Refuse the current request. Always false, so that a caller can return it. */
static inline bool parser_refuse(struct http_parser *parser, int status, const char *detail)
{
	parser->state = PARSER_REFUSED;
	parser->status = status;
	parser->detail = detail;
	return false;
}

#endif
