/*
 * Headers that name media types and codings. A list is read element by element; nothing is
 * allocated.
 */
#include "http/media_type.h"

#include <string.h>

#define NO_WEIGHT (-1) /* of what does not parse, or is not in the list */

/* Of the parameters of a media type (RFC 9110, 5.6.6) only the charset matters. */
static bool is_other_charset(struct text parameter)
{
	static const struct text name = TEXT_INIT("charset=");
	struct text value = { parameter.data + name.length, parameter.length - name.length };

	if (parameter.length < name.length ||
		!text_equal_nocase((struct text){ parameter.data, name.length }, name))
		return false;
	if (value.length >= 2 && value.data[0] == '"' && value.data[value.length - 1] == '"') {
		value.data++;
		value.length -= 2;
	}
	return !text_equal_nocase(value, TEXT("utf-8")) && !text_equal_nocase(value, TEXT("utf8"));
}

/* Cut off the text up to the next semicolon, and trim it. */
static struct text next_part(struct text *text)
{
	const char *end = memchr(text->data, ';', text->length);
	struct text part = { text->data, end ? (size_t)(end - text->data) : text->length };
	size_t past = end ? part.length + 1 : part.length;

	text->data += past;
	text->length -= past;
	return text_trim(part);
}

static const struct {
	struct text type;
	enum media media;
} types[] = {
	{ TEXT_INIT("application/json"), MEDIA_JSON },
	{ TEXT_INIT("application/merge-patch+json"), MEDIA_MERGE_PATCH },
	{ TEXT_INIT("application/x-www-form-urlencoded"), MEDIA_FORM },
};

/* The type without its parameters; empty if they name a charset other than UTF-8. */
static struct text read_type(struct text text)
{
	if (!text_is_utf8(text))
		return (struct text){ 0 };
	struct text type = next_part(&text);
	while (text.length > 0)
		if (is_other_charset(next_part(&text)))
			return (struct text){ 0 };
	return type;
}

enum media media_type_read(const char *header)
{
	struct text type = read_type(header != NULL ? text_of(header) : TEXT("application/json"));

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (text_equal_nocase(type, types[i].type))
			return types[i].media;
	return MEDIA_OTHER;
}

bool media_type_is_listed(const char *header, const char *list)
{
	if (header == NULL)
		return true;
	struct text type = read_type(text_of(header));

	if (text_equal_nocase(type, TEXT("application/octet-stream")) ||
		text_equal_nocase(type, TEXT("application/x-www-form-urlencoded")))
		return true;
	while (*list != '\0') {
		struct text word = { list, strcspn(list, " ") };
		if (text_equal_nocase(type, word))
			return true;
		list += word.length + strspn(list + word.length, " ");
	}
	return false;
}

bool media_is_coded(const char *header)
{
	while (header != NULL && *(header += strspn(header, " \t,")) != '\0') {
		struct text coding = { header, strcspn(header, " \t,") };
		if (!text_equal_nocase(coding, TEXT("identity")))
			return true;
		header += coding.length;
	}
	return false;
}

/* "value; parameter; q=0.5" */
struct element {
	struct text value;
	int weight;
};

/* Read up to a mark outside of quoted strings, trimmed; *at moves to the mark or the end. */
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

/* A qvalue. The 0 before the point may be missing, and digits after the third do not count. */
static int read_weight(struct text text)
{
	int weight = 0, unit = WEIGHT_MAX;
	size_t i = 0;

	if (text.length > 0 && (text.data[0] == '0' || text.data[0] == '1'))
		weight = (text.data[i++] - '0') * WEIGHT_MAX;
	else if (text.length < 2 || text.data[0] != '.')
		return NO_WEIGHT;
	if (i < text.length && text.data[i++] != '.')
		return NO_WEIGHT;
	for (; i < text.length; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return NO_WEIGHT;
		unit /= 10;
		weight += (text.data[i] - '0') * unit;
	}
	return weight <= WEIGHT_MAX ? weight : NO_WEIGHT;
}

/* The next element that has a value; false at the end. */
static bool next_element(const char **at, struct element *element)
{
	do {
		*at += strspn(*at, " \t,");
		if (**at == '\0')
			return false;
		*element = (struct element){ read_until(at, ";,"), WEIGHT_MAX };
		while (**at == ';') {
			++*at;
			struct text parameter = read_until(at, ";,");
			if (parameter.length >= 2 && (parameter.data[0] | 0x20) == 'q' &&
				parameter.data[1] == '=')
				element->weight = read_weight(
					(struct text){ parameter.data + 2, parameter.length - 2 });
		}
	} while (element->value.length == 0);
	return true;
}

/* The highest weight of the elements with this value; NO_WEIGHT if there is none. */
static int find_weight(const char *header, struct text value)
{
	struct element element;
	int weight = NO_WEIGHT;

	while (next_element(&header, &element))
		if (text_equal_nocase(element.value, value) && element.weight > weight)
			weight = element.weight;
	return weight;
}

/* The highest weight of the range of a type, such as "text" and a star for text/html. */
static int find_group_weight(const char *header, struct text type)
{
	const char *slash = memchr(type.data, '/', type.length);
	size_t length = slash != NULL ? (size_t)(slash - type.data) + 1 : type.length;
	struct element element;
	int weight = NO_WEIGHT;

	while (next_element(&header, &element)) {
		struct text group = { element.value.data, length };
		if (element.value.length == length + 1 && element.value.data[length] == '*' &&
			text_equal_nocase(group, (struct text){ type.data, length }) &&
			element.weight > weight)
			weight = element.weight;
	}
	return weight;
}

/* Some clients write one star for type and subtype. */
static int find_any_weight(const char *header)
{
	int both = find_weight(header, TEXT("*/*"));

	return both != NO_WEIGHT ? both : find_weight(header, TEXT("*"));
}

int accept_type(const char *header, struct text type)
{
	int weight = header != NULL ? find_weight(header, type) : WEIGHT_MAX;

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

/* The weight of a coding by one of its names, or else of any coding. */
static int coding_weight(const char *header, struct text name, struct text old_name)
{
	int weight = find_weight(header, name);

	if (weight == NO_WEIGHT)
		weight = find_weight(header, old_name);
	return weight == NO_WEIGHT ? find_weight(header, TEXT("*")) : weight;
}

bool accept_allows_gzip(const char *header)
{
	if (header == NULL)
		return false;
	int gzip = coding_weight(header, TEXT("gzip"), TEXT("x-gzip"));
	int identity = coding_weight(header, TEXT("identity"), TEXT("identity"));
	return gzip > 0 && gzip >= identity;
}
