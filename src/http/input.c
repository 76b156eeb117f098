/*
 * What was sent, into values: path, query, JSON or form. What is wrong with the query is answered
 * at once; what is wrong with the body is collected, and waits until it is known who asks.
 */
#include "input.h"

#include "base/json.h"
#include "kind.h"

#include <assert.h>
#include <event2/buffer.h>
#include <string.h>

#define DEPTH_MOST 32
#define FORM_MEMBERS_MOST 64
#define FAULTS_MOST ((size_t)64 << 10) /* bytes of the list of faults */

enum media { MEDIA_JSON, MEDIA_FORM, MEDIA_OTHER };

void input_fault(struct request *request, int status, const char *detail)
{
	if (request->fault.status != 0)
		return;
	request->fault.status = status;
	request->fault.detail = detail;
}

/* A reference token of a JSON pointer (RFC 6901, 3). */
static void write_pointer(struct buffer *out, struct text member)
{
	struct buffer pointer = { 0 };

	buffer_add_text(&pointer, TEXT("/"));
	for (size_t i = 0; i < member.length; i++) {
		if (member.at[i] == '~')
			buffer_add_text(&pointer, TEXT("~0"));
		else if (member.at[i] == '/')
			buffer_add_text(&pointer, TEXT("~1"));
		else
			buffer_add(&pointer, &member.at[i], 1);
	}
	json_write_text(out, (struct text){ pointer.data, pointer.length });
	buffer_free(&pointer);
}

static void member_fault(struct request *request, struct text member, const char *detail)
{
	struct buffer *members = &request->fault.members;

	input_fault(request, 422, "Some members are not as they should be.");
	if (members->length >= FAULTS_MOST)
		return;
	if (members->length > 0)
		buffer_add_text(members, TEXT(","));
	buffer_add_text(members, TEXT("{\"pointer\":"));
	write_pointer(members, member);
	buffer_add_text(members, TEXT(",\"detail\":"));
	json_write_text(members, text_of(detail));
	buffer_add_text(members, TEXT("}"));
}

