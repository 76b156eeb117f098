#include "transfer/import/file_lists.h"

#include "base/json.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct made_list {
	struct file_list given; /* its texts are terminated and owned */
	size_t headings_given;	/* the others are of tasks */
	bool by_name;
	int64_t target;
};

struct file_lists {
	struct made_list *list;
	int count, capacity;
	int *by_name; /* indexes of those that were named, in the order of their names */
	int named;
	int *by_id;    /* indexes of all, in the order of their ids */
	json_t *known; /* of the account */
	int *made_at;  /* indexes of those that are made */
	int made;
};

enum known_column { KNOWN_ID, KNOWN_NAME, KNOWN_CREATED, KNOWN_IS_TRASHED, KNOWN_HEADINGS };

struct file_lists *file_lists_new(void)
{
	return memory_zeroed(sizeof(struct file_lists));
}

void file_lists_free(struct file_lists *lists)
{
	if (lists == NULL)
		return;
	for (int i = 0; i < lists->count; i++) {
		struct file_list *given = &lists->list[i].given;
		struct text *texts[] = { &given->name, &given->color, &given->creation_date,
			&given->modified_date, &given->deleted_date };

		for (size_t n = 0; n < sizeof(texts) / sizeof(texts[0]); n++)
			free((char *)texts[n]->data);
		json_decref(given->headings);
	}
	json_decref(lists->known);
	free(lists->list);
	free(lists->by_name);
	free(lists->by_id);
	free(lists->made_at);
	free(lists);
}

static struct text copy_of(struct text text)
{
	return (struct text){ memory_copy(text.data, text.length), text.length };
}

int file_lists_add(struct file_lists *lists, const struct file_list *list)
{
	struct made_list *made;

	if (lists->count == lists->capacity) {
		lists->capacity = 2 * lists->capacity + 16;
		lists->list = memory_resize(
			lists->list, sizeof(*lists->list) * (size_t)lists->capacity);
	}
	made = &lists->list[lists->count];
	*made = (struct made_list){ .given = *list };
	made->given.name = copy_of(list->name);
	made->given.color = copy_of(list->color);
	made->given.creation_date = copy_of(list->creation_date);
	made->given.modified_date = copy_of(list->modified_date);
	made->given.deleted_date = copy_of(list->deleted_date);
	if (made->given.headings == NULL)
		made->given.headings = json_array();
	made->headings_given = json_array_size(made->given.headings);
	return lists->count++;
}

/* Where in by_name the name is, or would be. */
static int place_of(const struct file_lists *lists, struct text name, bool *found)
{
	int from = 0, to = lists->named;

	*found = false;
	while (from < to && !*found) {
		int middle = from + (to - from) / 2;
		int order = text_compare(
			name, lists->list[lists->by_name[middle]].given.name);

		*found = order == 0;
		if (order > 0)
			from = middle + 1;
		else
			to = middle;
	}
	return to;
}

int file_lists_named(struct file_lists *lists, struct text name)
{
	bool found;
	int place = place_of(lists, name, &found), index;

	if (found)
		return lists->by_name[place];
	index = file_lists_add(lists, &(struct file_list){ .name = name });
	lists->list[index].by_name = true;
	lists->by_name = memory_resize(
		lists->by_name, sizeof(*lists->by_name) * (size_t)(lists->named + 1));
	memmove(&lists->by_name[place + 1], &lists->by_name[place],
		sizeof(*lists->by_name) * (size_t)(lists->named - place));
	lists->by_name[place] = index;
	lists->named++;
	return index;
}

int file_lists_count(const struct file_lists *lists)
{
	return lists->count;
}

static struct text known_text(const json_t *row, enum known_column column)
{
	const json_t *string = json_array_get(row, column);

	return (struct text){ json_string_value(string), json_string_length(string) };
}

static bool is_same(const struct made_list *list, const json_t *row)
{
	const struct file_list *given = &list->given;
	bool is_trashed = json_integer_value(json_array_get(row, KNOWN_IS_TRASHED)) != 0;

	if (!text_equal(given->name, known_text(row, KNOWN_NAME)) ||
		is_trashed != (given->deleted_date.length > 0))
		return false;
	return list->by_name || text_equal(given->creation_date, known_text(row, KNOWN_CREATED));
}

/* The account's list that is the same; 0: none. */
static int64_t known_id(const struct file_lists *lists, const struct made_list *list)
{
	json_t *row;
	size_t i;

	json_array_foreach (lists->known, i, row)
		if (is_same(list, row))
			return json_integer_value(json_array_get(row, KNOWN_ID));
	return 0;
}

static void drop_taken_headings(struct made_list *list)
{
	while (json_array_size(list->given.headings) > list->headings_given)
		json_array_remove(list->given.headings, list->headings_given);
}

