/*
 * The lines of a request's head, and what the lines of chunks and trailers have in common with them.
 * For parser.c alone.
 */
#ifndef HTTP_PARSER_HEAD_H
#define HTTP_PARSER_HEAD_H

#include "http/parser.h"

/* The lines of a head, without CR LF; false where they refuse it. */
bool wire_request_line(struct wire *wire, struct text line);
bool wire_header_line(struct wire *wire, struct text line);

/* Of the line that was last whole, instead of length bytes of it other ones go on. */
void wire_edit(struct wire *wire, size_t offset, size_t length, struct text with);

/* Cut text at the first c: what stands before it, and the rest after it in *text. False: there is none. */
bool wire_cut(struct text *text, char c, struct text *before);

/* A token (RFC 9110, 5.6.2); and what a value consists of (5.5): visible, space, tab, above 127. */
bool wire_is_token(struct text text);
bool wire_is_field_value(struct text text);

/* Cut a field's line into its name and, without white space around it, its value; false: refused. */
bool wire_field(struct wire *wire, struct text line, struct text *name, struct text *value);

#endif
