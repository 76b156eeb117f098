/*
 * The words of a todo.txt line. Any thread.
 */
#include "transfer/todo_txt_word.h"

#include "base/date.h"
#include "calendar/recurrence_rule.h"
#include "transfer/reader.h"
#include "transfer/todo_txt_rec.h"

#include <stdlib.h>
#include <string.h>

static bool word_any(struct text value)
{
	return value.length > 0;
}

static bool word_is_date(struct text value)
{
	char date[DATE_SIZE];

	return date_parse(value, date);
}

/*
 * "due:tomorrow" is a word of the name. "due:2026-02-30" is taken for a date, so that it is
 * refused.
 */
static bool word_is_like_date(struct text value)
{
	return value.length > 0 && *value.data >= '0' && *value.data <= '9';
}

static bool word_is_letter(struct text value)
{
	return value.length == 1 && *value.data >= 'A' && *value.data <= 'Z';
}

static bool word_is_number(struct text value)
{
	char number[32];
	char *end;

	if (value.length == 0 || value.length >= sizeof(number))
		return false;
	memcpy(number, value.data, value.length);
	number[value.length] = '\0';
	if (strspn(number, "0123456789+-.eE") != value.length)
		return false;
	(void)strtod(number, &end);
	return *end == '\0';
}

static bool word_is_rec(struct text value)
{
	struct buffer rule = { 0 };
	bool from_completion, well = rec_read(value, &rule, &from_completion);

	buffer_free(&rule);
	return well;
}

static bool word_is_rule(struct text value)
{
	struct recurrence_rule rule;

	return recurrence_rule_read(value, &rule) == NULL;
}

static bool word_is_origin(struct text value)
{
	return text_equal(value, TEXT("due")) || text_equal(value, TEXT("completion"));
}

const struct word_key word_keys[] = {
	{ TEXT_INIT("due"), TASK_due_date, word_is_like_date, true },
	{ TEXT_INIT("t"), TASK_start_date, word_is_date, true },
	{ TEXT_INIT("pri"), TASK_priority, word_is_letter, true },
	{ TEXT_INIT("rec"), TASK_repeat, word_is_rec, true },
	{ TEXT_INIT("name"), TASK_name, word_any, false },
	{ TEXT_INIT("note"), TASK_note, word_any, false },
	{ TEXT_INIT("position"), TASK_position, word_is_number, false },
	{ TEXT_INIT("creation_date"), TASK_creation_date, word_is_date, false },
	{ TEXT_INIT("due_date"), TASK_due_date, word_is_date, false },
	{ TEXT_INIT("completed_date"), TASK_completed_date, word_is_date, false },
	{ TEXT_INIT("modified_date"), TASK_modified_date, word_is_date, false },
	{ TEXT_INIT("list"), TASK_list, word_any, false },
	{ TEXT_INIT("heading"), TASK_heading, word_any, false },
	{ TEXT_INIT("parent"), TASK_parent, word_any, false },
	{ TEXT_INIT("start_date"), TASK_start_date, word_is_date, false },
	{ TEXT_INIT("repeat"), TASK_repeat, word_is_rule, false },
	{ TEXT_INIT("repeat_from"), TASK_repeat_from, word_is_origin, false },
	{ TEXT_INIT("reminders"), TASK_reminders, word_any, false },
	{ TEXT_INIT("uid"), TASK_uid, word_any, false },
	{ { NULL, 0 }, TASK_COLUMNS, NULL, false },
};

struct text word_take(struct text *rest)
{
	struct text word = { rest->data, 0 };
	size_t taken;

	if (rest->length == 0) /* at may be NULL */
		return word;
	while (word.length < rest->length && word.data[word.length] != ' ' &&
		word.data[word.length] != '\t')
		word.length++;
	taken = word.length + (word.length < rest->length);
	*rest = (struct text){ rest->data + taken, rest->length - taken };
	return word;
}

bool word_is_tag(struct text word, struct text *tag)
{
	if (word.length < 2 || *word.data != '+')
		return false;
	*tag = (struct text){ word.data + 1, word.length - 1 };
	return true;
}

bool word_is_key(struct text word, enum task_column *column, struct text *value, bool *shown)
{
	const char *colon = word.length > 0 ? memchr(word.data, ':', word.length) : NULL;
	struct text name;

	if (colon == NULL)
		return false;
	name = (struct text){ word.data, (size_t)(colon - word.data) };
	*value = (struct text){ colon + 1, word.length - name.length - 1 };
	for (const struct word_key *key = word_keys; key->key.length > 0; key++) {
		if (!text_equal(key->key, name) || !key->fits(*value))
			continue;
		*column = key->column;
		*shown = key->shown;
		return true;
	}
	return false;
}

bool word_is_foreign(struct text word, struct text *key)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
	enum task_column column;
	struct text value;
	size_t length = 0;
	bool shown;

	while (length < word.length && word.data[length] != '\0' &&
		strchr(letters, word.data[length]) != NULL)
		length++;
	*key = (struct text){ word.data, length };
	return length > 0 && length + 1 < word.length && word.data[length] == ':' &&
	       word.data[length + 1] != '/' && !word_is_key(word, &column, &value, &shown);
}

char word_priority(struct text word)
{
	if (word.length != 3 || word.data[0] != '(' || word.data[2] != ')')
		return '\0';
	return word_is_letter((struct text){ word.data + 1, 1 }) ? word.data[1] : '\0';
}

bool word_is_day(struct text word)
{
	char date[DATE_SIZE];

	return word.length == strlen("YYYY-MM-DD") && date_parse(word, date);
}

bool word_name_survives(struct text name)
{
	struct text rest = name, first = word_take(&rest);
	enum task_column column;
	struct text word, value;
	bool shown;

	if (text_equal(first, TEXT("x")) || word_priority(first) != '\0' || word_is_day(first))
		return false;
	for (rest = name; rest.length > 0;) {
		word = word_take(&rest);
		if (word_is_tag(word, &value) || word_is_key(word, &column, &value, &shown) ||
			word_is_foreign(word, &value))
			return false;
	}
	return memchr(name.data, '\t', name.length) == NULL;
}

void word_encode(struct buffer *out, struct text value)
{
	static const char hex[] = "0123456789ABCDEF";
	char *to = buffer_reserve(out, value.length * 3);

	for (size_t i = 0; i < value.length; i++) {
		unsigned char byte = (unsigned char)value.data[i];

		if (byte > ' ' && byte != '%' && byte != 0x7F) {
			*to++ = value.data[i];
			continue;
		}
		*to++ = '%';
		*to++ = hex[byte >> 4];
		*to++ = hex[byte & 15];
	}
	out->length = (size_t)(to - out->data);
}

/* A value of another program may have a '%' that is not an escape. */
struct buffer word_decode(struct text value)
{
	struct buffer decoded = { 0 };

	buffer_reserve(&decoded, value.length);
	if (text_percent_decode(value, false, decoded.data, &decoded.length) &&
		reader_text_fault((struct text){ decoded.data, decoded.length }) == NULL)
		return decoded;
	decoded.length = 0;
	buffer_add_text(&decoded, value);
	return decoded;
}
