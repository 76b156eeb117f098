/*
 * The API's description in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), made from the rows
 * that route, validate and reply: what is not in them is not said, and what is said is so.
 */
#include "request.h"

#include "base/json.h"
#include "serving.h"

#include <ctype.h>
#include <string.h>

#define PROBLEM_SCHEMA                                                                             \
	"{\"type\":\"object\",\"description\":\"RFC 9457\",\"properties\":{"                       \
	"\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"                          \
	"\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"                      \
	"\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"           \
	"\"pointer\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}},"                     \
	"\"required\":[\"pointer\",\"detail\"]}}},"                                                \
	"\"required\":[\"type\",\"title\",\"status\",\"detail\"]}"

#define COMPONENTS_END                                                                             \
	"\"Problem\":" PROBLEM_SCHEMA "},\"responses\":{\"Problem\":{"                             \
	"\"description\":\"What went wrong.\",\"content\":{\"application/problem+json\":{"         \
	"\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}},\"securitySchemes\":{"         \
	"\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"},"                                     \
	"\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"todo_session\"}}}}"

static void add(struct buffer *out, const char *text)
{
	buffer_add_text(out, text_of(text));
}

/* A comma, but not behind what opens a list or an object. */
static void separate(struct buffer *out)
{
	char last = out->data[out->length - 1];

	if (last != '{' && last != '[')
		add(out, ",");
}

static void add_key(struct buffer *out, const char *key)
{
	separate(out);
	json_write_text(out, text_of(key));
	add(out, ":");
}

static void add_operation_id(struct buffer *out, const struct endpoint *endpoint)
{
	for (const char *c = endpoint->name; *c != '\0'; c++)
		if (isalnum((unsigned char)*c) || *c == ' ')
			buffer_add(out, *c == ' ' ? "_" : c, 1);
}

static void add_name(struct buffer *out, const char *name)
{
	if (name == NULL)
		return;
	separate(out);
	json_write_text(out, text_of(name));
}

static void add_reference(struct buffer *out, const char *name)
{
	buffer_add_format(out, "{\"$ref\":\"#/components/schemas/%s\"}", name);
}

static void add_choices(struct buffer *out, const char *choices)
{
	add(out, "{\"enum\":[");
	while (*choices != '\0') {
		size_t length = strcspn(choices, " ");
		separate(out);
		json_write_text(out, (struct text){ choices, length });
		choices += length + strspn(choices + length, " ");
	}
	add(out, "]}");
}

static void add_input_schema(struct buffer *out, const struct input *input)
{
	static const char *const schemas[] = {
		[STRING] = SCHEMA_TEXT,
		[DATE] = "{\"type\":[\"string\",\"null\"],\"description\":\"RFC 3339, a day alone,"
			 " or DD/MM/YYYY HH:MM:SS in UTC\"}",
		[BOOL] = SCHEMA_BOOL,
		[USERNAME] = "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9._-]{1,64}$\"}",
		[EMAIL] = "{\"type\":[\"string\",\"null\"],\"maxLength\":254}",
		[PASSWORD] = "{\"type\":\"string\",\"format\":\"password\",\"minLength\":8,"
			     "\"maxLength\":1024}",
		[SHOWN] = "{\"readOnly\":true,\"description\":\"taken and left alone\"}",
	};

	if (input->kind == CHOICE)
		add_choices(out, input->choices);
	else if (input->kind == LINE)
		buffer_add_format(out, "{\"type\":\"string\",\"minLength\":1,\"maxLength\":%zu}",
			input->most);
	else if (input->kind == LINES)
		buffer_add_format(
			out, "{\"type\":[\"string\",\"null\"],\"maxLength\":%zu}", input->most);
	else
		add(out, schemas[input->kind]);
}

static bool has_inputs(const struct endpoint *endpoint, enum source source)
{
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		if (endpoint->input[i].source == source)
			return true;
	return false;
}

/* The body of an endpoint as a schema of its own, since two media types refer to it. */
static void add_body_schema(struct buffer *out, const struct endpoint *endpoint)
{
	separate(out);
	add(out, "\"");
	add_operation_id(out, endpoint);
	add(out, "_body\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++) {
		if (endpoint->input[i].source != BODY)
			continue;
		add_key(out, endpoint->input[i].name);
		add_input_schema(out, &endpoint->input[i]);
	}
	add(out, "},\"required\":[");
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		if (endpoint->input[i].required && endpoint->input[i].source == BODY)
			add_name(out, endpoint->input[i].name);
	add(out, "]}");
}

static void add_body(struct buffer *out, const struct endpoint *endpoint)
{
	const char *types[] = { "application/json", endpoint->method == PATCH
							    ? "application/merge-patch+json"
							    : "application/x-www-form-urlencoded" };

	if (!has_inputs(endpoint, BODY))
		return;
	add(out, ",\"requestBody\":{\"content\":{");
	for (int i = 0; i < 2; i++) {
		add_key(out, types[i]);
		add(out, "{\"schema\":{\"$ref\":\"#/components/schemas/");
		add_operation_id(out, endpoint);
		add(out, "_body\"}}");
	}
	add(out, "}}");
}

static void add_parameter(struct buffer *out, const char *in, struct text name, bool required)
{
	separate(out);
	add(out, "{\"name\":");
	json_write_text(out, name);
	buffer_add_format(
		out, ",\"in\":\"%s\",\"required\":%s,\"schema\":", in, required ? "true" : "false");
}

