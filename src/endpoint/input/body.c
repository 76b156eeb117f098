/*
 * The query, and a body of JSON or a form, become values. Faults of the query are answered at once;
 * those of the body are collected, and answered once the session is known.
 */
#include "input/body.h"

#include "access/idempotency.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/json_scan.h"
#include "base/memory.h"
#include "http/form.h"
#include "http/media_type.h"
#include "state/faults.h"
#include "state/request_state.h"
#include "types/types.h"

#include <event2/buffer.h>
#include <string.h>

#define DEPTH_MOST 32
#define VALUES_IN_BODY_MOST 100000
#define FORM_MEMBERS_MOST 64

/* The target for members of the request itself. */
static struct input_target own_target(struct request *request)
{
	return (struct input_target){ request, request->route, request->values, .pointer = "",
		.arena = &request->arena };
}

void request_fault(struct request *request, const char *member, const char *detail)
{
	struct input_target own = own_target(request);

	input_member_fault(&own, text_of(member), detail);
}

/* The index of an input in its endpoint's row; -1 where there is none of that name. */
static int find_input(const struct endpoint *endpoint, enum source source, struct text name)
{
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		if (endpoint->input[i].source == source &&
			text_equal(text_of(endpoint->input[i].name), name))
			return i;
	return -1;
}

static bool input_is_given(const struct input_target *target, int index)
{
	return target->values[target->route->input_slot[index].given].integer != 0;
}

/* Set the value of an input. What is wrong with it, or NULL. */
static const char *read_input(
	const struct input_target *target, int index, const struct raw_value *raw)
{
	const struct route *route = target->route;
	const struct input *input = &route->endpoint->input[index];
	struct value *values = target->values;

	if (input->type == INPUT_READ_ONLY)
		return NULL;
	values[route->input_slot[index].given] = (struct value){ VALUE_INTEGER, .integer = 1 };
	return input_type_read(input, raw, &values[route->input_slot[index].value], target->arena);
}

/* The same of a parameter of the query; index -1: there is none of that name. */
static const char *read_parameter(
	const struct input_target *target, int index, const struct raw_value *raw)
{
	if (index < 0)
		return "is not known here";
	if (input_is_given(target, index) && !target->route->endpoint->input[index].repeated)
		return "is given twice";
	return read_input(target, index, raw);
}

bool input_read_query(struct request *request)
{
	struct text name, text = request->target.query;
	struct input_target own = own_target(request);
	struct raw_value raw = { 0 };
	bool well;

	if (text.length == 0)
		return true;
	while (form_next(&request->arena, &text, &name, &raw.text, &well)) {
		int index = find_input(request->route->endpoint, IN_QUERY, name);
		const char *wrong =
			well ? read_parameter(&own, index, &raw) : "is not percent-encoded UTF-8";
		if (wrong == NULL)
			continue;
		if (well || index >= 0)
			input_parameter_fault(request, name, wrong);
		else /* the name may be what cannot be decoded */
			input_fault(request, 400, "The query is not percent-encoded UTF-8.");
		return false;
	}
	return true;
}

static void read_member(
	const struct input_target *target, struct text name, const struct raw_value *raw)
{
	int index = find_input(target->route->endpoint, IN_BODY, name);
	const char *wrong = index < 0 ? "is not known here" : read_input(target, index, raw);

	if (wrong != NULL)
		input_member_fault(target, name, wrong);
}

static void read_members(const struct input_target *target, const json_t *object)
{
	const char *name;
	json_t *json;

	json_object_foreach ((json_t *)object, name, json)
		read_member(target, text_of(name), &(struct raw_value){ .json = json });
}

/*
 * Build no more of a value than its type needs: an object or an array stays empty, and of tags,
 * reminders and lines there is at most one too many.
 */
static json_t *build_json(
	const struct input_target *target, const struct input *input, struct text value)
{
	bool has_strings = input->type == INPUT_TAGS || input->type == INPUT_REMINDERS ||
			   input->type == INPUT_LINES;
	json_t *json = has_strings && *value.data == '['
			       ? json_read_strings(value, input->max + 1)
			       : json_read_flat(value);

	json_array_append_new(target->request->input.body, json);
	return json;
}

static void read_json_member(const struct input_target *target, struct text name, struct text value)
{
	const struct endpoint *endpoint = target->route->endpoint;
	int index = find_input(endpoint, IN_BODY, name);
	struct raw_value raw = { .json_text = value };

	if (index >= 0 && endpoint->input[index].type == INPUT_READ_ONLY)
		return;
	if (index >= 0)
		raw.json = build_json(target, &endpoint->input[index], value);
	read_member(target, name, &raw);
}

/* The object was scanned, and is sound. */
static void read_json_object(const struct input_target *target, struct text object)
{
	struct json_cursor cursor = json_enter(object);
	struct buffer buffer = { 0 };
	struct text name, value;

	while (json_next_member(&cursor, &name, &value))
		read_json_member(target, json_unescape(name, &buffer), value);
	buffer_free(&buffer);
}

