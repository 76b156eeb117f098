/*
 * The API's description in OpenAPI 3.1: its schemas, and what an endpoint takes.
 */
#include "describe/openapi_schema.h"

#include "access/idempotency.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

json_t *openapi_schema(const char *text)
{
	json_t *schema = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert(schema != NULL);
	return schema;
}

json_t *openapi_object(void)
{
	return json_pack("{s:s, s:{}, s:[]}", "type", "object", "properties", "required");
}

void openapi_add_member(json_t *object, const char *name, bool required, json_t *schema)
{
	json_object_set_new(json_object_get(object, "properties"), name, schema);
	if (required)
		json_array_append_new(json_object_get(object, "required"), json_string(name));
}

void openapi_add_media(json_t *content, const char *media)
{
	while (media != NULL && *media != '\0') {
		struct text word = { media, strcspn(media, " ") };

		media += word.length + strspn(media + word.length, " ");
		if (!text_equal(word, TEXT("application/json")))
			json_object_setn_new(content, word.data, word.length,
				json_pack("{s:o}", "schema", openapi_schema(SCHEMA_TEXT)));
	}
}

const char *openapi_operation_id(const struct endpoint *endpoint, char id[OPENAPI_ID])
{
	size_t length = 0;

	for (const char *c = endpoint->name; *c != '\0'; c++) {
		if (!isalnum((unsigned char)*c) && *c != ' ')
			continue;
		assert(length < OPENAPI_ID - 1);
		id[length++] = *c;
		if (*c == ' ')
			id[length - 1] = '_';
	}
	id[length] = '\0';
	return id;
}

/* One of words with spaces between them. */
static json_t *choices_schema(const char *choices)
{
	json_t *words = json_array();

	while (*choices != '\0') {
		size_t length = strcspn(choices, " ");

		json_array_append_new(words, json_stringn(choices, length));
		choices += length + strspn(choices + length, " ");
	}
	return json_pack("{s:o}", "enum", words);
}

/* Of the types that say all. */
static json_t *fixed_schema(enum input_type type)
{
	static const char *const schemas[] = {
		[INPUT_STRING] = SCHEMA_TEXT,
		[INPUT_DATE] = "{\"type\":[\"string\",\"null\"],\"description\":\"RFC 3339, a day alone,"
			 " or DD/MM/YYYY HH:MM:SS in UTC\"}",
		[INPUT_DAY] = "{\"type\":\"string\",\"format\":\"date\"}",
		[INPUT_BOOL] = SCHEMA_BOOL,
		[INPUT_USERNAME] = "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9._-]{1,64}$\"}",
		[INPUT_EMAIL] = "{\"type\":[\"string\",\"null\"],\"maxLength\":254}",
		[INPUT_PASSWORD] = "{\"type\":\"string\",\"format\":\"password\",\"minLength\":8,"
			     "\"maxLength\":1024}",
		[INPUT_REAL] = SCHEMA_NUMBER,
		[INPUT_TAG] = "{\"type\":\"string\",\"minLength\":1,\"maxLength\":64}",
		[INPUT_REPEAT] = "{\"type\":[\"string\",\"null\"],\"maxLength\":4096,"
			   "\"description\":\"RFC 5545, 3.3.10, without RRULE:\"}",
		[INPUT_ZONE] = "{\"type\":[\"string\",\"null\"],\"minLength\":1,"
			 "\"description\":\"the IANA name of a time zone\"}",
		[INPUT_RENAME] = "{\"type\":[\"object\",\"null\"],\"properties\":{"
			   "\"from\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":100},"
			   "\"to\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":100}},"
			   "\"required\":[\"from\",\"to\"],\"additionalProperties\":false}",
		[INPUT_COLOR] = "{\"type\":[\"string\",\"null\"],\"pattern\":\"^(#[0-9A-Fa-f]{6})?$\"}",
		[INPUT_SEARCH] = SCHEMA_TEXT,
		[INPUT_SORT] = SCHEMA_TEXT,
		[INPUT_NULL] = "{\"type\":\"null\"}",
		[INPUT_OBJECT] = "{\"type\":\"object\"}",
		[INPUT_ITEMS] = "{\"type\":\"array\",\"items\":{\"type\":\"object\"}}",
		[INPUT_READ_ONLY] = "{\"readOnly\":true,\"description\":\"taken and left alone\"}",
	};

	return openapi_schema(schemas[type]);
}

