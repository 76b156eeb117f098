/*
 * Media types, as far as bodies need them.
 */
#include "http/media.h"

#include "base/text.h"

#include <string.h>

/* A parameter of a media type (RFC 9110, 5.6.6): only its charset matters here. */
static bool is_other_charset(struct text parameter)
{
	static const struct text name = TEXT_INIT("charset=");
	struct text value = { parameter.at + name.length, parameter.length - name.length };

	if (parameter.length < name.length ||
		!text_equal_nocase((struct text){ parameter.at, name.length }, name))
		return false;
	if (value.length >= 2 && value.at[0] == '"' && value.at[value.length - 1] == '"') {
		value.at++;
		value.length -= 2;
	}
	return !text_equal_nocase(value, TEXT("utf-8")) && !text_equal_nocase(value, TEXT("utf8"));
}

/* Cut off the part of a media type up to the next semicolon, trimmed. */
static struct text next_part(struct text *text)
{
	const char *end = memchr(text->at, ';', text->length);
	struct text part = { text->at, end ? (size_t)(end - text->at) : text->length };
	size_t past = end ? part.length + 1 : part.length;

	text->at += past;
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

/* The type without its parameters; empty where they ask for another charset than ours. */
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

enum media media_read(const char *header)
{
	struct text type = read_type(header != NULL ? text_of(header) : TEXT("application/json"));

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (text_equal_nocase(type, types[i].type))
			return types[i].media;
	return MEDIA_OTHER;
}

bool media_is_listed(const char *header, const char *list)
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
