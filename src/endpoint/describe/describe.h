/*
 * What the server says of its API. The routes do not change, so it is said once. Loop thread.
 */
#ifndef ENDPOINT_DESCRIBE_H
#define ENDPOINT_DESCRIBE_H

struct descriptions;
struct router;

/* To be freed by descriptions_free(), for which NULL is none. */
struct descriptions *descriptions_make(const struct router *router);
void descriptions_free(struct descriptions *descriptions);

#endif
