/*
 * The strict HTTP/1 parser: RFC 9112's framing, and nothing that could be read in two ways. It sees
 * every byte of a connection before evhttp does. It keeps only the request line, the credentials,
 * the request id, and the line that is not yet complete. Some well-formed input evhttp cannot read,
 * or would misread: for it the parser lists edits, which the owner makes. No I/O. A parser belongs
 * to one connection, and to its thread.
 */
#ifndef HTTP_PARSER_H
#define HTTP_PARSER_H

#include "http/parser_state.h"

/*
 * Read the next bytes of the stream. False if they are refused: status and detail say why, and
 * nothing from request_start on may go to evhttp.
 */
bool parser_feed(struct http_parser *parser, const char *bytes, size_t length);

/*
 * Count the next bytes without reading them, if all of them are data in the middle of a body or
 * chunk. False if they are not: then parser_feed() has to read them.
 */
bool parser_skip(struct http_parser *parser, size_t length);

/* Method and target of the current request line; both are unchanged while there is none. */
void parser_request_line(
	const struct http_parser *parser, struct text *method, struct text *target);

/* Take the method of the oldest whole request whose method was not taken. There has to be one. */
enum http_method parser_take_method(struct http_parser *parser);

/*
 * Forget the edits, once the owner has made them. After each parser_feed(), also one that refuses,
 * the owner makes them before evhttp reads the input.
 */
void parser_clear_edits(struct http_parser *parser);

/* How many bytes of the current request's body have come. */
uint64_t parser_body_received(const struct http_parser *parser);

/* Whether the current body is longer than small_body_max. */
bool parser_is_large(const struct http_parser *parser);

/* Whether the stream is between two requests. */
bool parser_is_idle(const struct http_parser *parser);

void parser_free(struct http_parser *parser);

#endif
