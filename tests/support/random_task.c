/* Tasks and changes of them as a dice has it. */
#include "random_task.h"

#include "check_main.h"

unsigned random_below(uint64_t *state, unsigned of)
{
	return (unsigned)(check_random(state) % of);
}

static json_t *random_name(uint64_t *state)
{
	return json_sprintf("task %u", random_below(state, 1000));
}

static json_t *random_note(uint64_t *state)
{
	return json_sprintf("line\n%u \"q\"", random_below(state, 1000));
}

static json_t *random_due_date(uint64_t *state)
{
	static const char *const dates[] = { "2026-11-25", "2027-01-02T03:04:05Z",
		"2026-11-25T00:00:00Z" };
	unsigned n = random_below(state, CHECK_COUNT(dates) + 1);

	return n < CHECK_COUNT(dates) ? json_string(dates[n]) : json_null();
}

static json_t *random_completed(uint64_t *state)
{
	return json_boolean(random_below(state, 2));
}

static json_t *random_priority(uint64_t *state)
{
	return json_integer(random_below(state, 4));
}

static json_t *random_tags(uint64_t *state)
{
	static const char *const tags[] = { "home", "Home", "garden", "\xc3\xa9t\xc3\xa9", "a\"b" };
	json_t *array = json_array();

	for (size_t n = 0; n < CHECK_COUNT(tags); n++)
		if (random_below(state, 3) == 0)
			json_array_append_new(array, json_string(tags[n]));
	return array;
}

static json_t *random_position(uint64_t *state)
{
	return json_real(random_below(state, 4000) / 4.0);
}

static const struct {
	const char *name;
	json_t *(*make)(uint64_t *state);
} members[] = {
	{ "name", random_name },
	{ "note", random_note },
	{ "due_date", random_due_date },
	{ "completed", random_completed },
	{ "priority", random_priority },
	{ "tags", random_tags },
	{ "position", random_position },
};

json_t *random_task(uint64_t *state, bool named)
{
	json_t *task = json_object();

	for (size_t n = 0; n < CHECK_COUNT(members); n++)
		if (random_below(state, 3) == 0 || (named && n == 0))
			json_object_set_new(task, members[n].name, members[n].make(state));
	return task;
}

/* The id of one of them. */
static json_t *random_id(uint64_t *state, const json_t *tasks)
{
	size_t n = random_below(state, (unsigned)json_array_size(tasks));

	return json_incref(json_object_get(json_array_get(tasks, n), "id"));
}

json_t *random_item(uint64_t *state, const json_t *list, const json_t *trash, size_t most)
{
	size_t size = json_array_size(list);
	unsigned dice = random_below(state, 100);

	if (dice < 15 && json_array_size(trash) > 0)
		return json_pack("{s:s, s:o}", "op", "restore", "id", random_id(state, trash));
	if (size == 0 || (dice < 40 && size < most))
		return json_pack("{s:s, s:o}", "op", "create", "task", random_task(state, true));
	if (dice < 60)
		return json_pack("{s:s, s:o}", "op", "delete", "id", random_id(state, list));
	return json_pack("{s:s, s:o, s:o}", "op", "patch", "id", random_id(state, list), "task",
		random_task(state, false));
}

/* ---- lists ---- */

static json_t *random_headings(uint64_t *state)
{
	static const char *const headings[] = { "Now", "Later, perhaps", "now", "\xc3\xa9\"\\" };
	json_t *array = json_array();

	for (size_t n = 0; n < CHECK_COUNT(headings); n++)
		if (random_below(state, 2) == 0)
			json_array_append_new(array, json_string(headings[n]));
	return array;
}

static json_t *random_list(uint64_t *state, bool named)
{
	json_t *list = json_object();

	if (named || random_below(state, 3) == 0)
		json_object_set_new(list, "name", json_sprintf("list %u", random_below(state, 1000)));
	if (random_below(state, 3) == 0)
		json_object_set_new(
			list, "color", json_sprintf("#%06x", random_below(state, 0x1000000)));
	if (random_below(state, 2) == 0)
		json_object_set_new(list, "headings", random_headings(state));
	if (random_below(state, 4) == 0)
		json_object_set_new(list, "position", random_position(state));
	if (random_below(state, 4) == 0)
		json_object_set_new(list, "archived", random_completed(state));
	return list;
}

/* One of an array's elements, borrowed; NULL where it has none. */
static json_t *random_element(uint64_t *state, const json_t *array)
{
	size_t size = json_array_size(array);

	return size > 0 ? json_array_get(array, random_below(state, (unsigned)size)) : NULL;
}

/* A change of a list, or another name of one of its headings. */
static json_t *random_list_patch(uint64_t *state, const json_t *list)
{
	json_t *heading = random_element(state, json_object_get(list, "headings"));
	json_t *others, *to, *rename;

	if (heading == NULL || random_below(state, 3) > 0)
		return random_list(state, false);
	others = random_headings(state);
	to = random_element(state, others);
	rename = json_pack("{s:{s:O, s:O}}", "rename_heading", "from", heading, "to",
		to != NULL ? to : heading);
	json_decref(others);
	return rename;
}

json_t *random_list_item(uint64_t *state, const json_t *lists, const json_t *trash, size_t most)
{
	size_t size = json_array_size(lists);
	unsigned dice = random_below(state, 100);
	const json_t *list;

	if (dice < 20 && json_array_size(trash) > 0)
		return json_pack("{s:s, s:o}", "op", "restore", "id", random_id(state, trash));
	if (size == 0 || (dice < 45 && size < most))
		return json_pack("{s:s, s:o}", "op", "create", "list", random_list(state, true));
	if (dice < 60)
		return json_pack("{s:s, s:o}", "op", "delete", "id", random_id(state, lists));
	list = random_element(state, lists);
	return json_pack("{s:s, s:O, s:o}", "op", "patch", "id", json_object_get(list, "id"), "list",
		random_list_patch(state, list));
}

void random_place(uint64_t *state, json_t *task, const json_t *lists)
{
	const json_t *list = random_below(state, 4) > 0 ? random_element(state, lists) : NULL;
	json_t *heading = random_element(state, json_object_get(list, "headings"));

	if (random_below(state, 3) == 0)
		heading = NULL;
	json_object_set_new(
		task, "list", list != NULL ? json_incref(json_object_get(list, "id")) : json_null());
	json_object_set_new(task, "heading", heading != NULL ? json_incref(heading) : json_null());
}
