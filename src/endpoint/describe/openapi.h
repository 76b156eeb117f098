/*
 * What the parts of the API's description share. Loop thread.
 */
#ifndef ENDPOINT_OPENAPI_H
#define ENDPOINT_OPENAPI_H

#include "request.h"

/*
 * openapi.c: the document in two parts, each to be freed by the caller: what depends on the prefix of
 * our paths, which stands first; and the rest of it.
 */
struct buffer openapi_write_head(struct text prefix);
struct buffer openapi_write_rest(const struct router *router);

void openapi_add(struct buffer *out, const char *text);

/* A comma, but not behind what opens a list or an object. */
void openapi_separate(struct buffer *out);

/* The next member's name and colon; the next string of a list, where it is not NULL. */
void openapi_key(struct buffer *out, const char *key);
void openapi_name(struct buffer *out, const char *name);

void openapi_operation_id(struct buffer *out, const struct endpoint *endpoint);

/* Further media types than JSON, as text, from a list of words. */
void openapi_media(struct buffer *out, const char *media);

/* openapi_input.c: what an endpoint takes: its parameters, its body, and that body's schema. */
bool openapi_has_inputs(const struct endpoint *endpoint, enum source source);
void openapi_parameters(struct buffer *out, const struct route *route);
void openapi_body(struct buffer *out, const struct endpoint *endpoint);
void openapi_body_schema(struct buffer *out, const struct endpoint *endpoint);

#endif
