/*
 * The API's description in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), made from the rows
 * that route, validate and reply: what is not in them is not said, and what is said is so.
 */
#include "describe/openapi.h"

#include "access/answer.h"
#include "base/json.h"
#include "http/method.h"

#include <ctype.h>
#include <string.h>

#define PROBLEM_SCHEMA                                                                             \
	"{\"type\":\"object\",\"description\":\"RFC 9457\",\"properties\":{"                       \
	"\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"                          \
	"\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"                      \
	"\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"           \
	"\"pointer\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}},"                     \
	"\"required\":[\"pointer\",\"detail\"]}},"                                                 \
	"\"task\":{\"$ref\":\"#/components/schemas/Task\"}},"                                      \
	"\"required\":[\"type\",\"title\",\"status\",\"detail\"]}"

#define COMPONENTS_END                                                                             \
	"\"Problem\":" PROBLEM_SCHEMA "},\"responses\":{\"Problem\":{"                             \
	"\"description\":\"What went wrong.\",\"content\":{\"application/problem+json\":{"         \
	"\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}},\"securitySchemes\":{"         \
	"\"token\":{\"type\":\"http\",\"scheme\":\"bearer\","                                      \
	"\"description\":\"of a login, or a program's\"},"                                         \
	"\"session\":{\"type\":\"http\",\"scheme\":\"bearer\","                                    \
	"\"description\":\"of a login or a registration; a program's token gets 403\"},"           \
	"\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"todo_session\"}}}}"

static void add_reference(struct buffer *out, const char *name)
{
	buffer_add_format(out, "{\"$ref\":\"#/components/schemas/%s\"}", name);
}

static void add_array(struct buffer *out, const char *name, const struct shape *shape)
{
	openapi_key(out, name);
	openapi_add(out, "{\"type\":\"array\",\"items\":");
	add_reference(out, shape->name);
	openapi_add(out, "}");
}

/* A handler writes it, as it likes. */
static bool is_open(const struct endpoint *endpoint)
{
	return endpoint->sql[0] == NULL && endpoint->finish[0] == NULL;
}

/* The reply's own members; the rows' are in a schema of their own. */
static void add_reply_members(struct buffer *out, const struct endpoint *endpoint)
{
	openapi_add(out, "{\"type\":\"object\",\"properties\":{");
	if (endpoint->msg != NULL) {
		openapi_key(out, "msg");
		openapi_add(out, "{\"const\":");
		json_write_text(out, text_of(endpoint->msg));
		openapi_add(out, "}");
	}
	if (endpoint->username) {
		openapi_key(out, "username");
		openapi_add(out, SCHEMA_TEXT);
	}
	for (int i = 0; i < ENDPOINT_EXTRAS && endpoint->extra[i].name != NULL; i++) {
		openapi_key(out, endpoint->extra[i].name);
		openapi_add(out, endpoint->extra[i].schema);
	}
	if (endpoint->one != NULL) {
		openapi_key(out, endpoint->one);
		add_reference(out, endpoint->shape->name);
	}
	if (endpoint->many != NULL)
		add_array(out, endpoint->many, endpoint->shape);
	if (endpoint->then != NULL)
		add_array(out, endpoint->then, endpoint->rest_shape);
	openapi_add(out, "},\"required\":[");
	openapi_name(out, endpoint->msg != NULL ? "msg" : NULL);
	openapi_name(out, endpoint->username ? "username" : NULL);
	for (int i = 0; i < ENDPOINT_EXTRAS && endpoint->extra[i].name != NULL; i++)
		openapi_name(out, endpoint->extra[i].optional ? NULL : endpoint->extra[i].name);
	openapi_name(out, endpoint->one);
	openapi_name(out, endpoint->many);
	openapi_name(out, endpoint->then);
	openapi_add(out, is_open(endpoint) ? "],\"additionalProperties\":true}" : "]}");
}

static void add_reply_header(struct buffer *out, const char *name, bool required)
{
	openapi_key(out, name);
	buffer_add_format(
		out, "{\"required\":%s,\"schema\":" SCHEMA_TEXT "}", required ? "true" : "false");
}

static void add_reply_headers(struct buffer *out, const struct endpoint *endpoint)
{
	openapi_add(out, ",\"headers\":{");
	if (endpoint->location != NULL)
		add_reply_header(out, "Location", true);
	if (endpoint->etag == ETAG_ROW || endpoint->etag == ETAG_ACCOUNT ||
		(endpoint->etag == ETAG_CONDITIONS && endpoint->method == GET))
		add_reply_header(out, "ETag", endpoint->listing == NULL);
	if (endpoint->listing != NULL)
		add_reply_header(out, "Link", false);
	if (answer_is_heeded(endpoint))
		add_reply_header(out, "Idempotent-Replayed", false);
	openapi_add(out, "}");
}

