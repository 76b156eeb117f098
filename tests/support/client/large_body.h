/*
 * Sends bodies of any length to a running server, piece by piece: the document {} with white space
 * in it. The server may refuse them half-way; the reply can then be read.
 */
#ifndef TESTS_LARGE_BODY_H
#define TESTS_LARGE_BODY_H

#include "user.h"

/* The head of a request with a body of so many bytes; headers are further lines with CR LF. */
void large_body_head(struct client *client, const struct user *user, const char *method,
	const char *path, size_t length, const char *headers);

/* The head of a POST whose body comes in chunks. */
void large_body_chunked(struct client *client, const struct user *user, const char *path);

/* A piece of the document; first and last say whether it is the first and the last one. */
void large_body_piece(struct client *client, size_t length, bool first, bool last);

/* The same as a chunk. */
void large_body_chunk(struct client *client, size_t length, bool first, bool last);

/* The size line of a chunk alone; 0 ends the body, once an empty line follows. */
void large_body_size(struct client *client, size_t length);

#endif
