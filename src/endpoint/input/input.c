/*
 * What was sent, into values: path, query, JSON or form. What is wrong is collected; what is wrong with
 * the body waits until it is known who asks.
 */
#include "input/input.h"

#include "access/answer.h"
#include "base/json.h"
#include "base/memory.h"
#include "http/form.h"
#include "http/media.h"
#include "input/kind.h"
#include "request_state.h"

#include <event2/buffer.h>
#include <string.h>

#define DEPTH_MOST 32
#define VALUES_IN_BODY_MOST 100000
#define FORM_MEMBERS_MOST 64

/* The request's own members. */
static struct intake own_intake(struct request *request)
{
	return (struct intake){ request, request->route, request->values, .pointer = "",
		.kept = &request->kept };
}

void request_fault(struct request *request, const char *member, const char *detail)
{
	struct intake own = own_intake(request);

	input_member_fault(&own, text_of(member), detail);
}

/* The place of an input in its endpoint's row; -1 where there is none of that name. */
static int find_input(const struct endpoint *endpoint, enum source source, struct text name)
{
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		if (endpoint->input[i].source == source &&
			text_equal(text_of(endpoint->input[i].name), name))
			return i;
	return -1;
}

static bool input_is_given(const struct intake *intake, int index)
{
	return intake->values[intake->route->input_slot[index].given].integer != 0;
}

/* Make the value of an input; what is wrong with it, or NULL. */
static const char *take(const struct intake *intake, int index, const struct given *given)
{
	const struct route *route = intake->route;
	const struct input *input = &route->endpoint->input[index];
	struct value *values = intake->values;

	if (input->kind == SHOWN)
		return NULL;
	values[route->input_slot[index].given] = (struct value){ VALUE_INTEGER, .integer = 1 };
	return kind_read(input, given, &values[route->input_slot[index].value], intake->kept);
}

/* The same of a parameter of the query, -1 being none that there is. */
static const char *take_parameter(const struct intake *intake, int index, const struct given *given)
{
	if (index < 0)
		return "is not known here";
	if (input_is_given(intake, index) && !intake->route->endpoint->input[index].repeated)
		return "is given twice";
	return take(intake, index, given);
}

bool input_read_query(struct request *request)
{
	struct text name, text = request->target.query;
	struct intake own = own_intake(request);
	struct given given = { 0 };
	bool well;

	while (form_next(&request->kept, &text, &name, &given.text, &well)) {
		int index = find_input(request->route->endpoint, QUERY, name);
		const char *wrong =
			well ? take_parameter(&own, index, &given) : "is not percent-encoded UTF-8";
		if (wrong == NULL)
			continue;
		if (well || index >= 0)
			input_parameter_fault(request, name, wrong);
		else /* the name itself may be what cannot be read */
			input_fault(request, 400, "The query is not percent-encoded UTF-8.");
		return false;
	}
	return true;
}

static void take_member(const struct intake *intake, struct text name, const struct given *given)
{
	int index = find_input(intake->route->endpoint, BODY, name);
	const char *wrong = index < 0 ? "is not known here" : take(intake, index, given);

	if (wrong != NULL)
		input_member_fault(intake, name, wrong);
}

static void take_members(const struct intake *intake, const json_t *object)
{
	const char *name;
	json_t *json;

	json_object_foreach ((json_t *)object, name, json)
		take_member(intake, text_of(name), &(struct given){ .json = json });
}

/*
 * Only what becomes a value is built. What is an object or an array where none belongs needs no more
 * of it than that, and of labels no more than show that there are too many.
 */
static json_t *build(const struct intake *intake, const struct input *input, struct text value)
{
	json_t *json = input->kind == LABELS && *value.at == '['
			       ? json_read_strings(value, input->most + 1)
			       : json_read_flat(value);

	json_array_append_new(intake->request->input.body, json);
	return json;
}

static void take_text(const struct intake *intake, struct text name, struct text value)
{
	const struct endpoint *endpoint = intake->route->endpoint;
	int index = find_input(endpoint, BODY, name);
	struct given given = { .raw = value };

	if (index >= 0 && endpoint->input[index].kind == SHOWN)
		return;
	if (index >= 0)
		given.json = build(intake, &endpoint->input[index], value);
	take_member(intake, name, &given);
}

/* The object was found sound. */
static void take_object(const struct intake *intake, struct text object)
{
	struct json_cursor cursor = json_enter(object);
	struct buffer buffer = { 0 };
	struct text name, value;

	while (json_next_member(&cursor, &name, &value))
		take_text(intake, json_unescape(name, &buffer), value);
	buffer_free(&buffer);
}