void request_fault(struct request *request, const char *member, const char *detail)
{
	member_fault(request, text_of(member), detail);
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

static bool input_is_given(const struct request *request, int index)
{
	return request->values[request->route->input_slot[index].given].integer != 0;
}

bool request_given(struct request *request, const char *name)
{
	int index = find_input(request->route->endpoint, BODY, text_of(name));

	if (index < 0)
		index = find_input(request->route->endpoint, QUERY, text_of(name));
	assert(index >= 0);
	return input_is_given(request, index);
}

/* Make the value of an input; what is wrong with it, or NULL. */
static const char *take(struct request *request, int index, const struct given *given)
{
	const struct input *input = &request->route->endpoint->input[index];
	int slot = request->route->input_slot[index].value;

	if (input->kind == SHOWN)
		return NULL;
	request->values[request->route->input_slot[index].given].integer = 1;
	return kind_read(input, given, &request->values[slot], &request->kept);
}

/* Decode a form's or a query's text, which is often as it is already. */
static bool decode(struct request *request, struct text raw, struct text *text)
{
	*text = raw;
	if (raw.length == 0)
		return true;
	if (memchr(raw.at, '%', raw.length) != NULL || memchr(raw.at, '+', raw.length) != NULL) {
		char *decoded = memory_keep(&request->kept, raw.length);
		if (!text_percent_decode(raw, true, decoded, &text->length))
			return false;
		text->at = decoded;
	}
	return text_is_utf8(*text) && memchr(text->at, '\0', text->length) == NULL;
}

/* The next "name=value" of text; false at its end. well tells whether it could be decoded. */
static bool next_pair(struct request *request, struct text *text, struct text *name,
	struct text *value, bool *well)
{
	do {
		if (text->length == 0)
			return false;
		const char *end = memchr(text->at, '&', text->length);
		*name = (struct text){ text->at, end ? (size_t)(end - text->at) : text->length };
		size_t past = end ? name->length + 1 : name->length;
		text->at += past;
		text->length -= past;
	} while (name->length == 0);

	const char *equals = memchr(name->at, '=', name->length);
	*value = (struct text){ 0 };
	if (equals != NULL) {
		size_t length = (size_t)(equals - name->at);
		*value = (struct text){ equals + 1, name->length - length - 1 };
		name->length = length;
	}
	*well = decode(request, *name, name) && decode(request, *value, value);
	return true;
}

bool input_read_query(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;
	struct text name, text = request->query;
	struct given given = { 0 };
	bool well;

	while (next_pair(request, &text, &name, &given.text, &well)) {
		int index = well ? find_input(endpoint, QUERY, name) : -1;
		const char *wrong = NULL;
		if (!well)
			wrong = "The query is not percent-encoded UTF-8.";
		else if (index < 0)
			wrong = "A query parameter is not known here.";
		else if (input_is_given(request, index))
			wrong = "A query parameter is given twice.";
		else if (take(request, index, &given) != NULL)
			wrong = "A query parameter has a wrong value.";
		if (wrong != NULL) {
			reply_problem(request, 400, wrong);
			return false;
		}
	}
	return true;
}

static void take_member(struct request *request, struct text name, const struct given *given)
{
	int index = find_input(request->route->endpoint, BODY, name);
	const char *wrong = index < 0 ? "is not known here" : take(request, index, given);

	if (wrong != NULL)
		member_fault(request, name, wrong);
}

static void read_json(struct request *request, struct text body)
{
	const char *why;
	const char *name;
	json_t *json;

	request->body = json_read_object(body, DEPTH_MOST, &why);
	if (request->body == NULL) {
		input_fault(request, 400, why);
		return;
	}
	json_object_foreach (request->body, name, json)
		take_member(request, text_of(name), &(struct given){ .json = json });
}

/* All of a form's pairs, decoded; what is wrong with it as a whole, or NULL. */
static const char *parse_form(struct request *request, struct text text, struct text name[],
	struct text value[], int *count)
{
	bool well;

	for (*count = 0; next_pair(request, &text, &name[*count], &value[*count], &well);
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
	int count;
	const char *wrong = parse_form(request, body, name, value, &count);

	if (wrong != NULL) {
		input_fault(request, 400, wrong);
		return;
	}
	for (int i = 0; i < count; i++)
		take_member(request, name[i], &(struct given){ .text = value[i] });
}

/* A parameter of a media type (RFC 9110, 5.6.6): only its charset matters here. */
static bool is_other_charset(struct text parameter)
{
	static const struct text name = TEXT_INIT("charset=");
	struct text value = { parameter.at + name.length, parameter.length - name.length };

	if (parameter.length < name.length ||
		!text_equal_nocase((struct text){ parameter.at, name.length }, name))
		return false;
	if (value.length >= 2 && value.at[0] == '"' && value.at[value.length - 1] == '"') {
		value.at++;
		value.length -= 2;
	}
	return !text_equal_nocase(value, TEXT("utf-8")) && !text_equal_nocase(value, TEXT("utf8"));
}

/* Cut off the part of a media type up to the next semicolon, trimmed. */
static struct text next_part(struct text *text)
{
	const char *end = memchr(text->at, ';', text->length);
	struct text part = { text->at, end ? (size_t)(end - text->at) : text->length };
	size_t past = end ? part.length + 1 : part.length;

	text->at += past;
	text->length -= past;
	return text_trim(part);
}

static enum media media_of(struct request *request)
{
	const char *header = request->header[HEADER_CONTENT_TYPE];
	struct text text = header != NULL ? text_of(header) : TEXT("application/json");

	if (!text_is_utf8(text))
		return MEDIA_OTHER;
	struct text type = next_part(&text);
	while (text.length > 0)
		if (is_other_charset(next_part(&text)))
			return MEDIA_OTHER;
	if (text_equal_nocase(type, TEXT("application/json")))
		return MEDIA_JSON;
	return text_equal_nocase(type, TEXT("application/x-www-form-urlencoded")) ? MEDIA_FORM
										  : MEDIA_OTHER;
}

static struct text body_of(struct request *request)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(request->evhttp);
	size_t length = evbuffer_get_length(input);

	return (struct text){ (const char *)evbuffer_pullup(input, -1), length };
}

/* Nothing but white space, which counts as {}. */
static bool is_blank(struct text body)
{
	for (size_t i = 0; i < body.length; i++)
		if (strchr(" \t\r\n", body.at[i]) == NULL || body.at[i] == '\0')
			return false;
	return true;
}

static void find_missing(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;

	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++) {
		const struct input *input = &endpoint->input[i];
		if (input->required && input->source == BODY && !input_is_given(request, i))
			request_fault(request, input->name, "is required");
	}
}

void input_read_body(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;
	struct text body = body_of(request);
	enum media media = media_of(request);

	if (endpoint->method == GET || endpoint->method == DELETE) {
		if (body.length > 0)
			input_fault(request, 400, "This method takes no body.");
		return;
	}
	if (media == MEDIA_OTHER && body.length > 0)
		input_fault(request, 415, "A body is application/json or a form, in UTF-8.");
	else if (!is_blank(body) && media == MEDIA_JSON)
		read_json(request, body);
	else if (!is_blank(body))
		read_form(request, body);
	if (request->fault.status == 400 || request->fault.status == 415)
		return;
	find_missing(request);
	if (endpoint->check != NULL)
		endpoint->check(request);
}
