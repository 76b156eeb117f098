/*
 * A function for each type of input, and the table of them.
 */
#include "types/types.h"

#include "base/buffer.h"
#include "base/date.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/json_scan.h"
#include "password/password.h"
#include "types/lines.h"
#include "types/schedule.h"
#include "types/tags.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USERNAME_MOST 64
#define EMAIL_MOST 254
#define SEARCH_MOST 256
#define INTEGER_END 9223372036854775808.0 /* above all 64-bit integers */

static void set_text(struct value *value, struct text text)
{
	*value = (struct value){ VALUE_TEXT, .text = text };
}

static bool is_null(const struct raw_value *raw)
{
	return json_is_null(raw->json);
}

/* The sentence, which is constant or kept, or with ", or null" after it. */
static const char *or_null(const struct input *input, const char *sentence, struct arena **arena)
{
	size_t size = strlen(sentence) + sizeof(", or null");
	char *longer;

	if (!input->nullable)
		return sentence;
	longer = arena_alloc(arena, size);
	snprintf(longer, size, "%s, or null", sentence);
	return longer;
}

static const char *read_string(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	struct text text;

	if (!raw_value_text(raw, &text))
		return or_null(input, "must be a string", arena);
	set_text(value, text);
	return NULL;
}

/* The sentence has a number in it, and so is no constant. */
static const char *too_long(const struct input *input, const char *unit, struct arena **arena)
{
	char *sentence = arena_alloc(arena, 64);

	snprintf(sentence, 64, "must have at most %zu %s", input->max, unit);
	return sentence;
}

static const char *read_line(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	struct text text;

	if (!raw_value_text(raw, &text))
		return or_null(input, "must be a string", arena);
	text = text_trim(text);
	if (text.length == 0)
		return "must not be empty";
	if (text_has_control(text, ""))
		return "must not have control characters";
	if (text.length > input->max && text_code_points(text) > input->max)
		return too_long(input, "characters", arena);
	set_text(value, text);
	return NULL;
}

/* A form's text area sends CR LF where the user typed a newline. */
static struct text form_newlines(struct text text, struct arena **arena)
{
	char *lines = arena_alloc(arena, text.length + 1);
	size_t length = 0;

	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] != '\r' || i + 1 == text.length || text.data[i + 1] != '\n')
			lines[length++] = text.data[i];
	return (struct text){ lines, length };
}

static const char *read_lines(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	struct text text = { "", 0 };

	if (!is_null(raw) && !raw_value_text(raw, &text))
		return "must be a string or null";
	if (raw->json == NULL)
		text = form_newlines(text, arena);
	if (text_has_control(text, "\t\n"))
		return "must not have control characters but tabs and newlines";
	if (text.length > input->max)
		return too_long(input, "bytes", arena);
	set_text(value, text);
	return NULL;
}

static const char *read_date(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	char *date = arena_alloc(arena, DATE_SIZE);
	struct text text = { "", 0 };

	(void)input;
	if (!is_null(raw) && !raw_value_text(raw, &text))
		return "must be a date or null";
	if (text.length == 0)
		return NULL;
	if (!date_parse(text, date))
		return "must be a date that exists, such as 2026-11-25 or 2026-11-22T16:55:00Z";
	set_text(value, text_of(date));
	return NULL;
}

static const char *read_day(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	const char *wrong = read_date(input, raw, value, arena);

	if (wrong != NULL || value->type == VALUE_NULL || value->text.length < DATE_SIZE - 1)
		return wrong;
	return "must be a day, such as 2026-11-25";
}

static const char *read_repeat(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	struct text text = { "", 0 };

	(void)input;
	if (!is_null(raw) && !raw_value_text(raw, &text))
		return "must be a recurrence rule or null";
	return text.length == 0 ? NULL : schedule_read_repeat(text, value, arena);
}

/* None is UTC. */
static const char *read_zone(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	bool is_empty = raw->json == NULL && raw->text.length == 0;
	struct text text = TEXT("UTC");

	(void)input;
	(void)arena;
	if (!is_empty && !is_null(raw) && !raw_value_text(raw, &text))
		return "must be the name of a time zone or null";
	return schedule_read_zone(text, value);
}

static bool read_word(struct text text, int64_t *truth)
{
	static const char *const words[] = { "false", "true", "0", "1", "off", "on", "no", "yes",
		"" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!text_equal_nocase(text, text_of(words[i])))
			continue;
		*truth = (int64_t)(i % 2);
		return true;
	}
	return false;
}

static const char *read_bool(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	bool taken = raw->json == NULL ? read_word(raw->text, &value->integer)
				       : json_is_boolean(raw->json);

	value->type = VALUE_INTEGER;
	if (raw->json != NULL)
		value->integer = json_is_true(raw->json);
	return taken ? NULL : or_null(input, "must be true or false", arena);
}

