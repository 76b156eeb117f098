/*
 * The endpoint that no client asks for: it runs by itself, step by step, when there is time.
 */
#ifndef ENDPOINT_MAINTENANCE_H
#define ENDPOINT_MAINTENANCE_H

struct endpoint;
struct maintenance;
struct server;

/*
 * Begin with the endpoint's sql, which sets $account to the next account (NULL after the last one).
 */
struct maintenance *maintenance_start(struct server *server, const struct endpoint *endpoint);

/* No step is begun any more; one that is on its way may still come back. */
void maintenance_stop(struct maintenance *maintenance);

/* After the store was closed; NULL is none. */
void maintenance_free(struct maintenance *maintenance);

#endif
