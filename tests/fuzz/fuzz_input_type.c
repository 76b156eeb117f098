/*
 * types/types.h: a value of a type is read, or a sentence says what is wrong with it. What was read is
 * canonical: as JSON, or as the text of a form, it is read again to the same value.
 */
#include "src/endpoint/types/types.h"

#include "base/date.h"
#include "base/json.h"
#include "base/json_read.h"
#include "support/fuzz.h"

#include <math.h>

/* Where a value may be shown as words, and what its type promises. */
static void check_line(const struct value *value);
static void check_lines(const struct value *value);
static void check_date(const struct value *value);
static void check_username(const struct value *value);
static void check_labels(const struct value *value);
static void check_list_of_lines(const struct value *value);
static void check_color(const struct value *value);

static const struct row {
	struct input input;
	void (*check)(const struct value *value);
	bool none; /* a type with nothing to be shown again */
} rows[] = {
	{ { .name = "a", .type = INPUT_LINE, .max = 40 }, check_line, false },
	{ { .name = "a", .type = INPUT_TEXT, .max = 60 }, check_lines, false },
	{ { .name = "a", .type = INPUT_STRING }, NULL, false },
	{ { .name = "a", .type = INPUT_DATE }, check_date, false },
	{ { .name = "a", .type = INPUT_DAY }, check_date, false },
	{ { .name = "a", .type = INPUT_BOOL }, NULL, false },
	{ { .name = "a", .type = INPUT_USERNAME }, check_username, false },
	{ { .name = "a", .type = INPUT_EMAIL }, NULL, false },
	{ { .name = "a", .type = INPUT_PASSWORD }, NULL, false },
	{ { .name = "a", .type = INPUT_CHOICE, .choices = "json csv todo.txt ics" }, NULL, false },
	{ { .name = "a", .type = INPUT_INTEGER, .min = -3, .max = INT64_MAX }, NULL, false },
	{ { .name = "a", .type = INPUT_REAL }, NULL, false },
	{ { .name = "a", .type = INPUT_TAGS, .max = 6 }, check_labels, false },
	{ { .name = "a", .type = INPUT_TAG }, NULL, false },
	{ { .name = "a", .type = INPUT_SORT }, NULL, false },
	{ { .name = "a", .type = INPUT_OBJECT }, NULL, true },
	{ { .name = "a", .type = INPUT_ITEMS, .max = 3 }, NULL, true },
	{ { .name = "a", .type = INPUT_REPEAT }, NULL, false },
	{ { .name = "a", .type = INPUT_REMINDERS, .max = 8 }, NULL, false },
	{ { .name = "a", .type = INPUT_ZONE }, NULL, false },
	{ { .name = "a", .type = INPUT_LINES, .max = 6 }, check_list_of_lines, true },
	{ { .name = "a", .type = INPUT_COLOR }, check_color, false },
};

static void check_line(const struct value *value)
{
	CHECK_THAT(value->type == VALUE_TEXT && value->text.length > 0, "empty");
	CHECK_THAT(text_equal(text_trim(value->text), value->text), "not trimmed");
	CHECK_THAT(text_code_points(value->text) <= 40, "too long");
	CHECK_THAT(!text_has_control(value->text, ""), "a control character");
}

static void check_lines(const struct value *value)
{
	CHECK_THAT(value->type == VALUE_TEXT && value->text.length <= 60, "too long");
	CHECK_THAT(!text_has_control(value->text, "\t\n"), "a control character");
}

static void check_date(const struct value *value)
{
	CHECK_THAT(value->type == VALUE_NULL || value->text.length == 10 ||
			   value->text.length == DATE_SIZE - 1,
		"no date's length");
}

static void check_username(const struct value *value)
{
	CHECK_THAT(value->text.length >= 1 && value->text.length <= 64, "its length");
	CHECK_THAT(memchr(value->text.data, '/', value->text.length) == NULL, "a slash");
}

/* Each of them once, and none that commas or white space would part. */
static void check_labels(const struct value *value)
{
	json_t *labels = json_loadb(value->text.data, value->text.length, 0, NULL), *label;
	json_t *seen = json_object();
	size_t i;

	CHECK_THAT(json_is_array(labels) && json_array_size(labels) <= 6, "no list of so many");
	json_array_foreach (labels, i, label) {
		struct text text = { json_string_value(label), json_string_length(label) };

		CHECK_THAT(text.length > 0 && text_word(text) == text.length, "no word");
		CHECK_THAT(
			text_code_points(text) <= 64 && !text_has_control(text, ""), "its bytes");
		CHECK_THAT(memchr(text.data, ',', text.length) == NULL, "a comma");
		CHECK_THAT(json_object_get(seen, text.data) == NULL, "a label twice");
		json_object_set_new(seen, text.data, json_true());
	}
	json_decref(seen);
	json_decref(labels);
}