static void read_json(struct request *request, struct text body)
{
	struct input_target own = own_target(request);
	enum json_fault fault = json_scan_object(body, DEPTH_MOST, VALUES_IN_BODY_MOST);

	if (fault != JSON_SOUND) {
		input_fault(request, 400, json_sentence(fault));
		return;
	}
	request->input.json = body;
	request->input.body = json_array();
	read_json_object(&own, body);
}

/* All of a form's pairs, decoded; what is wrong with it as a whole, or NULL. */
static const char *parse_form(struct request *request, struct text text, struct text name[],
	struct text value[], int *count)
{
	bool well;

	for (*count = 0; form_next(&request->arena, &text, &name[*count], &value[*count], &well);
		++*count) {
		if (!well)
			return "The form is not percent-encoded UTF-8.";
		for (int i = 0; i < *count; i++)
			if (text_equal(name[i], name[*count]))
				return "The form has a member twice.";
		if (*count == FORM_MEMBERS_MOST)
			return "The form has too many members.";
	}
	return NULL;
}

static void read_form(struct request *request, struct text body)
{
	struct text name[FORM_MEMBERS_MOST + 1];
	struct text value[FORM_MEMBERS_MOST + 1];
	struct input_target own = own_target(request);
	int count;
	const char *wrong = parse_form(request, body, name, value, &count);

	if (wrong != NULL) {
		input_fault(request, 400, wrong);
		return;
	}
	for (int i = 0; i < count; i++)
		read_member(&own, name[i], &(struct raw_value){ .text = value[i] });
}

struct text request_json(struct request *request, const char *member)
{
	return request->input.json.length > 0 ? json_find(request->input.json, member)
					      : (struct text){ 0 };
}

/* After a body of this length unused memory goes back to the system, before its rows need more. */
#define TRIM_LEAST ((size_t)4 << 20)

struct text request_body(struct request *request)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(request->evhttp);
	size_t length = evbuffer_get_length(input);
	bool is_moved = length >= TRIM_LEAST && evbuffer_get_contiguous_space(input) < length;
	const char *whole;

	if (is_moved)
		memory_trim(); /* of an earlier body */
	whole = (const char *)evbuffer_pullup(input, -1);
	if (is_moved)
		memory_trim(); /* of the pieces of this one */
	return (struct text){ whole, length };
}

void request_drop_body(struct request *request)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(request->evhttp);

	evbuffer_drain(input, evbuffer_get_length(input));
}

/* A body of white space alone counts as {}. */
static bool is_blank(struct text body)
{
	for (size_t i = 0; i < body.length; i++)
		if (strchr(" \t\r\n", body.data[i]) == NULL || body.data[i] == '\0')
			return false;
	return true;
}

static void find_missing(const struct input_target *target)
{
	const struct endpoint *endpoint = target->route->endpoint;

	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++) {
		const struct input *input = &endpoint->input[i];
		if (input->required && input->source == IN_BODY && !input_is_given(target, i))
			input_member_fault(target, text_of(input->name), "is required");
	}
}

void input_read_members(const struct input_target *target, const json_t *object)
{
	read_members(target, object);
	find_missing(target);
}

void input_read_object(const struct input_target *target, struct text object)
{
	read_json_object(target, object);
	find_missing(target);
}

/* The Content-Type that nearly all bodies have is known without being parsed. */
static enum media media_of(const char *header)
{
	if (header != NULL && strcmp(header, "application/json") == 0)
		return MEDIA_JSON;
	return media_type_read(header);
}

/* PATCH takes a merge patch (RFC 7396), and plain JSON as the same thing. */
static bool is_media_accepted(enum method method, enum media media)
{
	if (media == MEDIA_JSON)
		return true;
	return media == (method == PATCH ? MEDIA_MERGE_PATCH : MEDIA_FORM);
}

/* A DELETE takes a body where its endpoint has members in it. */
static bool takes_body(const struct endpoint *endpoint)
{
	if (endpoint->method != DELETE)
		return endpoint->method != GET;
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		if (endpoint->input[i].source == IN_BODY)
			return true;
	return false;
}

void input_read_body(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;
	struct text body = request_body(request);

	if (!takes_body(endpoint)) {
		if (body.length > 0)
			input_fault(request, 400, "This method takes no body.");
		return;
	}
	if (request->idempotency.state == KEY_SENT)
		idempotency_hash(request, body);
	if (endpoint->raw) {
		if (!media_type_is_listed(request->header[HEADER_CONTENT_TYPE], endpoint->media))
			input_fault(request, 415, "A file of this media type is not known here.");
		return;
	}
	enum media media = media_of(request->header[HEADER_CONTENT_TYPE]);
	if (!is_media_accepted(endpoint->method, media) && body.length > 0)
		input_fault(request, 415, "A body of this media type is not understood here.");
	else if (!is_blank(body) && media == MEDIA_FORM)
		read_form(request, body);
	else if (!is_blank(body))
		read_json(request, body);
	if (request->input.fault.status == 400 || request->input.fault.status == 415)
		return;
	struct input_target own = own_target(request);
	find_missing(&own);
	if (endpoint->check != NULL)
		endpoint->check(request);
}
