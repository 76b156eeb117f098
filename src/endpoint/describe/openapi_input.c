/*
 * The API's description: what an endpoint takes.
 */
#include "describe/openapi.h"

#include "access/answer.h"
#include "base/json.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

void openapi_add(struct buffer *out, const char *text)
{
	buffer_add_text(out, text_of(text));
}

/* A comma, but not behind what opens a list or an object. */
void openapi_separate(struct buffer *out)
{
	char last = out->data[out->length - 1];

	if (last != '{' && last != '[')
		openapi_add(out, ",");
}

void openapi_key(struct buffer *out, const char *key)
{
	openapi_separate(out);
	json_write_text(out, text_of(key));
	openapi_add(out, ":");
}

void openapi_operation_id(struct buffer *out, const struct endpoint *endpoint)
{
	for (const char *c = endpoint->name; *c != '\0'; c++)
		if (isalnum((unsigned char)*c) || *c == ' ')
			buffer_add(out, *c == ' ' ? "_" : c, 1);
}

void openapi_name(struct buffer *out, const char *name)
{
	if (name == NULL)
		return;
	openapi_separate(out);
	json_write_text(out, text_of(name));
}

static void add_choices(struct buffer *out, const char *choices)
{
	openapi_add(out, "{\"enum\":[");
	while (*choices != '\0') {
		size_t length = strcspn(choices, " ");
		openapi_separate(out);
		json_write_text(out, (struct text){ choices, length });
		choices += length + strspn(choices + length, " ");
	}
	openapi_add(out, "]}");
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
		[REAL] = SCHEMA_NUMBER,
		[SEARCH] = SCHEMA_TEXT,
		[SORTING] = SCHEMA_TEXT,
		[OBJECT] = "{\"type\":\"object\"}",
		[ITEMS] = "{\"type\":\"array\",\"items\":{\"type\":\"object\"}}",
		[SHOWN] = "{\"readOnly\":true,\"description\":\"taken and left alone\"}",
	};

	if (input->kind == CHOICE)
		add_choices(out, input->choices);
	else if (input->kind == INTEGER)
		buffer_add_format(out,
			"{\"type\":\"integer\",\"minimum\":%" PRId64 ",\"maximum\":%zu}",
			input->least, input->most);
	else if (input->kind == LABELS)
		buffer_add_format(out,
			"{\"type\":\"array\",\"maxItems\":%zu,\"items\":{\"type\":\"string\","
			"\"minLength\":1,\"maxLength\":64,\"pattern\":\"^[^,\\\\s]+$\"}}",
			input->most);
	else if (input->kind == LINE)
		buffer_add_format(out, "{\"type\":\"string\",\"minLength\":1,\"maxLength\":%zu}",
			input->most);
	else if (input->kind == LINES)
		buffer_add_format(
			out, "{\"type\":[\"string\",\"null\"],\"maxLength\":%zu}", input->most);
	else
		openapi_add(out, schemas[input->kind]);
}

bool openapi_has_inputs(const struct endpoint *endpoint, enum source source)
{
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		if (endpoint->input[i].source == source)
			return true;
	return false;
}

/* The body of an endpoint as a schema of its own, since two media types refer to it. */
void openapi_body_schema(struct buffer *out, const struct endpoint *endpoint)
{
	openapi_separate(out);
	openapi_add(out, "\"");
	openapi_operation_id(out, endpoint);
	openapi_add(out,
		"_body\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++) {
		if (endpoint->input[i].source != BODY)
			continue;
		openapi_key(out, endpoint->input[i].name);
		add_input_schema(out, &endpoint->input[i]);
	}
	openapi_add(out, "},\"required\":[");
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		if (endpoint->input[i].required && endpoint->input[i].source == BODY)
			openapi_name(out, endpoint->input[i].name);
	openapi_add(out, "]}");
}

void openapi_media(struct buffer *out, const char *media)
{
	while (media != NULL && *media != '\0') {
		struct text word = { media, strcspn(media, " ") };
		media += word.length + strspn(media + word.length, " ");
		if (text_equal(word, TEXT("application/json")))
			continue;
		openapi_separate(out);
		json_write_text(out, word);
		openapi_add(out, ":{\"schema\":" SCHEMA_TEXT "}");
	}
}

/* A whole file. */
static void add_raw_body(struct buffer *out, const struct endpoint *endpoint)
{
	openapi_add(out, ",\"requestBody\":{\"content\":{\"application/json\":{\"schema\":"
			 "{\"type\":\"object\"}}");
	openapi_media(out, endpoint->media);
	openapi_add(out, "}}");
}

void openapi_body(struct buffer *out, const struct endpoint *endpoint)
{
	const char *types[] = { "application/json", endpoint->method == PATCH
							    ? "application/merge-patch+json"
							    : "application/x-www-form-urlencoded" };

	if (endpoint->raw)
		add_raw_body(out, endpoint);
	if (!openapi_has_inputs(endpoint, BODY))
		return;
	openapi_add(out, ",\"requestBody\":{\"content\":{");
	for (int i = 0; i < 2; i++) {
		openapi_key(out, types[i]);
		openapi_add(out, "{\"schema\":{\"$ref\":\"#/components/schemas/");
		openapi_operation_id(out, endpoint);
		openapi_add(out, "_body\"}}");
	}
	openapi_add(out, "}}");
}

static void add_parameter(struct buffer *out, const char *in, struct text name, bool required)
{
	openapi_separate(out);
	openapi_add(out, "{\"name\":");
	json_write_text(out, name);
	buffer_add_format(
		out, ",\"in\":\"%s\",\"required\":%s,\"schema\":", in, required ? "true" : "false");
}

/* A header that the endpoint heeds. */
static void add_header(struct buffer *out, const char *name)
{
	add_parameter(out, "header", text_of(name), false);
	openapi_add(out, SCHEMA_TEXT "}");
}

static void add_headers(struct buffer *out, const struct endpoint *endpoint)
{
	if (endpoint->etag != ETAG_NONE &&
		(endpoint->method == GET || endpoint->standing != NULL)) {
		add_header(out, "If-Match");
		add_header(out, "If-None-Match");
	}
	if (answer_is_heeded(endpoint))
		add_header(out, "Idempotency-Key");
}

void openapi_parameters(struct buffer *out, const struct route *route)
{
	const struct endpoint *endpoint = route->endpoint;

	openapi_add(out, ",\"parameters\":[");
	for (unsigned i = 0; i < route->path.count; i++) {
		struct text segment = route->path.segment[i];
		if (route->path_slot[i] < 0)
			continue;
		add_parameter(
			out, "path", (struct text){ segment.at + 1, segment.length - 2 }, true);
		openapi_add(
			out, route->path_slot[i] == SLOT_USERNAME ? SCHEMA_TEXT : SCHEMA_INTEGER);
		openapi_add(out, "}");
	}
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++) {
		const struct input *input = &endpoint->input[i];
		if (input->source != QUERY)
			continue;
		add_parameter(out, "query", text_of(input->name), input->required);
		add_input_schema(out, input);
		openapi_add(out, "}");
	}
	add_headers(out, endpoint);
	openapi_add(out, "]");
}
