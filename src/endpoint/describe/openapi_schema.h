/*
 * What the OpenAPI document is made of: schemas, parameters and bodies. Values are new ones, to
 * be freed by the caller with json_decref(). Loop thread.
 */
#ifndef ENDPOINT_OPENAPI_SCHEMA_H
#define ENDPOINT_OPENAPI_SCHEMA_H

#include "route/route.h"

#include <jansson.h>

#define OPENAPI_ID 80 /* bytes of an operation's name, terminated */

/* What an endpoint takes; openapi_body() is NULL where that is no body. */
json_t *openapi_parameters(const struct route *route);
json_t *openapi_body(const struct endpoint *endpoint);
json_t *openapi_body_schema(const struct endpoint *endpoint);
bool openapi_has_inputs(const struct endpoint *endpoint, enum source source);

/* A schema that a row of ours has as text. */
json_t *openapi_schema(const char *text);

/* The schema of an object without members, and one more of them. */
json_t *openapi_object(void);
void openapi_add_member(json_t *object, const char *name, bool required, json_t *schema);

/* Further media types than JSON, as text, from a list of words. */
void openapi_add_media(json_t *content, const char *media);

/* The endpoint's name as an identifier. */
const char *openapi_operation_id(const struct endpoint *endpoint, char id[OPENAPI_ID]);

#endif
