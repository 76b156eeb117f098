/*
 * The API's description in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), made from the rows
 * that route, validate and reply, so that it cannot differ from what the server does.
 */
#include "describe/openapi.h"

#include "access/idempotency.h"
#include "describe/openapi_schema.h"
#include "http/method.h"
#include "reply/constant.h"
#include "reply/rows.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define PROBLEM_SCHEMA                                                                             \
	"{\"type\":\"object\",\"description\":\"RFC 9457\",\"properties\":{"                       \
	"\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"                          \
	"\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"                      \
	"\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"           \
	"\"pointer\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}},"                     \
	"\"required\":[\"pointer\",\"detail\"]}}},"                                                \
	"\"required\":[\"type\",\"title\",\"status\",\"detail\"]}"

#define PROBLEM_REPLY                                                                              \
	"{\"description\":\"What went wrong.\",\"content\":{\"application/problem+json\":{"        \
	"\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}"

#define SECURITY_SCHEMES                                                                           \
	"{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\","                                     \
	"\"description\":\"of a login, or a program's\"},"                                         \
	"\"session\":{\"type\":\"http\",\"scheme\":\"bearer\","                                    \
	"\"description\":\"of a login or a registration; a program's token gets 403\"},"           \
	"\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"todo_session\"}}"

static json_t *reference(const char *name)
{
	return json_pack("{s:s+}", "$ref", "#/components/schemas/", name);
}

static json_t *array_of(const struct shape *shape)
{
	return json_pack("{s:s, s:o}", "type", "array", "items", reference(shape->name));
}

/* A handler writes the reply. */
static bool is_open(const struct endpoint *endpoint)
{
	return endpoint->sql[0] == NULL && endpoint->finish[0] == NULL;
}

/* Whether an extra member is one of the rows, not of the reply. */
static bool is_in_rows(const struct endpoint *endpoint, const struct extra *extra)
{
	return extra->value == NULL && endpoint->array != NULL;
}

/* Members of the reply, or of its rows. */
static void add_extras(json_t *object, const struct endpoint *endpoint, bool in_rows)
{
	for (int i = 0; i < ENDPOINT_EXTRAS && endpoint->extra[i].name != NULL; i++) {
		const struct extra *extra = &endpoint->extra[i];

		if (is_in_rows(endpoint, extra) == in_rows)
			openapi_add_member(object, extra->name, !extra->optional,
				openapi_schema(extra->schema));
	}
}

/* The reply's own members; the rows' are in a schema of their own. */
static json_t *reply_members(const struct endpoint *endpoint)
{
	json_t *reply = openapi_object();

	if (endpoint->msg != NULL)
		openapi_add_member(reply, "msg", true, json_pack("{s:s}", "const", endpoint->msg));
	if (endpoint->username)
		openapi_add_member(reply, "username", true, openapi_schema(SCHEMA_TEXT));
	add_extras(reply, endpoint, false);
	if (endpoint->object != NULL)
		openapi_add_member(reply, endpoint->object, true, reference(endpoint->shape->name));
	if (endpoint->array != NULL)
		openapi_add_member(reply, endpoint->array, true, array_of(endpoint->shape));
	for (int i = 0; i < ENDPOINT_ARRAYS && endpoint->further[i].name != NULL; i++)
		openapi_add_member(reply, endpoint->further[i].name, true,
			array_of(endpoint->further[i].shape));
	if (is_open(endpoint))
		json_object_set_new(reply, "additionalProperties", json_true());
	return reply;
}

static void add_reply_header(json_t *headers, const char *name, bool required)
{
	json_object_set_new(headers, name,
		json_pack(
			"{s:b, s:o}", "required", required, "schema", openapi_schema(SCHEMA_TEXT)));
}

static json_t *reply_headers_of(const struct endpoint *endpoint)
{
	json_t *headers = json_object();

	if (endpoint->location != NULL)
		add_reply_header(headers, "Location", true);
	if (endpoint->etag == ETAG_ROW || endpoint->etag == ETAG_ACCOUNT ||
		(endpoint->etag == ETAG_CONDITIONS && endpoint->method == GET))
		add_reply_header(headers, "ETag", endpoint->list_query == NULL);
	if (endpoint->list_query != NULL)
		add_reply_header(headers, "Link", false);
	if (idempotency_applies(endpoint))
		add_reply_header(headers, "Idempotent-Replayed", false);
	return headers;
}

/* The reply of a request that went well. */
static json_t *success(const struct endpoint *endpoint)
{
	bool flat = endpoint->shape != NULL && endpoint->object == NULL && endpoint->array == NULL;
	json_t *schema = reply_members(endpoint);

	if (flat)
		schema = json_pack("{s:[o, o]}", "allOf", reference(endpoint->shape->name), schema);
	json_t *content = json_pack("{s:{s:o}}", "application/json", "schema", schema);
	if (!endpoint->raw)
		openapi_add_media(content, endpoint->media);
	return json_pack("{s:s, s:o, s:o}", "description",
		endpoint->msg != NULL ? endpoint->msg : "what was asked for", "content", content,
		"headers", reply_headers_of(endpoint));
}

static json_t *problem(const char *description)
{
	return json_pack("{s:s, s:s*}", "$ref", "#/components/responses/Problem", "description",
		description);
}