static void read_json(struct request *request, struct text body)
{
	struct intake own = own_intake(request);
	enum json_fault fault = json_scan_object(body, DEPTH_MOST, VALUES_IN_BODY_MOST);

	if (fault != JSON_SOUND) {
		input_fault(request, 400, json_sentence(fault));
		return;
	}
	request->input.json = body;
	request->input.body = json_array();
	take_object(&own, body);
}

/* All of a form's pairs, decoded; what is wrong with it as a whole, or NULL. */
static const char *parse_form(struct request *request, struct text text, struct text name[],
	struct text value[], int *count)
{
	bool well;

	for (*count = 0; form_next(&request->kept, &text, &name[*count], &value[*count], &well);
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
	struct intake own = own_intake(request);
	int count;
	const char *wrong = parse_form(request, body, name, value, &count);

	if (wrong != NULL) {
		input_fault(request, 400, wrong);
		return;
	}
	for (int i = 0; i < count; i++)
		take_member(&own, name[i], &(struct given){ .text = value[i] });
}

struct text request_json(struct request *request, const char *member)
{
	return request->input.json.length > 0 ? json_find(request->input.json, member)
					      : (struct text){ 0 };
}

/* What a body this long leaves behind is given back before its rows come beside it. */
#define TRIM_LEAST ((size_t)4 << 20)

struct text request_body(struct request *request)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(request->evhttp);
	size_t length = evbuffer_get_length(input);
	bool is_moved = length >= TRIM_LEAST && evbuffer_get_contiguous_space(input) < length;
	const char *whole;

	if (is_moved)
		memory_trim(); /* what is left of an earlier one */
	whole = (const char *)evbuffer_pullup(input, -1);
	if (is_moved)
		memory_trim(); /* its pieces */
	return (struct text){ whole, length };
}

void request_drop_body(struct request *request)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(request->evhttp);

	evbuffer_drain(input, evbuffer_get_length(input));
}

/* Nothing but white space, which counts as {}. */
static bool is_blank(struct text body)
{
	for (size_t i = 0; i < body.length; i++)
		if (strchr(" \t\r\n", body.at[i]) == NULL || body.at[i] == '\0')
			return false;
	return true;
}

static void find_missing(const struct intake *intake)
{
	const struct endpoint *endpoint = intake->route->endpoint;

	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++) {
		const struct input *input = &endpoint->input[i];
		if (input->required && input->source == BODY && !input_is_given(intake, i))
			input_member_fault(intake, text_of(input->name), "is required");
	}
}

void input_read_members(const struct intake *intake, const json_t *object)
{
	take_members(intake, object);
	find_missing(intake);
}

void input_read_object(const struct intake *intake, struct text object)
{
	take_object(intake, object);
	find_missing(intake);
}

/* PATCH takes a merge patch (RFC 7396), and plain JSON as the same thing. */
static bool is_taken(enum method method, enum media media)
{
	if (media == MEDIA_JSON)
		return true;
	return media == (method == PATCH ? MEDIA_MERGE_PATCH : MEDIA_FORM);
}

/* A DELETE has one where its endpoint has members to take from it. */
static bool takes_body(const struct endpoint *endpoint)
{
	if (endpoint->method != DELETE)
		return endpoint->method != GET;
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		if (endpoint->input[i].source == BODY)
			return true;
	return false;
}

void input_read_body(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;
	struct text body = request_body(request);
	enum media media = media_read(request->header[HEADER_CONTENT_TYPE]);

	if (!takes_body(endpoint)) {
		if (body.length > 0)
			input_fault(request, 400, "This method takes no body.");
		return;
	}
	answer_hash(request, body);
	if (endpoint->raw) {
		if (!media_is_listed(request->header[HEADER_CONTENT_TYPE], endpoint->media))
			input_fault(request, 415, "A file of this media type is not known here.");
		return;
	}
	if (!is_taken(endpoint->method, media) && body.length > 0)
		input_fault(request, 415, "A body of this media type is not understood here.");
	else if (!is_blank(body) && media == MEDIA_FORM)
		read_form(request, body);
	else if (!is_blank(body))
		read_json(request, body);
	if (request->input.fault.status == 400 || request->input.fault.status == 415)
		return;
	struct intake own = own_intake(request);
	find_missing(&own);
	if (endpoint->check != NULL)
		endpoint->check(request);
}