static const char *read_choice(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	const char *wrong = read_string(input, raw, value, arena);
	size_t size = strlen(input->choices) + 32;
	char *sentence;

	for (const char *word = input->choices; wrong == NULL && *word != '\0';) {
		size_t length = strcspn(word, " ");
		if (text_equal(value->text, (struct text){ word, length }))
			return NULL;
		word += length + strspn(word + length, " ");
	}
	sentence = arena_alloc(arena, size);
	snprintf(sentence, size, "must be one of: %s", input->choices);
	return or_null(input, sentence, arena);
}

static bool is_username(struct text text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";

	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] == '\0' || strchr(letters, text.data[i]) == NULL)
			return false;
	return text.length >= 1 && text.length <= USERNAME_MOST;
}

static const char *read_username(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	static const char *const reserved[] = { "login", "logout", ".", ".." };
	const char *wrong = read_string(input, raw, value, arena);

	if (wrong != NULL)
		return wrong;
	if (!is_username(value->text))
		return or_null(input,
			"must be 1 to 64 letters, digits, dots, underscores or hyphens", arena);
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (text_equal_nocase(value->text, text_of(reserved[i])))
			return "is a name that nobody can have";
	return NULL;
}

static const char *read_email(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	struct text text;

	(void)input;
	(void)arena;
	if (is_null(raw) || (raw->json == NULL && raw->text.length == 0))
		return NULL;
	if (!raw_value_text(raw, &text))
		return "must be a string or null";
	const char *at = memchr(text.data, '@', text.length);
	size_t before = at != NULL ? (size_t)(at - text.data) : 0;
	size_t after = at != NULL ? text.length - before - 1 : 0;

	if (before == 0 || after == 0 || memchr(at + 1, '@', after) != NULL)
		return "must have one @, and something on either side of it";
	if (text.length > EMAIL_MOST)
		return "must have at most 254 bytes";
	if (text_has_control(text, "") || memchr(text.data, ' ', text.length) != NULL)
		return "must not have spaces or control characters";
	set_text(value, text);
	return NULL;
}

static const char *read_password(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	const char *wrong = read_string(input, raw, value, arena);

	if (wrong != NULL)
		return wrong;
	if (value->text.length < PASSWORD_LEAST || value->text.length > PASSWORD_MOST)
		return "must have 8 to 1024 bytes";
	return NULL;
}

/* ---- numbers, and what a handler reads itself ---- */

/* 1.0 is an integer too (JSON Schema 2020-12, core, 6.3), and so is 1e2. */
static bool json_to_integer(const json_t *json, int64_t *integer)
{
	double real = json_real_value(json);

	*integer = json_integer_value(json);
	if (json_is_integer(json))
		return true;
	if (!json_is_real(json) || trunc(real) != real || fabs(real) >= INTEGER_END)
		return false;
	*integer = (int64_t)real;
	return true;
}

static const char *read_integer(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	int64_t integer = 0;
	bool taken = raw->json == NULL ? text_to_integer(raw->text, &integer)
				       : json_to_integer(raw->json, &integer);
	char *sentence;

	if (taken && integer >= input->min && integer <= (int64_t)input->max) {
		*value = (struct value){ VALUE_INTEGER, .integer = integer };
		return NULL;
	}
	sentence = arena_alloc(arena, 80);
	snprintf(
		sentence, 80, "must be an integer from %" PRId64 " to %zu", input->min, input->max);
	return or_null(input, sentence, arena);
}

/* strtod() takes "inf" and hexadecimal numbers, too, which are refused before. */
static bool text_to_real(struct text text, double *real)
{
	char copy[64];
	char *end;

	if (text.length == 0 || text.length >= sizeof(copy))
		return false;
	memcpy(copy, text.data, text.length);
	copy[text.length] = '\0';
	if (strspn(copy, "0123456789+-.eE") != text.length)
		return false;
	*real = strtod(copy, &end);
	return *end == '\0' && isfinite(*real);
}

static const char *read_number(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	bool taken = raw->json == NULL ? text_to_real(raw->text, &value->real)
				       : json_is_number(raw->json);

	value->type = VALUE_REAL;
	if (raw->json != NULL)
		value->real = json_number_value(raw->json);
	return taken ? NULL : or_null(input, "must be a number", arena);
}

static const char *read_null(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	bool empty = raw->json == NULL && raw->text.length == 0;

	(void)input;
	(void)value;
	(void)arena;
	return is_null(raw) || empty ? NULL : "must be null";
}

static const char *read_object(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	(void)value;
	if (raw->json != NULL && json_is_object(raw->json))
		return NULL;
	return or_null(input, "must be an object", arena);
}

/* The number of elements, counted up to one too many. */
static size_t count_items(const struct raw_value *raw, size_t most)
{
	struct json_cursor cursor;
	struct text element;
	size_t count = 0;

	if (raw->json_text.length == 0)
		return json_array_size(raw->json);
	cursor = json_enter(raw->json_text);
	while (count <= most && json_next_element(&cursor, &element))
		count++;
	return count;
}

