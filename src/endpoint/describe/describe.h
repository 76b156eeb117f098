/*
 * What the server says of its API. The routes do not change, so it is said once. Loop thread.
 */
#ifndef ENDPOINT_DESCRIBE_H
#define ENDPOINT_DESCRIBE_H

#include "reply/constant.h"

#include <jansson.h>

struct router;

struct descriptions {
	struct constant openapi, docs, route_list;
};

void descriptions_make(struct descriptions *descriptions, const struct router *router);
void descriptions_free(struct descriptions *descriptions);

/* Each a file of its name: the text, with CONSTANT_PREFIX where the prefix stands. */
struct buffer openapi_write(const struct router *router);
struct buffer docs_write(const struct router *router);
struct buffer route_list_write(const struct router *router);

/* openapi_value.c: a value as compact text; its members stay in their order. It is freed. */
struct buffer description_dump(json_t *value);

#endif
