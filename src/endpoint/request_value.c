/*
 * The values that a request begins with, and how handlers reach them.
 */
#include "request.h"

#include "access/forwarded.h"
#include "serving.h"

#include <assert.h>
#include <string.h>

static const struct value registrations[] = {
	[REGISTRATION_OPEN] = { VALUE_TEXT, .text = TEXT_INIT("open") },
	[REGISTRATION_FIRST] = { VALUE_TEXT, .text = TEXT_INIT("first") },
	[REGISTRATION_CLOSED] = { VALUE_TEXT, .text = TEXT_INIT("closed") },
};

static void set_text(struct value *value, const char *text, size_t length)
{
	*value = (struct value){ VALUE_TEXT, .text = { text, length } };
}

struct value *request_value(struct request *request, const char *name)
{
	int slot = route_slot(request->route, name);

	assert(slot >= 0);
	return &request->values[slot];
}

bool request_given(struct request *request, const char *name)
{
	const struct input *input = request->route->endpoint->input;
	int i = 0;

	while (i < ENDPOINT_INPUTS && input[i].name != NULL && strcmp(input[i].name, name) != 0)
		i++;
	assert(i < ENDPOINT_INPUTS && input[i].name != NULL);
	return request->values[request->route->input_slot[i].given].integer != 0;
}

void request_keep_state(struct request *request, void *state, void (*drop)(void *state))
{
	request->state = state;
	request->state_drop = drop;
}

void *request_state(struct request *request)
{
	return request->state;
}

uint64_t request_rows(const struct request *request)
{
	return request->job.rows;
}

/* An id is digits, as we write them; anything else is no id, and finds nothing. */
static void set_id(struct value *value, struct text text)
{
	bool canonical = text.length == 1 || (text.length > 1 && text.at[0] != '0');

	if (canonical && text_to_integer(text, &value->integer))
		value->type = VALUE_INTEGER;
}

static void set_path(struct request *request)
{
	for (unsigned i = 0; i < request->path.count; i++) {
		int slot = request->route->path_slot[i];
		struct text segment = request->path.segment[i];
		if (slot == SLOT_USERNAME)
			set_text(&request->values[slot], segment.at, segment.length);
		else if (slot >= 0)
			set_id(&request->values[slot], segment);
	}
}

/* Copies, since the request outlives both the second and, if need be, its connection. */
static void set_circumstances(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;

	request->clock = *server_clock(request->server);
	clock_set_values(&request->clock, request->values);
	for (unsigned i = 0; i < LIMITS; i++)
		request->values[SLOT_LIMITS + i] = (struct value){ VALUE_INTEGER,
			.integer = request->server->settings.limits[i] };
	/* Who only reads by a session is not counted by address. */
	if (endpoint->access < SESSION || !method_endpoint_is_safe(endpoint->method)) {
		forwarded_write_site(request);
		set_text(&request->values[SLOT_ADDRESS], request->client_network,
			strlen(request->client_network));
	}
	request->values[SLOT_REGISTRATION] = registrations[request->server->settings.registration];
}

void request_set_values(struct request *request)
{
	route_clear_given(request->route, request->values);
	set_path(request);
	set_circumstances(request);
}