static void add_reply(struct buffer *out, const struct endpoint *endpoint)
{
	bool flat = endpoint->shape != NULL && endpoint->one == NULL && endpoint->many == NULL;

	buffer_add_format(out,
		",\"responses\":{\"%d\":{\"description\":\"%s\",\"content\":{"
		"\"application/json\":{\"schema\":",
		reply_rows_status(endpoint),
		endpoint->msg != NULL ? endpoint->msg : "what was asked for");
	if (flat) {
		openapi_add(out, "{\"allOf\":[");
		add_reference(out, endpoint->shape->name);
		openapi_add(out, ",");
	}
	add_reply_members(out, endpoint);
	openapi_add(out, flat ? "]}}" : "}");
	if (!endpoint->raw)
		openapi_media(out, endpoint->media);
	openapi_add(out, "}");
	add_reply_headers(out, endpoint);
	openapi_add(out, "}");
	if (endpoint->method == GET && endpoint->etag != ETAG_NONE)
		openapi_add(out, ",\"304\":{\"description\":\"what the client has already\"}");
	if (endpoint->access == NEWCOMER)
		openapi_add(out, ",\"403\":{\"$ref\":\"#/components/responses/Problem\","
				 "\"description\":\"no further accounts are made here\"}");
	openapi_add(out, ",\"4XX\":{\"$ref\":\"#/components/responses/Problem\"},"
			 "\"5XX\":{\"$ref\":\"#/components/responses/Problem\"}}");
}

static void add_security(struct buffer *out, const struct endpoint *endpoint)
{
	openapi_add(out, ",\"security\":[");
	if (endpoint->access >= SESSION)
		openapi_add(out, endpoint->person ? "{\"session\":[]},{\"cookie\":[]}"
						  : "{\"token\":[]},{\"cookie\":[]}");
	openapi_add(out, "]");
}

static void add_operation(struct buffer *out, const struct route *route)
{
	const struct endpoint *endpoint = route->endpoint;

	openapi_separate(out);
	openapi_add(out, "\"");
	for (const char *c = method_endpoint_name(endpoint->method); *c != '\0'; c++)
		buffer_add_format(out, "%c", tolower(*c));
	openapi_add(out, "\":{\"operationId\":\"");
	openapi_operation_id(out, endpoint);
	openapi_add(out, "\",\"summary\":");
	json_write_text(out, text_of(endpoint->name));
	add_security(out, endpoint);
	openapi_parameters(out, route);
	openapi_body(out, endpoint);
	add_reply(out, endpoint);
	openapi_add(out, "}");
}

/* OpenAPI has no place for another method than these (its Path Item Object). */
static bool is_operation(const struct route *route, const char *path)
{
	return (route->endpoint->method & (GET | POST | PUT | PATCH | DELETE)) != 0 &&
	       strcmp(route->endpoint->path, path) == 0;
}

/* All methods of one path, where this is its first route. */
static void add_path(struct buffer *out, const struct router *router, unsigned first)
{
	const char *path = router_route(router, first)->endpoint->path;
	const struct route *route;

	for (unsigned i = 0; i < first; i++)
		if (strcmp(router_route(router, i)->endpoint->path, path) == 0)
			return;
	openapi_key(out, path);
	openapi_add(out, "{");
	for (unsigned i = first; (route = router_route(router, i)) != NULL; i++)
		if (is_operation(route, path))
			add_operation(out, route);
	openapi_add(out, "}");
}

static void add_shape(struct buffer *out, const struct shape *shape)
{
	openapi_key(out, shape->name);
	openapi_add(out, "{\"type\":\"object\",\"properties\":{");
	for (const struct member *member = shape->members; member->name != NULL; member++) {
		openapi_key(out, member->name);
		openapi_add(out, member->schema);
	}
	openapi_add(out, "},\"required\":[");
	for (const struct member *member = shape->members; member->name != NULL; member++)
		openapi_name(out, member->name);
	openapi_add(out, "]}");
}

/* Of what has a name; a shape stands where it comes first. */
static void add_schemas(struct buffer *out, const struct router *router, unsigned index)
{
	const struct endpoint *endpoint = router_route(router, index)->endpoint;
	bool known = endpoint->shape == NULL;

	for (unsigned i = 0; i < index; i++) {
		const struct endpoint *other = router_route(router, i)->endpoint;
		known |= other->name != NULL && other->shape == endpoint->shape;
	}
	if (!known)
		add_shape(out, endpoint->shape);
	if (openapi_has_inputs(endpoint, BODY))
		openapi_body_schema(out, endpoint);
}

struct buffer openapi_write_head(struct text prefix)
{
	struct buffer out = { 0 };

	openapi_add(&out,
		"{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"todo\",\"version\":\"" TODO_VERSION
		"\",\"summary\":\"A to-do service in one program and one file\"},"
		"\"servers\":[{\"url\":");
	json_write_text(&out, prefix.length > 0 ? prefix : TEXT("/"));
	return out;
}

struct buffer openapi_write_rest(const struct router *router)
{
	struct buffer out = { 0 };

	openapi_add(&out, "}],\"paths\":{");
	for (unsigned i = 0; router_route(router, i) != NULL; i++)
		if (router_route(router, i)->endpoint->name != NULL)
			add_path(&out, router, i);
	openapi_add(&out, "},\"components\":{\"schemas\":{");
	for (unsigned i = 0; router_route(router, i) != NULL; i++)
		if (router_route(router, i)->endpoint->name != NULL)
			add_schemas(&out, router, i);
	openapi_separate(&out);
	openapi_add(&out, COMPONENTS_END);
	return out;
}
