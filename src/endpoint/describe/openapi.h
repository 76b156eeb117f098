/*
 * The API's description for programs (OpenAPI 3.1).
 */
#ifndef ENDPOINT_OPENAPI_H
#define ENDPOINT_OPENAPI_H

#include <jansson.h>

struct router;

/*
 * The document, with CONSTANT_PREFIX as the mark of the prefix; to be freed with json_decref().
 * Loop thread.
 */
json_t *openapi_make(const struct router *router);

#endif
