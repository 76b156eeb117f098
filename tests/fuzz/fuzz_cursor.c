/*
 * endpoint/list/cursor.h: a cursor that is written is read as the same keys, for the same list and for no
 * other; and any text is a cursor of the list or none.
 */
#include "src/endpoint/list/cursor.h"
#include "src/endpoint/state/request_state.h"

#include "http/form.h"
#include "src/endpoint/types/types.h"
#include "support/fuzz.h"
#include "support/tables.h"

#include <stdio.h>

static const struct route *list_route(void)
{
	const struct path path = { .segment = { TEXT_INIT("api"), TEXT_INIT("v1"),
					   TEXT_INIT("accounts"), TEXT_INIT("ann"),
					   TEXT_INIT("tasks") },
		.count = 5 };
	const struct route *route;

	router_match(tables_router(), &path, GET, &route);
	CHECK_THAT(route != NULL, "there is no list");
	return route;
}

static struct value *value_of(struct request *request, const char *prefix, unsigned number)
{
	char name[32];

	snprintf(name, sizeof(name), "%s_%u", prefix, number);
	return request_value(request, name);
}

/* The query as far as it is well: what the list is narrowed to. */
static void set_query(struct request *request, struct text query)
{
	const struct route *route = request->route;
	struct text name;
	struct raw_value raw = { 0 };
	bool well;

	while (form_next(&request->arena, &query, &name, &raw.text, &well)) {
		for (int i = 0; well && route->endpoint->input[i].name != NULL; i++) {
			const struct input *input = &route->endpoint->input[i];
			struct value value = { 0 };

			if (!text_equal(text_of(input->name), name) ||
				input_type_read(input, &raw, &value, &request->arena) != NULL)
				continue;
			request->values[route->input_slot[i].value] = value;
			request->values[route->input_slot[i].given].integer = 1;
		}
	}
}

/* Keys of the kinds that rows have: a number, a real, or text. */
static void set_keys(struct request *request, struct text keys)
{
	for (unsigned i = 0; i < request->list.sorting.count; i++) {
		struct text key = fuzz_cut(&keys, '\n');
		struct value *value = value_of(request, "next", i + 1);

		if (key.length == sizeof(value->integer)) {
			value->type = VALUE_INTEGER;
			memcpy(&value->integer, key.data, sizeof(value->integer));
		} else if (key.length < sizeof(value->integer) || !fuzz_is_text(key)) {
			*value = (struct value){ VALUE_REAL, .real = (double)key.length / 3 };
		} else {
			*value = (struct value){ VALUE_TEXT, .text = key };
		}
	}
	*request_value(request, "next_id") = (struct value){ VALUE_INTEGER, .integer = 7 };
}

static double number_of(const struct value *value)
{
	return value->type == VALUE_REAL ? value->real : (double)value->integer;
}

static void check_key(const struct value *key, const struct value *again)
{
	if (key->type == VALUE_TEXT)
		CHECK_THAT(again->type == VALUE_TEXT && text_equal(key->text, again->text),
			"another text");
	else
		CHECK_THAT(again->type != VALUE_TEXT && number_of(key) == number_of(again),
			"another number");
}

static bool read_text(struct request *request, struct text cursor)
{
	*request_value(request, "cursor") = (struct value){ VALUE_TEXT, .text = cursor };
	return cursor_read(request);
}

static void check_written(struct request *request)
{
	struct buffer cursor = { 0 };
	struct text text;
	unsigned keys = request->list.sorting.count;
	int64_t *given = &request_value(request, "completed_given")->integer;

	cursor_write(request, &cursor);
	text = (struct text){ cursor.data, cursor.length };
	/* a key may be longer than a cursor can be */
	if (read_text(request, text)) {
		for (unsigned i = 1; i <= keys; i++)
			check_key(value_of(request, "next", i), value_of(request, "after", i));
		CHECK_THAT(request_value(request, "after_id")->integer == 7, "another row");
		request->list.sorting.count = keys == 0;
		CHECK_THAT(!read_text(request, text), "taken for another order");
		request->list.sorting.count = keys;
		*given ^= 1;
		CHECK_THAT(!read_text(request, text), "taken for another list");
		*given ^= 1;
	} else {
		CHECK_THAT(cursor.length > 1024, "not read again");
	}
	buffer_free(&cursor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct request request;
	struct text text = fuzz_text(data, size);

	memset(&request, 0, sizeof(request));
	request.route = list_route();
	request.list.sorting.count = fuzz_byte(&text) % (LIST_KEYS + 1);
	set_query(&request, fuzz_cut(&text, '\n'));
	struct text cursor = fuzz_cut(&text, '\n');
	set_keys(&request, text);
	check_written(&request);
	if (read_text(&request, cursor))
		CHECK_THAT(request_value(&request, "after_id")->type == VALUE_INTEGER, "no row");
	arena_free(&request.arena);
	return 0;
}
