/*
 * What comes in on a connection, and the large bodies in it. Loop thread.
 */
#ifndef HTTP_INPUT_H
#define HTTP_INPUT_H

#include "http/connection.h"

/* From now on the parser sees what comes in. */
void connection_watch_input(struct connection *connection);

/* what fits a process that may use so many bytes of memory. */
struct byte_limits connection_byte_limits(uint64_t memory);

/* whether the session that was asked for is good, and whose. Frees the question. */
void connection_answer(struct question *question, bool good, int64_t account);

/* the connection goes: it needs no answer, and holds nothing. */
void connection_body_ends(struct connection *connection);

/* the parser's question about a body that is longer than an ordinary one. */
bool connection_body_grows(struct http_parser *parser);

/* what it held of large bodies is no longer here, but for so many bytes. */
void connection_release(struct connection *connection, uint64_t kept);

#endif
