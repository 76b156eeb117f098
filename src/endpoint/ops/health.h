/*
 * The state of health that has to be found out: whether the writer still works, and how many
 * sessions there are. Both come from jobs of their own, of which there is at most one at a time.
 * So no request waits for them, and many requests make no more of them. Loop thread.
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