static const char *read_items(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	char *sentence;

	(void)value;
	if (raw->json == NULL || !json_is_array(raw->json))
		return or_null(input, "must be an array", arena);
	if (count_items(raw, input->max) <= input->max)
		return NULL;
	sentence = arena_alloc(arena, 64);
	snprintf(sentence, 64, "must have at most %zu items", input->max);
	return sentence;
}

/* ---- search ---- */

/* A string of an FTS5 expression: https://www.sqlite.org/fts5.html, 3.1 */
static void add_quoted(struct buffer *out, struct text word)
{
	buffer_add_text(out, out->length > 0 ? TEXT(" \"") : TEXT("\""));
	for (size_t i = 0; i < word.length; i++) {
		if (word.data[i] == '"')
			buffer_add_text(out, TEXT("\""));
		buffer_add(out, &word.data[i], 1);
	}
	buffer_add_text(out, TEXT("\""));
}

/* All of the words, the last one as a prefix; without any word there is no search. */
static const char *read_search(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	struct text text = text_trim(raw->text);
	struct buffer out = { 0 };
	unsigned words = 0;

	(void)input;
	if (text.length == 0)
		return NULL;
	while (text.length > 0) {
		size_t length = text_word(text);
		add_quoted(&out, (struct text){ text.data, length });
		words++;
		text = text_trim((struct text){ text.data + length, text.length - length });
	}
	buffer_add_text(&out, TEXT("*"));
	char *copy = arena_alloc(arena, out.length);
	memcpy(copy, out.data, out.length);
	*value = (struct value){ VALUE_TEXT, .text = { copy, out.length } };
	buffer_free(&out);
	return words <= SEARCH_MOST ? NULL : "must have at most 256 words";
}

/* ---- the table ---- */

static const struct {
	const char *(*read)(const struct input *input, const struct raw_value *raw,
		struct value *value, struct arena **arena);
	enum value_type type;
} types[] = {
	[INPUT_LINE] = { read_line, VALUE_TEXT },
	[INPUT_TEXT] = { read_lines, VALUE_TEXT },
	[INPUT_STRING] = { read_string, VALUE_TEXT },
	[INPUT_DATE] = { read_date, VALUE_TEXT },
	[INPUT_DAY] = { read_day, VALUE_TEXT },
	[INPUT_INTEGER] = { read_integer, VALUE_INTEGER },
	[INPUT_REAL] = { read_number, VALUE_REAL },
	[INPUT_TAGS] = { tags_read, VALUE_TEXT },
	[INPUT_TAG] = { tags_read_one, VALUE_TEXT },
	[INPUT_LINES] = { lines_read, VALUE_TEXT },
	[INPUT_RENAME] = { lines_read_rename, VALUE_TEXT },
	[INPUT_COLOR] = { lines_read_color, VALUE_TEXT },
	[INPUT_SEARCH] = { read_search, VALUE_TEXT },
	[INPUT_SORT] = { read_string, VALUE_TEXT },
	[INPUT_NULL] = { read_null, VALUE_ANY },
	[INPUT_OBJECT] = { read_object, VALUE_ANY },
	[INPUT_ITEMS] = { read_items, VALUE_ANY },
	[INPUT_BOOL] = { read_bool, VALUE_INTEGER },
	[INPUT_CHOICE] = { read_choice, VALUE_TEXT },
	[INPUT_USERNAME] = { read_username, VALUE_TEXT },
	[INPUT_EMAIL] = { read_email, VALUE_TEXT },
	[INPUT_PASSWORD] = { read_password, VALUE_TEXT },
	[INPUT_REPEAT] = { read_repeat, VALUE_TEXT },
	[INPUT_REMINDERS] = { schedule_read_reminders, VALUE_TEXT },
	[INPUT_ZONE] = { read_zone, VALUE_TEXT },
};

/* The sentence, which is constant or kept, with ", or none" after it. */
static const char *or_none(const char *sentence, struct arena **arena)
{
	size_t size = strlen(sentence) + sizeof(", or none");
	char *longer = arena_alloc(arena, size);

	snprintf(longer, size, "%s, or none", sentence);
	return longer;
}

const char *input_type_read(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	bool empty = raw->json == NULL && raw->text.length == 0;
	const char *wrong;

	if (input->nullable && (is_null(raw) || empty))
		return NULL;
	if (input->or_none && text_equal(raw->text, TEXT("none"))) {
		*value = (struct value){ .type = types[input->type].type };
		return NULL;
	}
	wrong = types[input->type].read(input, raw, value, arena);
	return wrong != NULL && input->or_none ? or_none(wrong, arena) : wrong;
}

enum value_type input_value_type(enum input_type type)
{
	return types[type].type;
}