static void add_parameters(struct buffer *out, const struct route *route)
{
	const struct endpoint *endpoint = route->endpoint;

	add(out, ",\"parameters\":[");
	for (unsigned i = 0; i < route->path.count; i++) {
		struct text segment = route->path.segment[i];
		if (route->path_slot[i] < 0)
			continue;
		add_parameter(
			out, "path", (struct text){ segment.at + 1, segment.length - 2 }, true);
		add(out, route->path_slot[i] == SLOT_USERNAME ? SCHEMA_TEXT : SCHEMA_INTEGER);
		add(out, "}");
	}
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++) {
		const struct input *input = &endpoint->input[i];
		if (input->source != QUERY)
			continue;
		add_parameter(out, "query", text_of(input->name), input->required);
		add_input_schema(out, input);
		add(out, "}");
	}
	add(out, "]");
}

/* The reply's own members; the rows' are in a schema of their own. */
static void add_reply_members(struct buffer *out, const struct endpoint *endpoint)
{
	add(out, "{\"type\":\"object\",\"properties\":{");
	if (endpoint->msg != NULL) {
		add_key(out, "msg");
		add(out, "{\"const\":");
		json_write_text(out, text_of(endpoint->msg));
		add(out, "}");
	}
	if (endpoint->username) {
		add_key(out, "username");
		add(out, SCHEMA_TEXT);
	}
	if (endpoint->one != NULL) {
		add_key(out, endpoint->one);
		add_reference(out, endpoint->shape->name);
	}
	if (endpoint->many != NULL) {
		add_key(out, endpoint->many);
		add(out, "{\"type\":\"array\",\"items\":");
		add_reference(out, endpoint->shape->name);
		add(out, "}");
	}
	add(out, "},\"required\":[");
	add_name(out, endpoint->msg != NULL ? "msg" : NULL);
	add_name(out, endpoint->username ? "username" : NULL);
	add_name(out, endpoint->one);
	add_name(out, endpoint->many);
	add(out, "]}");
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
		add(out, "{\"allOf\":[");
		add_reference(out, endpoint->shape->name);
		add(out, ",");
	}
	add_reply_members(out, endpoint);
	add(out, flat ? "]}}}" : "}}");
	if (endpoint->location != NULL)
		add(out, ",\"headers\":{\"Location\":{\"schema\":{\"type\":\"string\"}}}");
	add(out, "},\"4XX\":{\"$ref\":\"#/components/responses/Problem\"},"
		 "\"5XX\":{\"$ref\":\"#/components/responses/Problem\"}}");
}

static void add_operation(struct buffer *out, const struct route *route)
{
	const struct endpoint *endpoint = route->endpoint;

	separate(out);
	add(out, "\"");
	for (const char *c = reply_method(endpoint->method); *c != '\0'; c++)
		buffer_add_format(out, "%c", tolower(*c));
	add(out, "\":{\"operationId\":\"");
	add_operation_id(out, endpoint);
	add(out, "\",\"summary\":");
	json_write_text(out, text_of(endpoint->name));
	add(out, endpoint->access == ANYONE ? ",\"security\":[]"
					    : ",\"security\":[{\"token\":[]},{\"cookie\":[]}]");
	add_parameters(out, route);
	add_body(out, endpoint);
	add_reply(out, endpoint);
	add(out, "}");
}

/* All methods of one path, where this is its first route. */
static void add_path(struct buffer *out, const struct router *router, unsigned first)
{
	const char *path = router_route(router, first)->endpoint->path;
	const struct route *route;

	for (unsigned i = 0; i < first; i++)
		if (strcmp(router_route(router, i)->endpoint->path, path) == 0)
			return;
	add_key(out, path);
	add(out, "{");
	for (unsigned i = first; (route = router_route(router, i)) != NULL; i++)
		if (strcmp(route->endpoint->path, path) == 0)
			add_operation(out, route);
	add(out, "}");
}

static void add_shape(struct buffer *out, const struct shape *shape)
{
	add_key(out, shape->name);
	add(out, "{\"type\":\"object\",\"properties\":{");
	for (const struct member *member = shape->members; member->name != NULL; member++) {
		add_key(out, member->name);
		add(out, member->schema);
	}
	add(out, "},\"required\":[");
	for (const struct member *member = shape->members; member->name != NULL; member++)
		add_name(out, member->name);
	add(out, "]}");
}

/* A shape stands where it comes first. */
static void add_schemas(struct buffer *out, const struct router *router, unsigned index)
{
	const struct endpoint *endpoint = router_route(router, index)->endpoint;
	bool known = endpoint->shape == NULL;

	for (unsigned i = 0; i < index; i++)
		known |= router_route(router, i)->endpoint->shape == endpoint->shape;
	if (!known)
		add_shape(out, endpoint->shape);
	if (has_inputs(endpoint, BODY))
		add_body_schema(out, endpoint);
}

struct buffer request_openapi(struct request *request)
{
	const struct router *router = request->server->router;
	struct buffer out = { 0 };

	add(&out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"todo\",\"version\":\"" TODO_VERSION
		  "\",\"summary\":\"A to-do service in one program and one file\"},"
		  "\"servers\":[{\"url\":\"/\"}],\"paths\":{");
	for (unsigned i = 0; router_route(router, i) != NULL; i++)
		if (router_route(router, i)->endpoint->name != NULL)
			add_path(&out, router, i);
	add(&out, "},\"components\":{\"schemas\":{");
	for (unsigned i = 0; router_route(router, i) != NULL; i++)
		add_schemas(&out, router, i);
	separate(&out);
	add(&out, COMPONENTS_END);
	return out;
}
