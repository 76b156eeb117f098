/*
 * The server: listens, takes requests to their endpoints, and stops with grace. Loop thread.
 */
#ifndef ENDPOINT_SERVER_H
#define ENDPOINT_SERVER_H

#include "endpoint/server_settings.h"

struct access_sql;
struct event_base;
struct endpoint;
struct server;
struct store;

/*
 * Listen on the address and port without taking connections yet. NULL on failure, and *why is a
 * line for the user, to be freed.
 */
struct server *server_open(
	struct event_base *base, const struct server_settings *settings, char **why);

/*
 * Prepare every statement of the tables (NULL-terminated; of rows that end with one without a
 * path), start the store and take connections. The endpoint maintenance, which is one of them, is run
 * when there is time; sweep is the table of those that remove what large changes leave behind; sql are
 * the statements that endpoints have in common.
 */
void server_start(struct server *server, struct store *store, const struct endpoint *const *tables,
	const struct endpoint *maintenance, const struct endpoint *sweep,
	const struct access_sql *sql);

/* The port in use. */
int server_port(const struct server *server);

/*
 * Take no more connections and close the idle ones; when the last request is done, or after ten
 * seconds, break the loop. To be called once.
 */
void server_stop(struct server *server);

/*
 * After the loop has ended: what still comes back from the store is answered with 503, and no
 * password is hashed any more. Then close the store, then free the server.
 */
void server_close(struct server *server);
void server_free(struct server *server);

#endif
