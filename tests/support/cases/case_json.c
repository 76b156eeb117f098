/* Expected JSON against the JSON that came. */
#include "case_json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define POINTER_SIZE 256
#define FURTHER "..."

struct match {
	struct case_variables *variables;
	FILE *why;
	char pointer[POINTER_SIZE]; /* where in the document */
};

static bool json_differs(struct match *match, const json_t *expected, const json_t *got)
{
	char *wanted = expected ? json_dumps(expected, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	char *came = got ? json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	fprintf(match->why, "at '%s': expected %.300s, came %.300s", match->pointer,
		wanted ? wanted : "nothing", came ? came : "nothing");
	free(wanted);
	free(came);
	return false;
}

static bool text_is_date(const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t n = 0; form[n]; n++)
		if (form[n] == 'd' ? text[n] < '0' || text[n] > '9' : text[n] != form[n])
			return false;
	return true;
}

static bool kind_is_any(const json_t *got)
{
	return got;
}

static bool kind_is_string(const json_t *got)
{
	return json_is_string(got);
}

static bool kind_is_integer(const json_t *got)
{
	return json_is_integer(got);
}

static bool kind_is_boolean(const json_t *got)
{
	return json_is_boolean(got);
}

static bool kind_is_date(const json_t *got)
{
	return json_is_string(got) && text_is_date(json_string_value(got));
}

/* Whether it is a time that many days from now, give or take the hour to which some are kept. */
static bool is_in_days(const json_t *got, int days)
{
	struct tm at = { 0 };
	double off;

	if (!kind_is_date(got) || !strptime(json_string_value(got), "%Y-%m-%dT%H:%M:%SZ", &at))
		return false;
	off = difftime(timegm(&at), time(NULL)) - days * 86400.0;
	return off > -3700 && off < 3700;
}

static bool kind_is_now(const json_t *got)
{
	return is_in_days(got, 0);
}

static bool kind_is_month(const json_t *got)
{
	return is_in_days(got, 30);
}

static bool kind_is_token(const json_t *got)
{
	static const char used[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
	const char *token = json_string_value(got);

	return token && strlen(token) >= 43 && !token[strspn(token, used)];
}

static const struct kind {
	const char *name;
	bool (*is)(const json_t *got);
} kinds[] = {
	{ "any", kind_is_any },
	{ "string", kind_is_string },
	{ "integer", kind_is_integer },
	{ "boolean", kind_is_boolean },
	{ "date", kind_is_date },
	{ "now", kind_is_now },
	{ "month", kind_is_month },
	{ "token", kind_is_token },
};

/* The kind of the placeholder that the string is, its variable's name left in `name`, or NULL. */
static const struct kind *kind_find(const char *text, char name[POINTER_SIZE])
{
	size_t size = strlen(text);
	const char *colon = strchr(text, ':');
	const char *kind = colon ? colon + 1 : text + 1;

	if (size < 3 || size >= POINTER_SIZE || text[0] != '<' || text[size - 1] != '>')
		return NULL;
	snprintf(name, POINTER_SIZE, "%.*s", colon ? (int)(colon - text) - 1 : 0, text + 1);
	for (size_t n = 0; n < sizeof(kinds) / sizeof(*kinds); n++)
		if (strlen(kinds[n].name) == strlen(kind) - 1 &&
			!strncmp(kinds[n].name, kind, strlen(kind) - 1))
			return &kinds[n];
	return NULL;
}

static void value_keep(struct match *match, const char *name, const json_t *got)
{
	char *text;

	if (json_is_string(got)) {
		case_variable_set(
			match->variables, name, json_string_value(got), json_string_length(got));
		return;
	}
	text = json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT);
	if (text)
		case_variable_set(match->variables, name, text, strlen(text));
	free(text);
}

static bool string_match(struct match *match, const json_t *expected, const json_t *got)
{
	char name[POINTER_SIZE];
	const struct kind *kind = kind_find(json_string_value(expected), name);

	if (!kind)
		return json_equal(expected, got) || json_differs(match, expected, got);
	if (!kind->is(got))
		return json_differs(match, expected, got);
	if (*name)
		value_keep(match, name, got);
	return true;
}

static bool value_match(struct match *match, const json_t *expected, const json_t *got);

/* value_match of what stands one step further down. */
static bool member_match(
	struct match *match, const char *step, const json_t *expected, const json_t *got)
{
	size_t length = strlen(match->pointer);
	bool same;

	snprintf(match->pointer + length, POINTER_SIZE - length, "/%s", step);
	same = value_match(match, expected, got);
	match->pointer[length] = '\0';
	return same;
}

static bool object_match(struct match *match, const json_t *expected, const json_t *got)
{
	json_t *wanted = (json_t *)(uintptr_t)expected, *came = (json_t *)(uintptr_t)got;
	bool further = json_object_get(wanted, FURTHER);
	const char *key;
	json_t *value;

	json_object_foreach(wanted, key, value)
	{
		if (strcmp(key, FURTHER) != 0 &&
			!member_match(match, key, value, json_object_get(came, key)))
			return false;
	}
	json_object_foreach(came, key, value)
	{
		if (!further && !json_object_get(wanted, key))
			return member_match(match, key, NULL, value);
	}
	return true;
}

static bool array_match(struct match *match, const json_t *expected, const json_t *got)
{
	size_t size = json_array_size(expected), came = json_array_size(got);
	char step[32];

	for (size_t n = 0; n < (size > came ? size : came); n++) {
		snprintf(step, sizeof(step), "%zu", n);
		if (!member_match(match, step, json_array_get(expected, n), json_array_get(got, n)))
			return false;
	}
	return true;
}

static bool value_match(struct match *match, const json_t *expected, const json_t *got)
{
	if (!expected || !got)
		return json_differs(match, expected, got);
	if (json_is_string(expected))
		return string_match(match, expected, got);
	if (json_is_object(expected) && json_is_object(got))
		return object_match(match, expected, got);
	if (json_is_array(expected) && json_is_array(got))
		return array_match(match, expected, got);
	return json_equal(expected, got) || json_differs(match, expected, got);
}

bool case_json_match(
	struct case_variables *variables, const json_t *expected, const json_t *got, FILE *why)
{
	struct match match = { .variables = variables, .why = why };

	return value_match(&match, expected, got);
}
