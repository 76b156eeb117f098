/*
 * The columns of a task, as text and as JSON. Any thread.
 */
#include "transfer/column.h"

#include "base/date.h"
#include "base/json.h"
#include "transfer/reader.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER_MOST 64 /* bytes of a number */

/* A member that a client sets is read as that input is; one that the server sets is an instant. */
#define FIRST(first, ...) first
#define SET_COLUMN(with, member, type, cast, schema, created, must, ...)                           \
	[TASK_##member] = { TEXT_INIT(#member), FIRST(__VA_ARGS__, ), false },
#define RARE_COLUMN(with, member, type, cast, schema, absent, stored, ...)                         \
	[TASK_##member] = { TEXT_INIT(#member), FIRST(__VA_ARGS__, ), false },
#define KEPT_COLUMN(with, member, ...) [TASK_##member] = { TEXT_INIT(#member), INPUT_DATE, true },

static const struct {
	struct text name;
	enum input_type type; /* INPUT_READ_ONLY: it cannot be set */
	bool instant;
} columns[TASK_COLUMNS] = {
	[TASK_id] = { TEXT_INIT("id"), INPUT_READ_ONLY, false },
	TASK_FIELDS(
		SET_COLUMN, KEPT_COLUMN, RARE_COLUMN, )[TASK_assignee] = { TEXT_INIT("assignee"), INPUT_READ_ONLY, false },
	[TASK_uid] = { TEXT_INIT("uid"), INPUT_LINE, false },
	[TASK_revision] = { TEXT_INIT("revision"), INPUT_READ_ONLY, false },
};

struct text column_name(enum task_column column)
{
	return columns[column].name;
}

/* The member that text sets. */
static const char *column_member(enum task_column column)
{
	switch (column) {
	case TASK_list:
		return COLUMN_LIST_NAME;
	case TASK_parent:
		return COLUMN_PARENT_UID;
	default:
		return columns[column].name.data;
	}
}

bool column_is_array(enum task_column column)
{
	return column == TASK_tags || column == TASK_reminders;
}

bool column_is_read_only(enum task_column column)
{
	return columns[column].type == INPUT_READ_ONLY;
}

enum task_column column_of(struct text name)
{
	enum task_column column = 0;

	while (column < TASK_COLUMNS && !text_equal_nocase(columns[column].name, name))
		column++;
	return column;
}

/* For an instant, a day stands for its first second. */
static json_t *column_read_instant(struct text text)
{
	char date[DATE_SIZE];

	if (!date_parse(text, date) || strlen(date) != strlen("YYYY-MM-DD"))
		return reader_string(text);
	return json_sprintf("%sT00:00:00Z", date);
}

static json_t *column_read_bool(struct text text)
{
	static const struct text words[2][4] = {
		{ TEXT_INIT("false"), TEXT_INIT("0"), TEXT_INIT("no"), TEXT_INIT("off") },
		{ TEXT_INIT("true"), TEXT_INIT("1"), TEXT_INIT("yes"), TEXT_INIT("on") },
	};

	for (int i = 0; i < 8; i++) {
		if (text_equal_nocase(text, words[i / 4][i % 4]))
			return json_boolean(i / 4);
	}
	return reader_string(text);
}

static json_t *column_read_count(struct text text)
{
	bool negative = text.length > 0 && *text.data == '-';
	struct text digits = { text.data + negative, text.length - negative };
	int64_t number;

	if (!text_to_integer(digits, &number))
		return reader_string(text);
	return json_integer(negative ? -number : number);
}

/* A decimal number. strtod() alone would also accept hexadecimal, infinity and leading space. */
static json_t *column_read_number(struct text text)
{
	char digits[NUMBER_MOST + 1];
	double number;
	char *end;
	json_t *real;

	if (text.length > NUMBER_MOST)
		return reader_string(text);
	memcpy(digits, text.data, text.length);
	digits[text.length] = '\0';
	if (strspn(digits, "0123456789+-.eE") != text.length)
		return reader_string(text);
	number = strtod(digits, &end);
	real = *end == '\0' ? json_real(number) : NULL; /* also NULL if it is out of range */
	return real != NULL ? real : reader_string(text);
}

/* The length of the white space character or comma at the start of text; 0: neither is there. */
static size_t column_gap(struct text text)
{
	size_t length = 1;

	if (*text.data == ',')
		return 1;
	while (length < text.length && ((unsigned char)text.data[length] & 0xC0) == 0x80)
		length++;
	return text_trim((struct text){ text.data, length }).length == 0 ? length : 0;
}

static bool column_has_tag(const json_t *tags, struct text tag)
{
	const json_t *other;
	size_t i;

	json_array_foreach ((json_t *)tags, i, other)
		if (text_equal(tag,
			    (struct text){ json_string_value(other), json_string_length(other) }))
			return true;
	return false;
}

bool column_add_tag(json_t *task, struct text tag)
{
	json_t *tags = json_object_get(task, "tags");
	struct buffer plain = { 0 };
	bool changed = false;

	tag = text_trim(tag);
	if (tag.length == 0 || json_array_size(tags) > COLUMN_TAGS_MOST)
		return false;
	for (size_t i = 0, gap; i<tag.length; i += gap> 0 ? gap : 1) {
		gap = column_gap((struct text){ tag.data + i, tag.length - i });
		buffer_add(&plain, gap > 0 ? "-" : tag.data + i, 1);
		changed = changed || gap > 0;
	}
	if (tags == NULL) {
		tags = json_array();
		json_object_set_new(task, "tags", tags);
	}
	tag = (struct text){ plain.data, plain.length };
	if (!column_has_tag(tags, tag))
		json_array_append_new(tags, reader_string(tag));
	buffer_free(&plain);
	return changed;
}

bool column_add_reminder(json_t *task, struct text reminder)
{
	json_t *reminders = json_object_get(task, "reminders");

	reminder = text_trim(reminder);
	if (reminder.length == 0 || json_array_size(reminders) > COLUMN_REMINDERS_MOST)
		return false;
	if (reminders == NULL) {
		reminders = json_array();
		json_object_set_new(task, "reminders", reminders);
	}
	json_array_append_new(reminders, reader_string(reminder));
	return true;
}

/* Whether a tag had to be changed. */
static bool column_add(json_t *task, enum task_column column, struct text text)
{
	if (column == TASK_tags)
		return column_add_tag(task, text);
	column_add_reminder(task, text);
	return false;
}

static bool column_add_all(json_t *task, enum task_column column, struct text text)
{
	bool changed = false;

	while (text.length > 0) {
		const char *comma = memchr(text.data, ',', text.length);
		size_t length = comma == NULL ? text.length : (size_t)(comma - text.data);

		changed |= column_add(task, column, (struct text){ text.data, length });
		length += comma != NULL;
		text = (struct text){ text.data + length, text.length - length };
	}
	return changed;
}

static json_t *column_read(enum task_column column, struct text text)
{
	if (column == TASK_list || column == TASK_parent)
		return reader_string(text);
	switch (columns[column].type) {
	case INPUT_DATE:
		return columns[column].instant ? column_read_instant(text) : reader_string(text);
	case INPUT_BOOL:
		return column_read_bool(text);
	case INPUT_INTEGER:
		return column_read_count(text);
	case INPUT_REAL:
		return column_read_number(text);
	default:
		return reader_string(text);
	}
}

bool column_set(json_t *task, enum task_column column, struct text text)
{
	if (columns[column].type == INPUT_READ_ONLY || (text.length == 0 && column != TASK_name))
		return false;
	if (column_is_array(column))
		return column_add_all(task, column, text);
	json_object_set_new(task, column_member(column), column_read(column, text));
	return false;
}

json_t *column_strings(const struct value *value)
{
	if (!column_is_text(value) || text_equal(value->text, TEXT("[]")))
		return NULL;
	return json_loadb(value->text.data, value->text.length, 0, NULL);
}

static void column_write_array(struct buffer *out, const struct value *value)
{
	json_t *tags = column_strings(value);
	json_t *tag;
	size_t i;

	json_array_foreach (tags, i, tag) {
		if (i > 0)
			buffer_add(out, ",", 1);
		buffer_add(out, json_string_value(tag), json_string_length(tag));
	}
	json_decref(tags);
}

void column_write(struct buffer *out, enum task_column column, const struct value *value)
{
	if (column_is_array(column))
		column_write_array(out, value);
	else if (columns[column].type == INPUT_BOOL)
		buffer_add_text(out, column_is_true(value) ? TEXT("true") : TEXT("false"));
	else if (value->type == VALUE_TEXT)
		buffer_add_text(out, value->text);
	else if (value->type == VALUE_INTEGER)
		json_write_integer(out, value->integer);
	else if (value->type == VALUE_REAL)
		json_write_real(out, value->real);
}

bool column_is_text(const struct value *value)
{
	return value->type == VALUE_TEXT && value->text.length > 0;
}

bool column_is_true(const struct value *value)
{
	return value->type == VALUE_INTEGER ? value->integer != 0
					    : value->type == VALUE_REAL && value->real != 0;
}
