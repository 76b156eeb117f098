/*
 * What the server says of its API. The routes do not change, so it is said once. Loop thread.
 */
#ifndef ENDPOINT_DESCRIBE_H
#define ENDPOINT_DESCRIBE_H

#include "reply/constant.h"

struct router;

struct descriptions {
	struct constant openapi, docs, route_list;
};

void descriptions_make(struct descriptions *descriptions, const struct router *router);
void descriptions_free(struct descriptions *descriptions);

#endif
