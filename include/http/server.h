/*
 * The server: listens, takes requests to their endpoints, and stops with grace. Loop thread.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

struct event_base;
struct endpoint;
struct server;
struct store;

/*
 * Listen on an address ("127.0.0.1", "::1", ...) and a port (0: a free one) without taking
 * connections yet. The host names in the list, which commas or spaces separate, are answered to
 * beside localhost and IP addresses; the list must stay. NULL on failure, and *why is a line for
 * the user, to be freed.
 */
struct server *server_open(
	struct event_base *base, const char *host, int port, const char *names, char **why);

/*
 * Prepare every statement of the tables (NULL-terminated; of rows that end with one without a
 * path), start the store and take connections. The endpoint upkeep, which is one of them, is run
 * when there is time; changes are kept for keep_days.
 */
void server_start(struct server *server, struct store *store, const struct endpoint *const *tables,
	const struct endpoint *upkeep, int keep_days);

/* The port in use. */
int server_port(const struct server *server);

/*
 * Take no more connections and close the idle ones; when the last request is done, or after ten
 * seconds, break the loop. A second call breaks it at once.
 */
void server_stop(struct server *server);

/*
 * After the loop has ended: what still comes back from the store is answered with 503, and no
 * password is hashed any more. Then close the store, then free the server.
 */
void server_close(struct server *server);
void server_free(struct server *server);

#endif
