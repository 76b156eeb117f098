/*
 * A list is checked once, when it is read, and then searched as text. So it may have any number of
 * tags, and nothing is allocated.
 */
#include "http/condition.h"

#include <string.h>

/* etagc, RFC 9110, 8.8.3 */
static bool is_tag_character(unsigned char c)
{
	return c == 0x21 || (c >= 0x23 && c <= 0x7e) || c >= 0x80;
}

/* Read the tag at *at, without its quotes; *at moves past it. False if there is none. */
static bool read_tag(const char **at, struct text *tag)
{
	*at += strncmp(*at, "W/", 2) == 0 ? 2 : 0;
	if (**at != '"')
		return false;
	tag->data = ++*at;
	while (is_tag_character((unsigned char)**at))
		++*at;
	tag->length = (size_t)(*at - tag->data);
	if (**at != '"')
		return false;
	++*at;
	return true;
}

/* Move to where the next tag of a list has to begin. False at the end of the list. */
static bool find_next(const char **at)
{
	*at += strspn(*at, " \t,");
	return **at != '\0';
}

/* Whether a tag may end here. */
static bool is_end_of_tag(const char *at)
{
	at += strspn(at, " \t");
	return *at == ',' || *at == '\0';
}

static bool is_any(const char *header)
{
	header += strspn(header, " \t");
	return header[0] == '*' && header[1 + strspn(header + 1, " \t")] == '\0';
}

bool condition_read(struct condition *condition, const char *header)
{
	const char *at = header;
	struct text tag;
	bool some = false;

	*condition = (struct condition){ .given = header != NULL };
	if (header == NULL)
		return true;
	condition->any = is_any(header);
	if (condition->any)
		return true;
	while (find_next(&at)) {
		if (!read_tag(&at, &tag) || !is_end_of_tag(at))
			return false;
		some = true;
	}
	if (strlen(header) < sizeof(condition->inline_tags))
		memcpy(condition->inline_tags, header, strlen(header) + 1);
	else
		condition->tags = header;
	return some;
}

static const char *list_of(const struct condition *condition)
{
	return condition->tags != NULL ? condition->tags : condition->inline_tags;
}

bool condition_has_tag(const struct condition *condition, struct text tag)
{
	const char *at = list_of(condition);
	struct text other;

	while (find_next(&at) && read_tag(&at, &other))
		if (text_equal(other, tag))
			return true;
	return condition->any;
}

bool condition_is_weak(const struct condition *condition, struct text tag)
{
	const char *at = list_of(condition);
	struct text other;
	bool weak = false;

	while (find_next(&at)) {
		bool marked = *at == 'W';
		if (!read_tag(&at, &other) || !text_equal(other, tag))
			continue;
		if (!marked)
			return false;
		weak = true;
	}
	return weak;
}

static bool is_revision(struct text tag)
{
	size_t i = 1;

	if (tag.length < 2 || tag.data[0] != 'r')
		return false;
	while (i < tag.length && tag.data[i] >= '0' && tag.data[i] <= '9')
		i++;
	return i == tag.length;
}

struct text condition_revisions(const struct condition *condition, struct arena **arena)
{
	const char *at = list_of(condition);
	struct text tag;

	if (condition->any)
		return TEXT("");
	/* A tag loses two quotes and gains one comma; the first comma is one more byte. */
	char *list = arena_alloc(arena, strlen(at) + 1);
	size_t length = 0;
	list[length++] = ',';
	while (find_next(&at) && read_tag(&at, &tag)) {
		if (!is_revision(tag))
			continue;
		memcpy(list + length, tag.data, tag.length);
		length += tag.length;
		list[length++] = ',';
	}
	return (struct text){ list, length };
}
