/*
 * What an import takes of a file goes through the same inputs as the product's, gets the values
 * that its statement gives in the place of what is absent, and is written as an export would.
 */
#include "turn_tasks.h"

#include "check_main.h"
#include "src/api/tables.h"
#include "src/endpoint/types/types.h"

#include <string.h>

#define NOW "2026-11-22T16:55:00Z"
/* The endpoint that a task of a file is for. */
static const struct endpoint *import_endpoint(void)
{
	return table_row(import_endpoints, POST, "/import/task");
}

static const struct input *find_input(const char *name)
{
	const struct input *input = import_endpoint()->input;

	while (input->name != NULL && strcmp(input->name, name) != 0)
		input++;
	return input->name != NULL ? input : NULL;
}

/* The task that was read goes before its values do. */
static void keep_text(struct turn *turn, struct value *value)
{
	char *copy;

	if (value->type != VALUE_TEXT)
		return;
	CHECK_THAT(text_is_utf8(value->text), "a text that is none");
	copy = arena_alloc(&turn->arena, value->text.length + 1);
	memcpy(copy, value->text.data, value->text.length);
	value->text.data = copy;
}

/* Ids mean nothing outside of JSON: a list is there by its name, and a parent by its uid. */
static const char *member_of(const struct turn *turn, int column)
{
	if (turn->format != &format_json && column == TASK_list)
		return COLUMN_LIST_NAME;
	if (turn->format != &format_json && column == TASK_parent)
		return COLUMN_PARENT_UID;
	return turn_names[column];
}

/* The value of a member, or none where there is none; false where an import would not take it. */
static bool take(struct turn *turn, json_t *task, const char *name, struct value *value)
{
	json_t *json = json_object_get(task, name);
	const struct input *input = find_input(name);
	const char *wrong;

	*value = (struct value){ 0 };
	if (json == NULL || input->type == INPUT_READ_ONLY)
		return input->type == INPUT_READ_ONLY || !input->required;
	wrong = input_type_read(input, &(struct raw_value){ .json = json }, value, &turn->arena);
	turn->why = wrong != NULL ? wrong : turn->why;
	keep_text(turn, value);
	return wrong == NULL;
}

static void set_default(struct value *value, struct value otherwise)
{
	if (value->type == VALUE_NULL)
		*value = otherwise;
}

static struct value text_value(const char *text)
{
	return (struct value){ VALUE_TEXT, .text = text_of(text) };
}

/* A day is its first instant. */
static void set_instant(struct turn *turn, struct value *value)
{
	char *instant;

	if (value->type == VALUE_NULL || value->text.length > strlen("YYYY-MM-DD"))
		return;
	instant = arena_alloc(&turn->arena, sizeof(NOW));
	memcpy(instant, value->text.data, value->text.length);
	memcpy(instant + value->text.length, "T00:00:00Z", sizeof("T00:00:00Z"));
	*value = text_value(instant);
}

/* What stands for none. */
static void drop(struct value *value, const char *none)
{
	if (value->type == VALUE_TEXT && text_equal(value->text, text_of(none)))
		*value = (struct value){ 0 };
}

/* As the import's statement has it. */
static void set_defaults(struct turn *turn, struct task *task)
{
	struct value *values = task->values;
	int64_t number = (int64_t)turn->count + 1;

	set_default(&values[TASK_note], text_value(""));
	set_default(&values[TASK_creation_date], text_value(NOW));
	set_default(&values[TASK_completed], (struct value){ VALUE_INTEGER, .integer = 0 });
	set_default(&values[TASK_priority], (struct value){ VALUE_INTEGER, .integer = 0 });
	set_default(&values[TASK_tags], text_value("[]"));
	set_default(&values[TASK_position], (struct value){ VALUE_REAL, .real = (double)number });
	set_default(&values[TASK_completed_date], text_value(NOW));
	if (values[TASK_completed].integer == 0)
		values[TASK_completed_date] = (struct value){ 0 };
	set_default(&values[TASK_modified_date], text_value(NOW));
	drop(&values[TASK_repeat_from], "due");
	drop(&values[TASK_reminders], "[]");
	set_instant(turn, &values[TASK_creation_date]);
	set_instant(turn, &values[TASK_completed_date]);
	set_instant(turn, &values[TASK_modified_date]);
	set_instant(turn, &task->deleted);
	values[TASK_id] = values[TASK_revision] =
		(struct value){ VALUE_INTEGER, .integer = number };
}

