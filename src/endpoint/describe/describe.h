/*
 * Descriptions of the API: OpenAPI, a page, a list. They are made once, at the start. Loop thread.
 */
#ifndef ENDPOINT_DESCRIBE_H
#define ENDPOINT_DESCRIBE_H

struct descriptions;
struct router;

/* To be freed by descriptions_free(), for which NULL is none. */
struct descriptions *descriptions_make(const struct router *router);
void descriptions_free(struct descriptions *descriptions);

#endif
