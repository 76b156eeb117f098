/*
 * Files in and out of a format.
 */
#include "format_reading.h"

#include "check_main.h"

#include <string.h>

#define CREATED "2026-11-22T16:55:00Z"
#define MODIFIED "2027-01-31T23:59:59Z"
#define UID "uid-7"

static void reading_report(struct reader *reader, const char *place, const char *sentence)
{
	json_array_append_new(reader->owner, json_sprintf("%s: %s", place, sentence));
}

static json_t *reading_record(struct reader *reader, enum record record)
{
	switch (record) {
	case RECORD_TASK:
	case RECORD_LIST:
		ck_assert(json_is_object(reader->task));
		return reader->task;
	case RECORD_SKIPPED:
		return json_false();
	case RECORD_BAD:
		return json_sprintf("%s: %s", reader->place, reader->why);
	default:
		return json_sprintf("%s! %s", reader->place, reader->why);
	}
}

json_t *format_reading(const struct format *format, struct text text)
{
	json_t *records = json_array(), *reports = json_array();
	struct reader reader = { .text = text, .report = reading_report, .owner = reports };
	enum record record;

	while ((record = format->read(&reader)) != RECORD_END) {
		json_array_append_new(records, reading_record(&reader, record));
		if (record == RECORD_FATAL)
			break;
	}
	format->close(&reader);
	ck_assert_ptr_null(reader.state);
	return json_pack("{soso}", "records", records, "reports", reports);
}

static void reading_compare(json_t *reading, const char *member, const char *expected)
{
	json_t *found = json_object_get(reading, member);
	json_t *json = json_loads(expected, 0, NULL);
	char *text = json_dumps(found, JSON_SORT_KEYS);

	ck_assert_msg(json != NULL, "no JSON: %s", expected);
	ck_assert_msg(
		json_equal(found, json), "%s: %.2000s\nbut not: %.2000s", member, text, expected);
	free(text);
	json_decref(json);
}

void format_check(
	const struct format *format, struct text text, const char *records, const char *reports)
{
	json_t *reading = format_reading(format, text);

	reading_compare(reading, "records", records);
	reading_compare(reading, "reports", reports);
	json_decref(reading);
}

void format_check_records(const struct format *format, struct text text, const char *records)
{
	json_t *reading = format_reading(format, text);

	reading_compare(reading, "records", records);
	json_decref(reading);
}

static struct value reading_text(const char *string)
{
	if (string == NULL)
		return (struct value){ .type = VALUE_NULL };
	return (struct value){ .type = VALUE_TEXT, .text = text_of(string) };
}

/* "" is none. */
static const char *reading_date(const char *date)
{
	return date != NULL && *date == '\0' ? NULL : date;
}

static struct value reading_integer(int64_t integer)
{
	return (struct value){ .type = VALUE_INTEGER, .integer = integer };
}

static void reading_write(
	const struct format *format, const struct format_task *task, struct buffer *out)
{
	const struct value values[TASK_COLUMNS] = {
		[TASK_id] = reading_integer(7),
		[TASK_name] = reading_text(task->name),
		[TASK_note] = reading_text(task->note),
		[TASK_creation_date] = reading_text(CREATED),
		[TASK_due_date] = reading_text(task->due_date),
		[TASK_completed] = reading_integer(task->completed_date != NULL),
		[TASK_priority] = reading_integer(task->priority),
		[TASK_tags] = reading_text(task->tags),
		[TASK_position] = { .type = VALUE_REAL, .real = task->position },
		[TASK_completed_date] = reading_text(reading_date(task->completed_date)),
		[TASK_modified_date] = reading_text(MODIFIED),
		[TASK_uid] = reading_text(UID),
		[TASK_revision] = reading_integer(99),
	};

	format->write(out, values);
}

static void reading_expect(json_t *task, const char *member, json_t *expected)
{
	json_t *found = json_object_get(task, member);
	char *text = json_dumps(task, 0);

	ck_assert_msg(found == NULL ? expected == NULL : json_equal(found, expected),
		"%s in %.4000s", member, text);
	free(text);
	json_decref(expected);
}

/* What may be told by its absence: "", 0, false and no tags. */
static void reading_expect_or_none(json_t *task, const char *member, bool none, json_t *expected)
{
	if (!none || json_object_get(task, member) != NULL) {
		reading_expect(task, member, expected);
		return;
	}
	json_decref(expected);
}

static json_t *reading_string(const char *string)
{
	return string == NULL ? NULL : json_string(string);
}

static void reading_compare_task(json_t *task, const struct format_task *expected)
{
	bool completed = expected->completed_date != NULL;

	ck_assert_msg(json_is_object(task), "no task for \"%s\"", expected->name);
	reading_expect(task, "name", json_string(expected->name));
	reading_expect_or_none(task, "note", *expected->note == '\0', json_string(expected->note));
	reading_expect(task, "creation_date", json_string(CREATED));
	reading_expect(task, "due_date", reading_string(expected->due_date));
	reading_expect_or_none(task, "completed", !completed, json_boolean(completed));
	reading_expect_or_none(
		task, "priority", expected->priority == 0, json_integer(expected->priority));
	reading_expect_or_none(task, "tags", strcmp(expected->tags, "[]") == 0,
		json_loads(expected->tags, 0, NULL));
	reading_expect(task, "position", json_real(expected->position));
	reading_expect(
		task, "completed_date", reading_string(reading_date(expected->completed_date)));
	reading_expect(task, "modified_date", json_string(MODIFIED));
	reading_expect(task, "uid", json_string(UID));
	reading_expect(task, "id", NULL);
	reading_expect(task, "revision", NULL);
}

