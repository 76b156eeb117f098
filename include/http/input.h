/*
 * The input of a connection: the parser reads it before evhttp does, and large bodies in it need a
 * session and memory. Loop thread.
 */
#ifndef HTTP_INPUT_H
#define HTTP_INPUT_H

#include "http/connection.h"

/* Let the parser see what comes in from now on. */
void connection_watch_input(struct connection *connection);

/* The parser's on_large_body; its owner is the connection. */
bool connection_on_large_body(struct http_parser *parser);

/* A lookup has ended: whether the session is good, and its account. Frees the lookup. */
void connection_finish_lookup(struct session_lookup *lookup, bool good, int64_t account);

/* The connection closes: give back everything, and detach from the lookup. */
void connection_drop_body(struct connection *connection);

#endif
