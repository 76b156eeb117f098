/*
 * The lines of a request's head, and what chunk and trailer lines share with them. For parser.c
 * alone.
 */
#ifndef HTTP_PARSER_HEAD_H
#define HTTP_PARSER_HEAD_H

#include "http/parser_state.h"

/* Read a line of the head, without its CR LF. False if it is refused. */
bool parser_take_request_line(struct http_parser *parser, struct text line);
bool parser_take_header_line(struct http_parser *parser, struct text line);

/* In the last complete line, replace length bytes at offset; with is a constant. */
void parser_add_edit(struct http_parser *parser, size_t offset, size_t length, struct text with);

/*
 * Cut text at the first c: *before is what precedes it, and *text what follows. False: there is
 * none.
 */
bool parser_cut(struct text *text, char c, struct text *before);

/* A token (RFC 9110, 5.6.2). */
bool parser_is_token(struct text text);

/*
 * The characters of a field value (RFC 9110, 5.5): visible ones, space, tab, and bytes above 127.
 */
bool parser_is_field_value(struct text text);

/* Split a field line into its name and its value, trimmed. False if it is refused. */
bool parser_split_field(
	struct http_parser *parser, struct text line, struct text *name, struct text *value);

#endif