static json_t *type_schema(const struct input *input)
{
	json_int_t least = input->min, most = (json_int_t)input->max;

	switch (input->type) {
	case INPUT_CHOICE:
		return choices_schema(input->choices);
	case INPUT_INTEGER:
		return json_pack(
			"{s:s, s:I, s:I}", "type", "integer", "minimum", least, "maximum", most);
	case INPUT_TAGS:
		return json_pack("{s:s, s:I, s:{s:s, s:i, s:i, s:s}}", "type", "array", "maxItems",
			most, "items", "type", "string", "minLength", 1, "maxLength", 64, "pattern",
			"^[^,\\s]+$");
	case INPUT_REMINDERS:
		return json_pack("{s:[s, s], s:I, s:{s:s, s:s}}", "type", "array", "null", "maxItems",
			most, "items", "type", "string", "description",
			"an instant in RFC 3339, or a duration in ISO 8601 without years and months");
	case INPUT_LINES:
		return json_pack("{s:[s, s], s:I, s:{s:s, s:i, s:i}}", "type", "array", "null",
			"maxItems", most, "items", "type", "string", "minLength", 1, "maxLength",
			100);
	case INPUT_LINE:
		return json_pack(
			"{s:s, s:i, s:I}", "type", "string", "minLength", 1, "maxLength", most);
	case INPUT_TEXT:
		return json_pack("{s:[s, s], s:I}", "type", "string", "null", "maxLength", most);
	default:
		return fixed_schema(input->type);
	}
}

/* Null beside what a schema allows. */
static void allow_null(json_t *schema)
{
	json_t *type = json_object_get(schema, "type"), *words = json_object_get(schema, "enum");

	if (json_is_string(type))
		json_object_set_new(schema, "type", json_pack("[O, s]", type, "null"));
	if (words != NULL)
		json_array_append_new(words, json_null());
}

static json_t *input_schema(const struct input *input)
{
	json_t *schema = type_schema(input);

	if (input->nullable)
		allow_null(schema);
	if (input->or_none)
		schema = json_pack("{s:[o, {s:s}]}", "anyOf", schema, "const", "none");
	return schema;
}

bool openapi_has_inputs(const struct endpoint *endpoint, enum source source)
{
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		if (endpoint->input[i].source == source)
			return true;
	return false;
}

/* The body of an endpoint as a schema of its own, since two media types refer to it. */
json_t *openapi_body_schema(const struct endpoint *endpoint)
{
	json_t *body = openapi_object();

	json_object_set_new(body, "additionalProperties", json_false());
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++) {
		const struct input *input = &endpoint->input[i];

		if (input->source == IN_BODY)
			openapi_add_member(body, input->name, input->required, input_schema(input));
	}
	return body;
}

/* A whole file. */
static json_t *raw_body(const struct endpoint *endpoint)
{
	json_t *content =
		json_pack("{s:{s:{s:s}}}", "application/json", "schema", "type", "object");

	openapi_add_media(content, endpoint->media);
	return json_pack("{s:o}", "content", content);
}

json_t *openapi_body(const struct endpoint *endpoint)
{
	const char *second = endpoint->method == PATCH ? "application/merge-patch+json"
						       : "application/x-www-form-urlencoded";
	char id[OPENAPI_ID];

	if (endpoint->raw)
		return raw_body(endpoint);
	if (!openapi_has_inputs(endpoint, IN_BODY))
		return NULL;
	json_t *schema = json_pack("{s:s++}", "$ref", "#/components/schemas/",
		openapi_operation_id(endpoint, id), "_body");
	return json_pack("{s:{s:{s:O}, s:{s:o}}}", "content", "application/json", "schema", schema,
		second, "schema", schema);
}

static void add_parameter(
	json_t *parameters, const char *in, struct text name, bool required, json_t *schema)
{
	json_array_append_new(
		parameters, json_pack("{s:s%, s:s, s:b, s:o}", "name", name.data, name.length, "in",
				    in, "required", required, "schema", schema));
}

static void add_path_parameters(json_t *parameters, const struct route *route)
{
	for (unsigned i = 0; i < route->path.count; i++) {
		struct text segment = route->path.segment[i];
		struct text name = { segment.data + 1, segment.length - 2 };
		bool text = route->path_slot[i] == SLOT_USERNAME;

		if (route->path_slot[i] >= 0)
			add_parameter(parameters, "path", name, true,
				openapi_schema(text ? SCHEMA_TEXT : SCHEMA_INTEGER));
	}
}

/* A header that the endpoint heeds. */
static void add_header(json_t *parameters, const char *name)
{
	add_parameter(parameters, "header", text_of(name), false, openapi_schema(SCHEMA_TEXT));
}

static void add_headers(json_t *parameters, const struct endpoint *endpoint)
{
	if (endpoint->etag != ETAG_NONE &&
		(endpoint->method == GET || endpoint->current_revision_sql != NULL)) {
		add_header(parameters, "If-Match");
		add_header(parameters, "If-None-Match");
	}
	if (idempotency_applies(endpoint))
		add_header(parameters, "Idempotency-Key");
}

json_t *openapi_parameters(const struct route *route)
{
	const struct endpoint *endpoint = route->endpoint;
	json_t *parameters = json_array();

	add_path_parameters(parameters, route);
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++) {
		const struct input *input = &endpoint->input[i];

		if (input->source == IN_QUERY)
			add_parameter(parameters, "query", text_of(input->name), input->required,
				input_schema(input));
	}
	add_headers(parameters, endpoint);
	return parameters;
}
