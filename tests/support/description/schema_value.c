/* The keywords that look at one value by itself; each is a row of the table at the end. */
#include "schema_keyword.h"

#include <ctype.h>
#include <math.h>
#include <regex.h>
#include <string.h>

static bool is_of_type(const json_t *value, const char *type)
{
	static const char *const types[] = {
		[JSON_OBJECT] = "object",
		[JSON_ARRAY] = "array",
		[JSON_STRING] = "string",
		[JSON_INTEGER] = "integer",
		[JSON_REAL] = "number",
		[JSON_TRUE] = "boolean",
		[JSON_FALSE] = "boolean",
		[JSON_NULL] = "null",
	};

	return type && (strcmp(types[json_typeof(value)], type) == 0 ||
			       (json_is_integer(value) && strcmp(type, "number") == 0));
}

static bool match_type(struct schema *schema, const struct place *place)
{
	const json_t *type;
	size_t index;

	(void)schema;
	json_array_foreach (place->given, index, type)
		if (is_of_type(place->value, json_string_value(type)))
			return true;
	return is_of_type(place->value, json_string_value(place->given));
}

static bool match_const(struct schema *schema, const struct place *place)
{
	(void)schema;
	return json_equal(place->given, place->value);
}

static bool match_enum(struct schema *schema, const struct place *place)
{
	const json_t *choice;
	size_t index;

	(void)schema;
	json_array_foreach (place->given, index, choice)
		if (json_equal(choice, place->value))
			return true;
	return false;
}

/* A 0 in the picture stands for any digit. */
static bool is_like(const char *text, const char *picture)
{
	for (; *text && *picture; text++, picture++)
		if (*picture == '0' ? !isdigit((unsigned char)*text) : *text != *picture)
			return false;
	return !*text && !*picture;
}

static bool match_format(struct schema *schema, const struct place *place)
{
	static const char *const pictures[][2] = {
		{ "date", "0000-00-00" },
		{ "date-time", "0000-00-00T00:00:00Z" },
	};
	const char *format = json_string_value(place->given);
	const char *text = json_string_value(place->value);

	for (size_t n = 0; format && n < sizeof(pictures) / sizeof(pictures[0]); n++)
		if (strcmp(format, pictures[n][0]) == 0)
			return !text || is_like(text, pictures[n][1]);
	return schema_break(schema, place);
}

static double number_of(const json_t *value)
{
	return json_is_number(value) ? json_number_value(value) : NAN;
}

static double items_of(const json_t *value)
{
	return json_is_array(value) ? (double)json_array_size(value) : NAN;
}

/* Of a text, in characters: each byte of UTF-8 but those that continue one. */
static double length_of(const json_t *value)
{
	const char *text = json_string_value(value);
	size_t length = 0;

	if (!text)
		return NAN;
	for (size_t n = 0; n < json_string_length(value); n++)
		length += ((unsigned char)text[n] & 0xc0) != 0x80;
	return (double)length;
}

/* NAN is neither less nor greater than any limit. */
static bool match_least(struct schema *schema, const struct place *place)
{
	if (!json_is_number(place->given))
		return schema_break(schema, place);
	return !(place->keyword->measure(place->value) < json_number_value(place->given));
}

static bool match_most(struct schema *schema, const struct place *place)
{
	if (!json_is_number(place->given))
		return schema_break(schema, place);
	return !(place->keyword->measure(place->value) > json_number_value(place->given));
}

/* Whether POSIX's extended form reads the pattern as ECMA 262 would: no "\d", no "(?:". */
static bool is_common(const char *pattern)
{
	for (const char *c = strchr(pattern, '\\'); c; c = strchr(c + 2, '\\'))
		if (!ispunct((unsigned char)c[1]))
			return false;
	return !strstr(pattern, "(?") && !strstr(pattern, "[\\");
}

static bool match_pattern(struct schema *schema, const struct place *place)
{
	const char *pattern = json_string_value(place->given);
	const char *text = json_string_value(place->value);
	regex_t regex;
	bool fits;

	if (!pattern || !is_common(pattern) || regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		return schema_break(schema, place);
	fits = !text || regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return fits;
}

static bool match_unique(struct schema *schema, const struct place *place)
{
	const json_t *item;
	size_t index;

	if (!json_is_boolean(place->given))
		return schema_break(schema, place);
	if (json_is_false(place->given))
		return true;
	json_array_foreach (place->value, index, item)
		for (size_t other = 0; other < index; other++)
			if (json_equal(item, json_array_get(place->value, other)))
				return false;
	return true;
}

static bool match_remark(struct schema *schema, const struct place *place)
{
	return json_is_string(place->given) || schema_break(schema, place);
}

const struct keyword *schema_value_keyword(const char *name)
{
	static const struct keyword keywords[] = {
		{ "type", match_type, NULL },
		{ "const", match_const, NULL },
		{ "enum", match_enum, NULL },
		{ "format", match_format, NULL },
		{ "pattern", match_pattern, NULL },
		{ "minimum", match_least, number_of },
		{ "maximum", match_most, number_of },
		{ "minLength", match_least, length_of },
		{ "maxLength", match_most, length_of },
		{ "minItems", match_least, items_of },
		{ "maxItems", match_most, items_of },
		{ "uniqueItems", match_unique, NULL },
		{ "title", match_remark, NULL },
		{ "description", match_remark, NULL },
	};

	for (size_t n = 0; n < sizeof(keywords) / sizeof(keywords[0]); n++)
		if (strcmp(keywords[n].name, name) == 0)
			return &keywords[n];
	return NULL;
}
