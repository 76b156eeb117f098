/*
 * A list is read element by element; nothing is allocated or kept.
 */
#include "http/accept.h"

#include <string.h>

#define NO_WEIGHT (-1) /* what does not parse, or is not named */

/* "value; parameter; q=0.5" */
struct element {
	struct text value;
	int weight;
};

/* Up to a mark that stands in no quoted string, trimmed; *at is moved to the mark or the end. */
static struct text read_until(const char **at, const char *marks)
{
	const char *start = *at;
	bool quoted = false;

	for (; **at != '\0' && (quoted || strchr(marks, **at) == NULL); ++*at) {
		if (**at == '"')
			quoted = !quoted;
		else if (quoted && **at == '\\' && (*at)[1] != '\0')
			++*at;
	}
	return text_trim_ows((struct text){ start, (size_t)(*at - start) });
}

/* qvalue; the 0 before the point may be left out, and digits after the third do not count. */
static int read_weight(struct text text)
{
	int weight = 0, unit = WEIGHT_MOST;
	size_t i = 0;

	if (text.length > 0 && (text.at[0] == '0' || text.at[0] == '1'))
		weight = (text.at[i++] - '0') * WEIGHT_MOST;
	else if (text.length < 2 || text.at[0] != '.')
		return NO_WEIGHT;
	if (i < text.length && text.at[i++] != '.')
		return NO_WEIGHT;
	for (; i < text.length; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return NO_WEIGHT;
		unit /= 10;
		weight += (text.at[i] - '0') * unit;
	}
	return weight <= WEIGHT_MOST ? weight : NO_WEIGHT;
}

/* The next element that has a value; false at the end. */
static bool next_element(const char **at, struct element *element)
{
	do {
		*at += strspn(*at, " \t,");
		if (**at == '\0')
			return false;
		*element = (struct element){ read_until(at, ";,"), WEIGHT_MOST };
		while (**at == ';') {
			++*at;
			struct text parameter = read_until(at, ";,");
			if (parameter.length >= 2 && (parameter.at[0] | 0x20) == 'q' &&
				parameter.at[1] == '=')
				element->weight = read_weight(
					(struct text){ parameter.at + 2, parameter.length - 2 });
		}
	} while (element->value.length == 0);
	return true;
}

/* The most that the elements of one value weigh; NO_WEIGHT where none is of it. */
static int find_weight(const char *header, struct text value)
{
	struct element element;
	int weight = NO_WEIGHT;

	while (next_element(&header, &element))
		if (text_equal_nocase(element.value, value) && element.weight > weight)
			weight = element.weight;
	return weight;
}

/* "text" of "text/html": whether the range is "text" and a star. */
static int find_group_weight(const char *header, struct text type)
{
	const char *slash = memchr(type.at, '/', type.length);
	size_t length = slash != NULL ? (size_t)(slash - type.at) + 1 : type.length;
	struct element element;
	int weight = NO_WEIGHT;

	while (next_element(&header, &element)) {
		struct text group = { element.value.at, length };
		if (element.value.length == length + 1 && element.value.at[length] == '*' &&
			text_equal_nocase(group, (struct text){ type.at, length }) &&
			element.weight > weight)
			weight = element.weight;
	}
	return weight;
}

/* Some clients write one star for both halves. */
static int find_any_weight(const char *header)
{
	int both = find_weight(header, TEXT("*/*"));

	return both != NO_WEIGHT ? both : find_weight(header, TEXT("*"));
}

int accept_type(const char *header, struct text type)
{
	int weight = header != NULL ? find_weight(header, type) : WEIGHT_MOST;

	if (weight == NO_WEIGHT)
		weight = find_group_weight(header, type);
	if (weight == NO_WEIGHT)
		weight = find_any_weight(header);
	return weight == NO_WEIGHT ? 0 : weight;
}

bool accept_prefers_page(const char *header)
{
	int page = accept_type(header, TEXT("text/html"));
	int json = accept_type(header, TEXT("application/json"));

	if (header == NULL || page == 0)
		return false;
	return page > json || (page == json && find_weight(header, TEXT("text/html")) == page);
}

/* Of a coding by one of its names, or else of any coding. */
static int coding_weight(const char *header, struct text name, struct text old_name)
{
	int weight = find_weight(header, name);

	if (weight == NO_WEIGHT)
		weight = find_weight(header, old_name);
	return weight == NO_WEIGHT ? find_weight(header, TEXT("*")) : weight;
}

bool accept_takes_gzip(const char *header)
{
	if (header == NULL)
		return false;
	int gzip = coding_weight(header, TEXT("gzip"), TEXT("x-gzip"));
	int identity = coding_weight(header, TEXT("identity"), TEXT("identity"));
	return gzip > 0 && gzip >= identity;
}