/* Each of them once, as a line is; in a form a comma would part it. */
static void check_list_of_lines(const struct value *value)
{
	json_t *lines = json_loadb(value->text.data, value->text.length, 0, NULL), *line;
	json_t *seen = json_object();
	size_t i;

	CHECK_THAT(json_is_array(lines) && json_array_size(lines) <= 6, "no list of so many");
	json_array_foreach (lines, i, line) {
		struct text text = { json_string_value(line), json_string_length(line) };

		CHECK_THAT(text.length > 0 && text_equal(text_trim(text), text), "not trimmed");
		CHECK_THAT(
			text_code_points(text) <= 100 && !text_has_control(text, ""), "its bytes");
		CHECK_THAT(json_object_get(seen, text.data) == NULL, "a line twice");
		json_object_set_new(seen, text.data, json_true());
	}
	json_decref(seen);
	json_decref(lines);
}

static void check_color(const struct value *value)
{
	CHECK_THAT(value->text.length == 0 ||
			   (value->text.length == 7 && value->text.data[0] == '#'),
		"no colour");
}

static bool value_equal(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == VALUE_INTEGER)
		return a->integer == b->integer;
	if (a->type == VALUE_REAL)
		return a->real == b->real;
	return a->type == VALUE_NULL || text_equal(a->text, b->text);
}

/* As a reply would show it. */
static void show(struct buffer *out, enum input_type type, const struct value *value)
{
	if (value->type == VALUE_NULL)
		buffer_add_text(out, TEXT("null"));
	else if (type == INPUT_BOOL)
		buffer_add_text(out, value->integer != 0 ? TEXT("true") : TEXT("false"));
	else if (type == INPUT_TAGS || type == INPUT_REMINDERS)
		buffer_add_text(out, value->text);
	else if (value->type == VALUE_INTEGER)
		json_write_integer(out, value->integer);
	else if (value->type == VALUE_REAL)
		json_write_real(out, value->real);
	else
		json_write_text(out, value->text);
}

static json_t *member_of(struct text json, json_t **object)
{
	struct buffer text = { 0 };
	const char *why;

	buffer_add_text(&text, TEXT("{\"a\":"));
	buffer_add_text(&text, json);
	buffer_add_text(&text, TEXT("}"));
	*object = json_read_object((struct text){ text.data, text.length }, 32, &why);
	buffer_free(&text);
	return *object != NULL ? json_object_get(*object, "a") : NULL;
}

/* The words of a form that say the same as JSON; false where a form has none for it. */
static bool words_of(struct buffer *out, const json_t *json)
{
	json_t *label;
	size_t i;

	if (json_is_string(json))
		buffer_add(out, json_string_value(json), json_string_length(json));
	json_array_foreach (json, i, label)
		buffer_add_format(out, "%s%s", i > 0 ? ", " : "", json_string_value(label));
	if (json_is_boolean(json))
		buffer_add_text(out, json_is_true(json) ? TEXT("On") : TEXT("no"));
	if (json_is_integer(json) && json_integer_value(json) >= 0)
		json_write_integer(out, json_integer_value(json));
	if (json_is_real(json))
		json_write_real(out, json_real_value(json));
	return !json_is_integer(json) || json_integer_value(json) >= 0;
}

static void check_again(
	const struct row *row, const struct value *value, const struct raw_value *raw)
{
	struct value again = { 0 };
	struct arena *arena = NULL;
	const char *wrong = input_type_read(&row->input, raw, &again, &arena);

	CHECK_THAT(wrong == NULL, "type %d, read again: %s", row->input.type, wrong);
	CHECK_THAT(value_equal(value, &again), "type %d becomes another value", row->input.type);
	arena_free(&arena);
}

static void check_shown(const struct row *row, const struct value *value)
{
	struct buffer shown = { 0 }, words = { 0 };
	json_t *object, *json;

	show(&shown, row->input.type, value);
	json = member_of((struct text){ shown.data, shown.length }, &object);
	CHECK_THAT(json != NULL, "shown as %.*s", (int)shown.length, shown.data);
	check_again(row, value, &(struct raw_value){ .json = json });
	/* What is nullable has no words for a text without any. */
	if (words_of(&words, json) &&
		(words.length > 0 || !row->input.nullable || value->type == VALUE_NULL))
		check_again(row, value,
			&(struct raw_value){
				.text = { words.length > 0 ? words.data : "", words.length } });
	json_decref(object);
	buffer_free(&words);
	buffer_free(&shown);
}

static void check_raw(const struct row *row, const struct raw_value *raw)
{
	struct value value = { 0 };
	struct arena *arena = NULL;
	const char *wrong = input_type_read(&row->input, raw, &value, &arena);

	if (wrong != NULL) {
		CHECK_THAT(strlen(wrong) > 5 && strlen(wrong) < 160, "no sentence: %s", wrong);
	} else {
		if (row->check != NULL && (!row->input.nullable || value.type != VALUE_NULL))
			row->check(&value);
		if (value.type == VALUE_REAL)
			CHECK_THAT(isfinite(value.real), "not finite");
		if (!row->none)
			check_shown(row, &value);
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size);
	unsigned choice = fuzz_byte(&text);
	struct row row = rows[choice / 2 % CHECK_COUNT(rows)];
	json_t *object, *json;

	row.input.nullable = choice / 2 / CHECK_COUNT(rows) % 2 == 1;
	if (choice % 2 == 0) {
		if (fuzz_is_text(text))
			check_raw(&row, &(struct raw_value){ .text = text });
		return 0;
	}
	json = member_of(text, &object);
	if (json != NULL)
		check_raw(&row, &(struct raw_value){ .json = json });
	json_decref(object);
	return 0;
}