static bool read_task(struct turn *turn, json_t *json, struct task *task)
{
	bool well = take(turn, json, "deleted_date", &task->deleted);
	const char *name;
	json_t *value;

	for (int i = 0; i < TASK_COLUMNS && well; i++)
		well = find_input(turn_names[i]) == NULL ||
		       take(turn, json, member_of(turn, i), &task->values[i]);
	json_object_foreach (json, name, value)
		well = well && find_input(name) != NULL;
	return well;
}

static void take_task(struct turn *turn, json_t *json)
{
	struct task task = { 0 };

	if (turn->count == TASKS_MOST)
		return;
	if (!read_task(turn, json, &task)) {
		turn->left++;
		return;
	}
	set_defaults(turn, &task);
	turn->tasks[turn->count++] = task;
}

static void count_report(struct reader *reader, const char *place, const char *sentence)
{
	struct turn *turn = reader->owner;

	CHECK_THAT(*place == '/' || reader->records == 0 || turn->format == &format_json,
		"a report of no place: %s", sentence);
	CHECK_THAT(text_is_utf8(text_of(sentence)), "a report that is no text");
	turn->reports++;
}

/* The record ends before the next one begins, and says what it is. */
static void check_record(const struct reader *reader, enum record record, size_t before)
{
	CHECK_THAT(reader->text.length <= before, "the text grew");
	CHECK_THAT((record == RECORD_TASK || record == RECORD_LIST) == (reader->task != NULL),
		"a task, a list or none");
	if (record == RECORD_TASK)
		CHECK_THAT(*reader->place == '/', "a task of no place");
	if (record == RECORD_BAD || record == RECORD_FATAL)
		CHECK_THAT(reader->why != NULL && strlen(reader->why) > 5, "no sentence");
}

static void read_all(struct turn *turn, struct text text)
{
	struct reader reader = { .text = text, .report = count_report, .owner = turn };
	enum record record;

	do {
		size_t before = reader.text.length;

		record = turn->format->read(&reader);
		check_record(&reader, record, before);
		if (record == RECORD_TASK)
			take_task(turn, reader.task);
		if (record == RECORD_BAD || record == RECORD_FATAL) {
			turn->left++;
			turn->why = reader.why;
		}
		json_decref(reader.task);
		reader.task = NULL;
	} while (record != RECORD_END && record != RECORD_FATAL);
	turn->format->close(&reader);
	CHECK_THAT(reader.state == NULL, "something is left of the reader");
}

static bool is_same(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == VALUE_TEXT)
		return text_equal(a->text, b->text);
	if (a->type == VALUE_REAL)
		return a->real == b->real;
	return a->type == VALUE_NULL || a->integer == b->integer;
}

static void check_task(const struct task *task, const struct task *again, const struct buffer *out)
{
	for (int column = 0; column < TASK_COLUMNS; column++) {
		bool numbered = column == TASK_id || column == TASK_revision;

		CHECK_THAT(numbered || is_same(&task->values[column], &again->values[column]),
			"another %s: %.*s", turn_names[column], (int)out->length, out->data);
	}
	CHECK_THAT(is_same(&task->deleted, &again->deleted), "another deleted_date");
}

/* The next task of the list, or of the trash, from *at on. */
static const struct task *next_task(const struct turn *turn, bool trash, size_t *at)
{
	while (*at < turn->count && (turn->tasks[*at].deleted.type != VALUE_NULL) != trash)
		++*at;
	return *at < turn->count ? &turn->tasks[(*at)++] : NULL;
}

static void check_same(const struct turn *turn, const struct turn *again, const struct buffer *out)
{
	CHECK_THAT(again->left == 0 && again->reports == 0 && again->count == turn->count,
		"%zu tasks of %zu, %zu refused (%s), %zu reports: %.*s", again->count, turn->count,
		again->left, again->why != NULL ? again->why : "", again->reports, (int)out->length,
		out->data);
	for (int trash = 0; trash < 2; trash++) {
		const struct task *task;
		size_t at = 0, there = 0;

		while ((task = next_task(turn, trash, &at)) != NULL)
			check_task(task, next_task(again, trash, &there), out);
	}
}

void turn_check(const struct format *format, struct text text)
{
	static struct turn turn, again;
	struct buffer out = { 0 };

	turn = again = (struct turn){ .format = format };
	read_all(&turn, text);
	turn_write(&out, &turn);
	buffer_reserve(&out, 1);
	read_all(&again, (struct text){ out.data, out.length });
	check_same(&turn, &again, &out);
	arena_free(&turn.arena);
	arena_free(&again.arena);
	buffer_free(&out);
}
