/* Variables, and the texts that they are put into and taken out of. */
#include "case_text.h"

#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 64
#define ITEMS_MAX 32

struct case_variable {
	char name[NAME_SIZE];
	char *value;
};

static struct case_variable *variable_find(const struct case_variables *variables, const char *name)
{
	for (size_t n = 0; n < variables->count; n++)
		if (!strcmp(variables->list[n].name, name))
			return &variables->list[n];
	return NULL;
}

static struct case_variable *variable_add(struct case_variables *variables, const char *name)
{
	struct case_variable *added;

	variables->list =
		reallocarray(variables->list, variables->count + 1, sizeof(*variables->list));
	if (!variables->list)
		abort();
	added = &variables->list[variables->count++];
	*added = (struct case_variable){ 0 };
	snprintf(added->name, sizeof(added->name), "%s", name);
	return added;
}

void case_variable_set(
	struct case_variables *variables, const char *name, const char *value, size_t size)
{
	struct case_variable *variable = variable_find(variables, name);
	char *copy = strndup(value, size);

	if (!copy)
		abort();
	if (!variable)
		variable = variable_add(variables, name);
	free(variable->value);
	variable->value = copy;
}

const char *case_variable_get(const struct case_variables *variables, const char *name)
{
	const struct case_variable *variable = variable_find(variables, name);

	return variable ? variable->value : NULL;
}

void case_variables_free(struct case_variables *variables)
{
	for (size_t n = 0; n < variables->count; n++)
		free(variables->list[n].value);
	free(variables->list);
	*variables = (struct case_variables){ 0 };
}

static bool repeat_expand(const struct case_variables *variables, char *what, FILE *out)
{
	char *colon = strrchr(what, ':'), *end, *text;
	unsigned long times;
	size_t size;

	if (!colon || colon == what)
		return false;
	times = strtoul(colon + 1, &end, 10);
	if (end == colon + 1 || *end)
		return false;
	*colon = '\0';
	text = case_text_make(variables, what, &size);
	while (text && times--)
		fwrite(text, 1, size, out);
	if (!text)
		return false;
	free(text);
	return true;
}

static bool hex_expand(const char *digits, FILE *out)
{
	unsigned int byte;

	for (; *digits; digits += 2) {
		if (strspn(digits, "0123456789abcdefABCDEF") < 2)
			return false;
		sscanf(digits, "%2x", &byte);
		fputc((int)byte, out);
	}
	return true;
}

/* Writes what stands for {{name}}. */
static bool name_expand(const struct case_variables *variables, char *name, FILE *out)
{
	const char *value;

	if (!strncmp(name, "repeat:", 7))
		return repeat_expand(variables, name + 7, out);
	if (!strncmp(name, "hex:", 4))
		return hex_expand(name + 4, out);
	value = case_variable_get(variables, name);
	return value && case_text_expand(variables, value, out);
}

/* The "}}" that ends what the "{{" at the start opens, past those within; or NULL. */
static const char *name_end(const char *open)
{
	const char *inner = strstr(open + 2, "{{"), *end = strstr(open + 2, "}}");

	while (inner && end && inner < end) {
		const char *inner_end = name_end(inner);

		if (!inner_end)
			return NULL;
		inner = strstr(inner_end + 2, "{{");
		end = strstr(inner_end + 2, "}}");
	}
	return end;
}

bool case_text_expand(const struct case_variables *variables, const char *text, FILE *out)
{
	const char *open, *end;

	while ((open = strstr(text, "{{")) && (end = name_end(open))) {
		char name[4 * NAME_SIZE];

		fwrite(text, 1, (size_t)(open - text), out);
		snprintf(name, sizeof(name), "%.*s", (int)(end - open - 2), open + 2);
		if (!name_expand(variables, name, out))
			return false;
		text = end + 2;
	}
	fputs(text, out);
	return true;
}

char *case_text_make(const struct case_variables *variables, const char *text, size_t *size)
{
	char *made = NULL;
	FILE *out = open_memstream(&made, size);
	bool whole;

	if (!out)
		abort();
	whole = case_text_expand(variables, text, out);
	if (fclose(out))
		abort();
	if (whole)
		return made;
	free(made);
	return NULL;
}

/* Sets the variable whose <<name>> the pattern starts with; gives how much it took, or 0. */
static size_t value_take(struct case_variables *variables, const char *pattern, const char *value)
{
	static const char taken[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";
	size_t size = strspn(value, taken);
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%.*s", (int)(strstr(pattern, ">>") - pattern - 2),
		pattern + 2);
	if (size)
		case_variable_set(variables, name, value, size);
	return size;
}

static bool match_here(
	struct case_variables *variables, const char *pattern, const char *value, bool part)
{
	while (*pattern) {
		size_t size = 1;

		if (!strncmp(pattern, "<<", 2) && strstr(pattern, ">>")) {
			size = value_take(variables, pattern, value);
			if (!size)
				return false;
			pattern = strstr(pattern, ">>") + 1;
		} else if (*pattern != *value) {
			return false;
		}
		pattern++;
		value += size;
	}
	return part || !*value;
}

bool case_text_match(
	struct case_variables *variables, const char *pattern, const char *value, bool part)
{
	if (match_here(variables, pattern, value, part))
		return true;
	while (part && *value)
		if (match_here(variables, pattern, ++value, part))
			return true;
	return false;
}

/* How often the item stands in the list. */
static size_t list_count(const char *list, const char *item, size_t size)
{
	size_t count = 0;

	while (*list) {
		size_t length;

		list += strspn(list, ", \t");
		length = strcspn(list, ", \t");
		count += length && length == size && !strncmp(list, item, size);
		list += length;
	}
	return count;
}

/* Whether each item stands in both lists, as often. */
static bool list_within(const char *one, const char *other)
{
	while (*one) {
		size_t size;

		one += strspn(one, ", \t");
		size = strcspn(one, ", \t");
		if (list_count(one, one, size) > list_count(other, one, size))
			return false;
		one += size;
	}
	return true;
}

bool case_list_equal(const char *one, const char *other)
{
	return list_within(one, other) && list_within(other, one);
}
