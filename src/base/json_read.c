/*
 * Values out of JSON text that was found well-formed. Skipping a value costs one pass over its
 * bytes, and nothing of it is built. Any thread.
 */
#include "base/json_read.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER_SIZE 64 /* of a number that is copied to the stack, terminated */

/* The length of the string at the start of text, with its quotes. */
static size_t read_string_length(struct text text)
{
	size_t at = 1;

	for (;;) {
		at += json_plain_length(text_after(text, at));
		if (text.data[at] == '"')
			return at + 1;
		at += 2; /* a backslash, and what it escapes */
	}
}

static size_t read_container_length(struct text text)
{
	size_t at = 0, open = 0;

	do {
		char c = text.data[at];

		open += c == '{' || c == '[';
		open -= c == '}' || c == ']';
		at += c == '"' ? read_string_length(text_after(text, at)) : 1;
	} while (open > 0);
	return at;
}

static size_t read_value_length(struct text text)
{
	size_t length = 0;

	if (*text.data == '{' || *text.data == '[')
		return read_container_length(text);
	if (*text.data == '"')
		return read_string_length(text);
	while (length < text.length && memchr(",]} \t\r\n", text.data[length], 7) == NULL)
		length++;
	return length;
}

/* Skip white space, commas and colons. */
static void read_skip(struct text *text)
{
	while (text->length > 0 && memchr(" \t\r\n,:", *text->data, 6) != NULL)
		*text = text_after(*text, 1);
}

static struct text read_take(struct text *text)
{
	struct text value = { text->data, read_value_length(*text) };

	*text = text_after(*text, value.length);
	return value;
}

struct json_cursor json_enter(struct text container)
{
	struct json_cursor cursor = { container };

	read_skip(&cursor.rest);
	cursor.rest = text_after(cursor.rest, 1);
	return cursor;
}

bool json_next_element(struct json_cursor *cursor, struct text *value)
{
	read_skip(&cursor->rest);
	if (*cursor->rest.data == ']' || *cursor->rest.data == '}')
		return false;
	*value = read_take(&cursor->rest);
	return true;
}

bool json_next_member(struct json_cursor *cursor, struct text *name, struct text *value)
{
	if (!json_next_element(cursor, name))
		return false;
	*name = (struct text){ name->data + 1, name->length - 2 };
	read_skip(&cursor->rest);
	*value = read_take(&cursor->rest);
	return true;
}

struct text json_find(struct text object, const char *name)
{
	struct json_cursor cursor = json_enter(object);
	struct buffer buffer = { 0 };
	struct text member, value, found = { 0 };

	while (found.length == 0 && json_next_member(&cursor, &member, &value))
		if (text_equal(json_unescape(member, &buffer), text_of(name)))
			found = value;
	buffer_free(&buffer);
	return found;
}

static json_t *read_read_string(struct text value)
{
	struct buffer buffer = { 0 };
	struct text text =
		json_unescape((struct text){ value.data + 1, value.length - 2 }, &buffer);
	json_t *json = json_stringn_nocheck(text.data, text.length);

	buffer_free(&buffer);
	return json;
}

static json_t *read_read_number(struct text value)
{
	char few[NUMBER_SIZE];
	char *copy = value.length < sizeof(few) ? few : memory_copy(value.data, value.length);
	json_t *json;

	if (copy == few) {
		memcpy(few, value.data, value.length);
		few[value.length] = '\0';
	}
	if (strpbrk(copy, ".eE") == NULL)
		json = json_integer(strtoll(copy, NULL, 10));
	else
		json = json_real(strtod(copy, NULL));
	if (copy != few)
		free(copy);
	return json;
}

json_t *json_read_flat(struct text value)
{
	switch (*value.data) {
	case '{':
		return json_object();
	case '[':
		return json_array();
	case '"':
		return read_read_string(value);
	case 't':
		return json_true();
	case 'f':
		return json_false();
	case 'n':
		return json_null();
	default:
		return read_read_number(value);
	}
}

static bool read_has_string(const json_t *array, struct text text)
{
	const json_t *element;
	size_t i;

	json_array_foreach ((json_t *)array, i, element)
		if (text_equal(text, (struct text){ json_string_value(element),
					     json_string_length(element) }))
			return true;
	return false;
}

json_t *json_read_strings(struct text array, size_t most)
{
	struct json_cursor cursor = json_enter(array);
	struct buffer buffer = { 0 };
	json_t *list = json_array();
	bool strings = true;
	struct text value;

	while (strings && json_array_size(list) < most && json_next_element(&cursor, &value)) {
		struct text raw = { value.data + 1, value.length - 2 };

		strings = *value.data == '"';
		if (!strings || !read_has_string(list, json_unescape(raw, &buffer)))
			json_array_append_new(list, json_read_flat(value));
	}
	buffer_free(&buffer);
	return list;
}

json_t *json_read_object(struct text text, unsigned depth, const char **why)
{
	enum json_fault fault = json_scan_object(text, depth, SIZE_MAX);
	json_t *json = NULL;

	if (fault == JSON_SOUND)
		json = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
	*why = json != NULL ? NULL : json_sentence(fault != JSON_SOUND ? fault : JSON_MALFORMED);
	return json;
}
