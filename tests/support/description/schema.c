/*
 * A value beside its schema: the keywords that lead to other schemas, and the way through a value
 * with all that is in it.
 */
#include "schema.h"

#include "schema_keyword.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool value_matches(
	struct schema *schema, const json_t *rule, const json_t *value, json_t *known);

bool schema_fail(struct schema *schema, const json_t *value, const char *format, ...)
{
	char *shown, what[128];
	va_list arguments;

	if (*schema->why)
		return false;
	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	shown = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	snprintf(schema->why, sizeof(schema->why), "%s at '%.100s': %.200s", what, schema->at,
		shown ? shown : "nothing");
	free(shown);
	return false;
}

bool schema_break(struct schema *schema, const struct place *place)
{
	schema->broken = true;
	return schema_fail(
		schema, place->given, "cannot use the schema's \"%s\"", place->keyword->name);
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

static bool match_reference(struct schema *schema, const struct place *place)
{
	const char *reference = json_string_value(place->given);
	const json_t *rule = reference ? schema_resolve(schema->document, reference) : NULL;

	if (!rule)
		return schema_break(schema, place);
	return value_matches(schema, rule, place->value, place->known);
}

static bool match_all(struct schema *schema, const struct place *place)
{
	const json_t *rule;
	size_t index;

	json_array_foreach (place->given, index, rule)
		if (!value_matches(schema, rule, place->value, place->known))
			return false;
	return json_array_size(place->given) > 0 || schema_break(schema, place);
}

/* What a branch that does not fit says is of no interest, and what it describes does not count. */
static bool branch_fits(struct schema *schema, const struct place *place, const json_t *rule)
{
	struct schema branch = { .document = schema->document };
	json_t *known = json_object();
	bool fits = value_matches(&branch, rule, place->value, known);

	if (fits)
		json_object_update(place->known, known);
	if (branch.broken)
		*schema = branch;
	json_decref(known);
	return fits;
}

/* How many branches fit; none where one of them cannot be used. */
static size_t branches_count(struct schema *schema, const struct place *place)
{
	const json_t *rule;
	size_t index, count = 0;

	json_array_foreach (place->given, index, rule)
		count += branch_fits(schema, place, rule);
	return schema->broken ? 0 : count;
}

static bool match_any(struct schema *schema, const struct place *place)
{
	return branches_count(schema, place) > 0;
}

static bool match_one(struct schema *schema, const struct place *place)
{
	return branches_count(schema, place) == 1;
}

/* schema_describes() of what stands one step further down. */
static bool step_describes(
	struct schema *schema, const char *step, const json_t *rule, const json_t *value)
{
	size_t length = strlen(schema->at);
	bool described;

	snprintf(schema->at + length, sizeof(schema->at) - length, "/%s", step);
	described = schema_describes(schema, rule, value);
	schema->at[length] = '\0';
	return described;
}

static bool match_properties(struct schema *schema, const struct place *place)
{
	json_t *rule;
	const char *name;

	json_object_foreach ((json_t *)(uintptr_t)place->given, name, rule) {
		const json_t *member = json_object_get(place->value, name);

		if (member && !step_describes(schema, name, rule, member))
			return false;
		if (member)
			json_object_set_new(place->known, name, json_true());
	}
	return true;
}

/* Of the members that `properties` beside it does not name. */
static bool match_additional(struct schema *schema, const struct place *place)
{
	const json_t *named = json_object_get(place->rule, "properties");
	json_t *member;
	const char *name;

	json_object_foreach ((json_t *)(uintptr_t)place->value, name, member) {
		if (json_object_get(named, name))
			continue;
		if (!step_describes(schema, name, place->given, member))
			return false;
		json_object_set_new(place->known, name, json_true());
	}
	return true;
}

static bool match_required(struct schema *schema, const struct place *place)
{
	const json_t *name;
	size_t index;

	if (!json_is_object(place->value))
		return true;
	json_array_foreach (place->given, index, name)
		if (!json_object_get(place->value, json_string_value(name)))
			return schema_fail(
				schema, place->value, "no member \"%s\"", json_string_value(name));
	return true;
}

static bool match_items(struct schema *schema, const struct place *place)
{
	const json_t *item;
	size_t index;
	char step[32];

	json_array_foreach (place->value, index, item) {
		snprintf(step, sizeof(step), "%zu", index);
		if (!step_describes(schema, step, place->given, item))
			return false;
	}
	return true;
}

static const struct keyword *keyword_find(const char *name)
{
	static const struct keyword keywords[] = {
		{ "$ref", match_reference, NULL },
		{ "allOf", match_all, NULL },
		{ "anyOf", match_any, NULL },
		{ "oneOf", match_one, NULL },
		{ "properties", match_properties, NULL },
		{ "additionalProperties", match_additional, NULL },
		{ "required", match_required, NULL },
		{ "items", match_items, NULL },
	};

	for (size_t n = 0; n < sizeof(keywords) / sizeof(keywords[0]); n++)
		if (strcmp(keywords[n].name, name) == 0)
			return &keywords[n];
	return schema_value_keyword(name);
}

static bool keyword_matches(struct schema *schema, const char *name, struct place *place)
{
	place->keyword = keyword_find(name);
	if (!place->keyword) {
		schema->broken = true;
		return schema_fail(schema, place->rule, "unknown keyword \"%s\"", name);
	}
	return place->keyword->match(schema, place) ||
	       schema_fail(schema, place->value, "does not fit \"%s\"", name);
}

/* A schema that is no object is `true`, which describes anything, or `false`. */
static bool flag_matches(
	struct schema *schema, const json_t *rule, const json_t *value, json_t *known)
{
	if (json_is_true(rule)) {
		json_object_update(known, (json_t *)(uintptr_t)value);
		return true;
	}
	schema->broken |= !json_is_false(rule);
	return schema_fail(schema, value, "not described");
}

static bool value_matches(
	struct schema *schema, const json_t *rule, const json_t *value, json_t *known)
{
	struct place place = { .rule = rule, .value = value, .known = known };
	const char *name;
	json_t *given;

	if (!json_is_object(rule))
		return flag_matches(schema, rule, value, known);
	json_object_foreach ((json_t *)(uintptr_t)rule, name, given) {
		place.given = given;
		if (!keyword_matches(schema, name, &place))
			return false;
	}
	return true;
}

static bool members_are_known(struct schema *schema, const json_t *value, const json_t *known)
{
	const char *name;
	json_t *member;

	json_object_foreach ((json_t *)(uintptr_t)value, name, member)
		if (!json_object_get(known, name))
			return schema_fail(schema, value, "\"%s\" is not described", name);
	return true;
}

bool schema_describes(struct schema *schema, const json_t *rule, const json_t *value)
{
	json_t *known = json_object();
	bool described = value_matches(schema, rule, value, known) &&
			 members_are_known(schema, value, known);

	json_decref(known);
	return described;
}