static json_t *responses(const struct endpoint *endpoint)
{
	json_t *replies = json_object();
	char status[16];

	snprintf(status, sizeof(status), "%d", reply_rows_status(endpoint));
	json_object_set_new(replies, status, success(endpoint));
	if (endpoint->method == GET && endpoint->etag != ETAG_NONE)
		json_object_set_new(replies, "304",
			json_pack("{s:s}", "description", "what the client has already"));
	if (endpoint->access == ACCESS_REGISTRATION)
		json_object_set_new(replies, "403", problem("no further accounts are made here"));
	json_object_set_new(replies, "4XX", problem(NULL));
	json_object_set_new(replies, "5XX", problem(NULL));
	return replies;
}

static json_t *security(const struct endpoint *endpoint)
{
	if (endpoint->access < SESSION)
		return json_array();
	return json_pack("[{s:[]}, {s:[]}]", endpoint->person ? "session" : "token", "cookie");
}

static json_t *operation(const struct route *route)
{
	const struct endpoint *endpoint = route->endpoint;
	char id[OPENAPI_ID];

	return json_pack("{s:s, s:s, s:o, s:o, s:o*, s:o}", "operationId",
		openapi_operation_id(endpoint, id), "summary", endpoint->name, "security",
		security(endpoint), "parameters", openapi_parameters(route), "requestBody",
		openapi_body(endpoint), "responses", responses(endpoint));
}

static void add_operation(json_t *paths, const struct route *route)
{
	const struct endpoint *endpoint = route->endpoint;
	json_t *path = json_object_get(paths, endpoint->path);
	const char *name = method_endpoint_name(endpoint->method);
	char method[16] = "";

	for (size_t i = 0; name[i] != '\0' && i < sizeof(method) - 1; i++)
		method[i] = (char)tolower((unsigned char)name[i]);
	if (path == NULL) {
		path = json_object();
		json_object_set_new(paths, endpoint->path, path);
	}
	json_object_set_new(path, method, operation(route));
}

/* A shape is added where it first occurs; with the extra members of its endpoint's rows. */
static void add_shape(
	json_t *schemas, const struct shape *shape, const struct endpoint *endpoint)
{
	json_t *object;
	char name[64];

	if (shape == NULL || json_object_get(schemas, shape->name) != NULL)
		return;
	object = openapi_object();
	for (const struct member *at = shape->members; at->name != NULL; at++) {
		struct text text = member_name(at);

		snprintf(name, sizeof(name), "%.*s", (int)text.length, text.data);
		openapi_add_member(
			object, name, at->name[text.length] == '\0', openapi_schema(at->schema));
	}
	if (endpoint != NULL)
		add_extras(object, endpoint, true);
	json_object_set_new(schemas, shape->name, object);
}

/* Schemas that have a name. */
static void add_schemas(json_t *schemas, const struct endpoint *endpoint)
{
	char id[OPENAPI_ID], name[OPENAPI_ID + sizeof("_body")];

	add_shape(schemas, endpoint->shape, endpoint);
	for (int i = 0; i < ENDPOINT_ARRAYS && endpoint->further[i].name != NULL; i++)
		add_shape(schemas, endpoint->further[i].shape, NULL);
	if (!openapi_has_inputs(endpoint, IN_BODY))
		return;
	snprintf(name, sizeof(name), "%s_body", openapi_operation_id(endpoint, id));
	json_object_set_new(schemas, name, openapi_body_schema(endpoint));
}

/* The member of a problem (412) that shows the current row. */
static void add_problem_row(json_t *problem, const struct endpoint *endpoint)
{
	json_t *members = json_object_get(problem, "properties");

	if (endpoint->object != NULL && endpoint->row_name != NULL)
		json_object_set_new(
			members, endpoint->row_name, reference(endpoint->shape->name));
}

/* OpenAPI has no place for another method than these (its Path Item Object). */
static bool is_described(const struct endpoint *endpoint)
{
	return endpoint->name != NULL &&
	       (endpoint->method & (GET | POST | PUT | PATCH | DELETE)) != 0;
}

json_t *openapi_make(const struct router *router)
{
	json_t *paths = json_object(), *schemas = json_object();
	json_t *problem = openapi_schema(PROBLEM_SCHEMA);
	const struct route *route;

	for (unsigned i = 0; (route = router_route(router, i)) != NULL; i++) {
		if (!is_described(route->endpoint))
			continue;
		add_operation(paths, route);
		add_schemas(schemas, route->endpoint);
		add_problem_row(problem, route->endpoint);
	}
	json_object_set_new(schemas, "Problem", problem);
	json_t *info = json_pack("{s:s, s:s, s:s}", "title", "todo", "version", TODO_VERSION,
		"summary", "A to-do service in one program and one file");
	json_t *components = json_pack("{s:o, s:{s:o}, s:o}", "schemas", schemas, "responses",
		"Problem", openapi_schema(PROBLEM_REPLY), "securitySchemes",
		openapi_schema(SECURITY_SCHEMES));
	return json_pack("{s:s, s:o, s:[{s:s}], s:o, s:o}", "openapi", "3.1.0", "info", info,
		"servers", "url", CONSTANT_PREFIX, "paths", paths, "components", components);
}
