/*
 * What a reply has around its rows: the members beside them, or what a file's format begins and
 * ends with.
 */
#include "reply/envelope.h"

#include "base/json.h"
#include "state/request_state.h"

#include <string.h>

static bool is_flat(const struct endpoint *endpoint)
{
	return endpoint->object == NULL && endpoint->array == NULL && !endpoint->no_row;
}

/* A value beside the rows; what is none is left out. */
static void write_extra(struct request *request, const struct extra *extra, struct buffer *out)
{
	const struct value *value = request_value(request, extra->value);

	bool null = strcmp(extra->schema, SCHEMA_TEXT_OR_NULL) == 0;

	if (value->type == VALUE_NULL && !null)
		return;
	buffer_add_text(out, TEXT(","));
	json_write_text(out, text_of(extra->name));
	buffer_add_text(out, TEXT(":"));
	if (value->type == VALUE_NULL)
		buffer_add_text(out, TEXT("null"));
	else if (value->type == VALUE_TEXT)
		json_write_text(out, value->text);
	else if (strcmp(extra->schema, SCHEMA_BOOL) == 0)
		buffer_add_text(out, value->integer != 0 ? TEXT("true") : TEXT("false"));
	else
		json_write_integer(out, value->integer);
}

static void write_opening(struct request *request, struct buffer *out)
{
	const struct endpoint *endpoint = request->route->endpoint;
	const char *rows = endpoint->object != NULL ? endpoint->object : endpoint->array;

	if (endpoint->msg != NULL) {
		buffer_add_text(out, TEXT(",\"msg\":"));
		json_write_text(out, text_of(endpoint->msg));
	}
	if (endpoint->username) {
		buffer_add_text(out, TEXT(",\"username\":"));
		json_write_text(out, request->values[SLOT_USERNAME].text);
	}
	for (int i = 0; i < ENDPOINT_EXTRAS && endpoint->extra[i].name != NULL; i++)
		write_extra(request, &endpoint->extra[i], out);
	if (rows != NULL) {
		buffer_add_text(out, TEXT(","));
		json_write_text(out, text_of(rows));
		buffer_add_text(out, endpoint->array != NULL ? TEXT(":[") : TEXT(":"));
	}
}

void envelope_open(struct request *request, struct buffer *out)
{
	bool flat = is_flat(request->route->endpoint);

	if (request->reply.format != NULL)
		request->reply.format->begin(out);
	else
		write_opening(request, out);
	if (out->length > 0 && request->reply.format == NULL)
		out->data[0] = '{';
	if (flat && out->length > 0 && request->job.out.length > 0)
		request->job.out.data[0] = ',';
}

void envelope_close(struct request *request, struct buffer *out)
{
	const struct endpoint *endpoint = request->route->endpoint;

	if (request->reply.format != NULL)
		request->reply.format->end(out);
	else if (endpoint->array != NULL)
		buffer_add_text(out, TEXT("]}"));
	else if (!is_flat(endpoint))
		buffer_add_text(out, TEXT("}"));
}
