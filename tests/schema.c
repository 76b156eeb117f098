/* A value beside its schema; each keyword is a row of the table at the end. */
#include "schema.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool value_matches(struct schema *schema, const json_t *rule, const json_t *value);

/* Keeps the first cause, which lies deepest; the value is false, to be returned. */
static bool schema_fail(
	struct schema *schema, const char *what, const char *name, const json_t *value)
{
	char *shown = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

	if (!*schema->why)
		snprintf(schema->why, sizeof(schema->why), "%s %s: %.300s", what, name,
			shown ? shown : "nothing");
	free(shown);
	return false;
}

const json_t *schema_resolve(const json_t *document, const char *reference)
{
	const json_t *at = document;

	if (*reference++ != '#')
		return NULL;
	while (at && *reference == '/') {
		size_t length = strcspn(++reference, "/");

		at = json_object_getn(at, reference, length);
		reference += length;
	}
	return *reference ? NULL : at;
}

static bool match_reference(struct schema *schema, const json_t *keyword, const json_t *value)
{
	const char *reference = json_string_value(keyword);
	const json_t *rule = reference ? schema_resolve(schema->document, reference) : NULL;

	if (!rule)
		return schema_fail(schema, "no such thing to refer to", "$ref", keyword);
	return value_matches(schema, rule, value);
}

static bool match_all(struct schema *schema, const json_t *keyword, const json_t *value)
{
	const json_t *rule;
	size_t index;

	json_array_foreach (keyword, index, rule)
		if (!value_matches(schema, rule, value))
			return false;
	return json_array_size(keyword) > 0;
}

/* What the branches that do not fit say is of no interest. */
static bool match_any(struct schema *schema, const json_t *keyword, const json_t *value)
{
	const json_t *rule;
	size_t index;

	json_array_foreach (keyword, index, rule) {
		struct schema branch = { .document = schema->document };

		if (schema_describes(&branch, rule, value))
			return true;
	}
	return schema_fail(schema, "nothing fits of", "anyOf", value);
}

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

	return type && strcmp(types[json_typeof(value)], type) == 0;
}

static bool match_type(struct schema *schema, const json_t *keyword, const json_t *value)
{
	const json_t *type;
	size_t index;

	if (is_of_type(value, json_string_value(keyword)))
		return true;
	json_array_foreach (keyword, index, type)
		if (is_of_type(value, json_string_value(type)))
			return true;
	return schema_fail(schema, "not of the", "type", value);
}

static bool match_const(struct schema *schema, const json_t *keyword, const json_t *value)
{
	return json_equal(keyword, value) || schema_fail(schema, "not the", "const", value);
}

static bool match_enum(struct schema *schema, const json_t *keyword, const json_t *value)
{
	const json_t *choice;
	size_t index;

	json_array_foreach (keyword, index, choice)
		if (json_equal(choice, value))
			return true;
	return schema_fail(schema, "none of the", "enum", value);
}

/* A 0 in the picture stands for any digit. */
static bool is_like(const char *text, const char *picture)
{
	for (; *text && *picture; text++, picture++)
		if (*picture == '0' ? !isdigit((unsigned char)*text) : *text != *picture)
			return false;
	return !*text && !*picture;
}

static bool match_format(struct schema *schema, const json_t *keyword, const json_t *value)
{
	const char *format = json_string_value(keyword), *text = json_string_value(value);

	if (!text)
		return true;
	if (format && strcmp(format, "date-time") == 0 && is_like(text, "0000-00-00T00:00:00Z"))
		return true;
	if (format && strcmp(format, "date") == 0 && is_like(text, "0000-00-00"))
		return true;
	return schema_fail(schema, "not in the", "format", value);
}

static bool match_properties(struct schema *schema, const json_t *keyword, const json_t *value)
{
	json_t *rule;
	const char *name;

	json_object_foreach ((json_t *)(uintptr_t)keyword, name, rule) {
		const json_t *member = json_object_get(value, name);

		if (member && !schema_describes(schema, rule, member))
			return false;
	}
	return true;
}

static bool match_required(struct schema *schema, const json_t *keyword, const json_t *value)
{
	const json_t *name;
	size_t index;

	json_array_foreach (keyword, index, name)
		if (!json_object_get(value, json_string_value(name)))
			return schema_fail(
				schema, "required and not there:", json_string_value(name), value);
	return true;
}

static bool match_items(struct schema *schema, const json_t *keyword, const json_t *value)
{
	const json_t *item;
	size_t index;

	json_array_foreach (value, index, item)
		if (!schema_describes(schema, keyword, item))
			return false;
	return true;
}

static bool match_remark(struct schema *schema, const json_t *keyword, const json_t *value)
{
	(void)schema;
	(void)value;
	return json_is_string(keyword);
}

static const struct keyword {
	const char *name;
	bool (*match)(struct schema *schema, const json_t *keyword, const json_t *value);
} keywords[] = {
	{ "$ref", match_reference },
	{ "allOf", match_all },
	{ "anyOf", match_any },
	{ "type", match_type },
	{ "const", match_const },
	{ "enum", match_enum },
	{ "format", match_format },
	{ "properties", match_properties },
	{ "required", match_required },
	{ "items", match_items },
	{ "description", match_remark },
};

static const struct keyword *keyword_find(const char *name)
{
	for (size_t n = 0; n < sizeof(keywords) / sizeof(keywords[0]); n++)
		if (strcmp(keywords[n].name, name) == 0)
			return &keywords[n];
	return NULL;
}

static bool value_matches(struct schema *schema, const json_t *rule, const json_t *value)
{
	json_t *given;
	const char *name;

	if (!json_is_object(rule))
		return schema_fail(schema, "not a", "schema", rule);
	json_object_foreach ((json_t *)(uintptr_t)rule, name, given) {
		const struct keyword *keyword = keyword_find(name);

		if (!keyword)
			return schema_fail(schema, "unknown keyword", name, rule);
		if (!keyword->match(schema, given, value))
			return schema_fail(schema, "does not fit", name, value);
	}
	return true;
}

/* Every member that the rule names, in its parts too, goes into `names`. */
static void names_gather(const struct schema *schema, const json_t *rule, json_t *names)
{
	const char *reference = json_string_value(json_object_get(rule, "$ref"));
	const json_t *part;
	size_t index;

	json_object_update(names, json_object_get(rule, "properties"));
	if (reference)
		names_gather(schema, schema_resolve(schema->document, reference), names);
	json_array_foreach (json_object_get(rule, "allOf"), index, part)
		names_gather(schema, part, names);
}

static bool names_are_exact(struct schema *schema, const json_t *rule, const json_t *value)
{
	json_t *names = json_object(), *member;
	const char *name;
	bool exact = true;

	names_gather(schema, rule, names);
	json_object_foreach (names, name, member)
		if (exact && !json_object_get(value, name))
			exact = schema_fail(schema, "described and not there:", name, value);
	json_object_foreach ((json_t *)(uintptr_t)value, name, member)
		if (exact && !json_object_get(names, name))
			exact = schema_fail(schema, "there and not described:", name, value);
	json_decref(names);
	return exact;
}

bool schema_describes(struct schema *schema, const json_t *rule, const json_t *value)
{
	if (!value_matches(schema, rule, value))
		return false;
	return !json_is_object(value) || names_are_exact(schema, rule, value);
}
