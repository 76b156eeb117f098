/*
 * Descriptions of the API: OpenAPI, a page, a list. Each is made once. Loop thread.
 */
#ifndef ENDPOINT_DESCRIBE_H
#define ENDPOINT_DESCRIBE_H

struct descriptions;
struct router;

/* Of the router, which outlives them. To be freed by descriptions_free(), for which NULL is none. */
struct descriptions *descriptions_make(const struct router *router);
void descriptions_free(struct descriptions *descriptions);

#endif
