/*
 * Bodies of any length to a running server, piece by piece: the document {} with as much white
 * space in it as that takes. What is sent may be refused half-way: the reply is there to be read.
 */
#ifndef TESTS_WIRE_BODY_H
#define TESTS_WIRE_BODY_H

#include "user.h"

/* The head of a request with a body of that many bytes; headers are further lines with CR LF. */
void wire_body_head(struct client *client, const struct user *user, const char *method,
	const char *path, size_t length, const char *headers);

/* The head of a POST whose body comes in chunks. */
void wire_body_chunked(struct client *client, const struct user *user, const char *path);

/* A piece of the document, which begins with the first and ends with the last. */
void wire_body_piece(struct client *client, size_t length, bool first, bool last);

/* Such a piece as a chunk. */
void wire_body_chunk(struct client *client, size_t length, bool first, bool last);

/* The size of a chunk, and no more of it; 0 ends the body, once an empty line follows. */
void wire_body_size(struct client *client, size_t length);

#endif