struct buffer format_file(
	const struct format *format, const struct format_task *tasks, size_t count)
{
	struct buffer file = { 0 };

	format->begin(&file);
	for (size_t i = 0; i < count; i++)
		reading_write(format, &tasks[i], &file);
	format->end(&file);
	return file;
}

void format_check_tasks(const struct format *format, const struct format_task *tasks, size_t count)
{
	struct buffer file = format_file(format, tasks, count);
	json_t *reading = format_reading(format, (struct text){ file.data, file.length });
	json_t *records = json_object_get(reading, "records");

	ck_assert_uint_eq(json_array_size(records), count);
	for (size_t i = 0; i < count; i++)
		reading_compare_task(json_array_get(records, i), &tasks[i]);
	reading_compare(reading, "reports", "[]");
	json_decref(reading);
	buffer_free(&file);
}

/* The members but id and revision; those that the server sets are dates. */
#define DATE_MEMBER(with, member, ...) { .name = #member, .type = INPUT_DATE },
#define RARE_INPUT_MEMBER(with, member, type, cast, schema, absent, stored, ...)                   \
	{ #member, IN_BODY, __VA_ARGS__, .required = false },
static const struct input members[] = {
	TASK_FIELDS(TASK_CREATE_INPUT, DATE_MEMBER, RARE_INPUT_MEMBER, ){
		.name = "uid", .type = INPUT_LINE },
};

/* Ids mean nothing in another file: a list is there by its name, and a parent by its uid. */
static bool member_is_reference(const struct input *input)
{
	return strcmp(input->name, "list") == 0 || strcmp(input->name, "parent") == 0;
}

static const char *file_member(const struct input *input)
{
	if (!member_is_reference(input))
		return input->name;
	return *input->name == 'l' ? COLUMN_LIST_NAME : COLUMN_PARENT_UID;
}

/* A value that the input takes, and no other member has. Text is in scratch. */
static struct value member_value(const struct input *input, unsigned number, char scratch[32])
{
	snprintf(scratch, 32, "words %u", number);
	if (member_is_reference(input))
		return reading_text(scratch);
	if (strcmp(input->name, "repeat") == 0)
		return reading_text("FREQ=DAILY;COUNT=7");
	if (strcmp(input->name, "reminders") == 0)
		return reading_text("[\"-PT15M\",\"2026-11-25T10:00:00Z\"]");
	switch (input->type) {
	case INPUT_CHOICE:
		return reading_text(strrchr(input->choices, ' ') + 1);
	case INPUT_LINE:
	case INPUT_TEXT:
		break;
	case INPUT_DATE:
		snprintf(scratch, 32, "20%02u-11-25T10:00:00Z", number);
		break;
	case INPUT_TAGS:
		snprintf(scratch, 32, "[\"a%u\",\"b\"]", number);
		break;
	case INPUT_BOOL:
		return reading_integer(1);
	case INPUT_INTEGER:
		return reading_integer(
			input->min + 1 + (int64_t)(number % (input->max - (size_t)input->min)));
	case INPUT_REAL:
		return (struct value){ .type = VALUE_REAL, .real = number + 0.5 };
	default:
		ck_abort_msg("no value for the type of \"%s\"", input->name);
	}
	return reading_text(scratch);
}

/* As JSON of a task has it. */
static json_t *member_json(const struct input *input, const struct value *value)
{
	if (input->type == INPUT_BOOL)
		return json_boolean(value->integer);
	if (value->type == VALUE_INTEGER)
		return json_integer(value->integer);
	if (value->type == VALUE_REAL)
		return json_real(value->real);
	if (value->text.length > 0 && *value->text.data == '[')
		return json_loads(value->text.data, 0, NULL);
	return json_string(value->text.data);
}

void format_check_members(const struct format *format)
{
	struct value task[TASK_COLUMNS] = {
		[TASK_id] = reading_integer(7), [TASK_revision] = reading_integer(99)
	};
	char scratch[CHECK_COUNT(members)][32];
	struct buffer file = { 0 };
	json_t *expected = json_object(), *reading;

	for (unsigned i = 0; i < CHECK_COUNT(members); i++) {
		const struct input *input = &members[i];
		struct value *value = &task[column_of(text_of(input->name))];

		*value = member_value(input, i, scratch[i]);
		json_object_set_new(expected, file_member(input), member_json(input, value));
	}
	format->begin(&file);
	format->write(&file, task);
	format->end(&file);
	reading = format_reading(format, (struct text){ file.data, file.length });
	for (unsigned i = 0; i < CHECK_COUNT(members); i++)
		reading_expect(json_array_get(json_object_get(reading, "records"), 0),
			file_member(&members[i]),
			json_incref(json_object_get(expected, file_member(&members[i]))));
	reading_compare(reading, "reports", "[]");
	json_decref(reading);
	json_decref(expected);
	buffer_free(&file);
}