/* Of lists with the same id the first one comes first. */
static int compare_ids(const void *a, const void *b, void *lists)
{
	const struct made_list *list = ((const struct file_lists *)lists)->list;
	int one = *(const int *)a, other = *(const int *)b;
	int64_t id = list[one].given.id, next = list[other].given.id;

	return id != next ? (id > next) - (id < next) : one - other;
}

static void sort_ids(struct file_lists *lists)
{
	size_t size = sizeof(*lists->by_id) * (size_t)lists->count;

	lists->by_id = memory_resize(lists->by_id, size);
	for (int i = 0; i < lists->count; i++)
		lists->by_id[i] = i;
	qsort_r(lists->by_id, (size_t)lists->count, sizeof(*lists->by_id), compare_ids, lists);
}

void file_lists_take_known(struct file_lists *lists, struct text json)
{
	json_decref(lists->known);
	lists->known = json_loadb(json.data, json.length, 0, NULL);
	lists->made = 0;
	lists->made_at =
		memory_resize(lists->made_at, sizeof(*lists->made_at) * (size_t)lists->count);
	sort_ids(lists);
	for (int i = 0; i < lists->count; i++) {
		struct made_list *list = &lists->list[i];
		int64_t id = known_id(lists, list);

		if (id == 0)
			lists->made_at[lists->made++] = i;
		list->target = id > 0 ? id : -lists->made;
		drop_taken_headings(list);
	}
}

int64_t file_lists_known(const struct file_lists *lists)
{
	return (int64_t)json_array_size(lists->known);
}

int64_t file_lists_made(const struct file_lists *lists)
{
	return lists->made;
}

int file_lists_find(const struct file_lists *lists, int64_t id)
{
	int from = 0, to = lists->count;

	while (from < to) {
		int middle = from + (to - from) / 2;

		if (lists->list[lists->by_id[middle]].given.id < id)
			from = middle + 1;
		else
			to = middle;
	}
	if (from == lists->count || lists->list[lists->by_id[from]].given.id != id)
		return -1;
	return lists->by_id[from];
}

int64_t file_lists_target(const struct file_lists *lists, int index)
{
	return lists->list[index].target;
}

bool file_lists_is_trashed(const struct file_lists *lists, int index)
{
	return lists->list[index].given.deleted_date.length > 0;
}

static bool has_heading(const json_t *headings, struct text heading)
{
	const json_t *other;
	size_t i;

	json_array_foreach ((json_t *)headings, i, other)
		if (text_equal(heading,
			    (struct text){ json_string_value(other), json_string_length(other) }))
			return true;
	return false;
}

/* A list of the account, which stays as it is. */
static bool known_has_heading(const struct file_lists *lists, int64_t id, struct text heading)
{
	json_t *row;
	size_t i;

	json_array_foreach (lists->known, i, row)
		if (json_integer_value(json_array_get(row, KNOWN_ID)) == id)
			return has_heading(json_array_get(row, KNOWN_HEADINGS), heading);
	return false;
}

bool file_lists_take_heading(struct file_lists *lists, int64_t target, struct text heading)
{
	json_t *headings;

	if (target > 0)
		return known_has_heading(lists, target, heading);
	headings = lists->list[lists->made_at[-target - 1]].given.headings;
	if (has_heading(headings, heading))
		return true;
	if (json_array_size(headings) >= FILE_LIST_HEADINGS)
		return false;
	json_array_append_new(headings, json_stringn_nocheck(heading.data, heading.length));
	return true;
}

static void add_text(struct buffer *out, struct text text)
{
	buffer_add_text(out, TEXT(","));
	json_write_text(out, text);
}

/* As JSON text, which is a string here. */
static void add_headings(struct buffer *out, const json_t *headings)
{
	char *text = json_dumps(headings, JSON_COMPACT);

	if (text == NULL)
		memory_fail();
	add_text(out, text_of(text));
	free(text);
}

static void write_list(struct buffer *out, const struct made_list *list)
{
	const struct file_list *given = &list->given;

	buffer_add_text(out, TEXT("["));
	json_write_integer(out, -list->target);
	add_text(out, given->deleted_date);
	add_text(out, given->name);
	add_text(out, given->color);
	add_headings(out, given->headings);
	buffer_add_text(out, TEXT(","));
	if (given->has_position)
		json_write_real(out, given->position);
	else
		buffer_add_text(out, TEXT("null"));
	buffer_add_text(out, given->is_archived ? TEXT(",1") : TEXT(",0"));
	add_text(out, given->creation_date);
	add_text(out, given->modified_date);
	buffer_add_text(out, TEXT("]"));
}

void file_lists_write(const struct file_lists *lists, struct buffer *out)
{
	buffer_add_text(out, TEXT("["));
	for (int i = 0; i < lists->made; i++) {
		buffer_add_text(out, i == 0 ? TEXT("") : TEXT(","));
		write_list(out, &lists->list[lists->made_at[i]]);
	}
	buffer_add_text(out, TEXT("]"));
}
