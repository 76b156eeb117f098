/*
 * How the server is doing, as far as it has to be found out: whether the writer still comes round,
 * and how many sessions there are. Both are asked of the store by jobs of their own, of which there
 * is at most one at a time, so that nobody who asks here waits, or makes work by asking often.
 * Loop thread.
 */
#ifndef ENDPOINT_HEALTH_H
#define ENDPOINT_HEALTH_H

struct health;
struct access_sql;
struct server;

/* Prepare the statement, before store_start(); and count once, after it. */
struct health *health_prepare(struct server *server, const struct access_sql *sql);
void health_start(struct server *server);

/* After the store was closed; NULL is none. */
void health_free(struct health *health);

#endif
