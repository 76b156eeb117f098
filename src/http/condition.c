/*
 * Entity tags are "r" and a revision; any other tag is one that matches nothing.
 */
#include "condition.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* etagc, RFC 9110, 8.8.3 */
static bool is_tag_character(unsigned char c)
{
	return c == 0x21 || (c >= 0x23 && c <= 0x7e) || c >= 0x80;
}

/* One tag at *at, which moves behind it; tags beyond the room that there is match nothing. */
static bool read_tag(struct condition *condition, const char **at)
{
	bool weak = strncmp(*at, "W/", 2) == 0;
	int64_t revision;

	*at += weak ? 2 : 0;
	if (**at != '"')
		return false;
	const char *start = ++*at;
	while (is_tag_character((unsigned char)**at))
		++*at;
	if (**at != '"')
		return false;
	size_t length = (size_t)(*at - start);
	++*at;
	if (condition->count == CONDITION_TAGS || length < 2 || start[0] != 'r' ||
		(start[1] == '0' && length > 2) ||
		!text_to_integer((struct text){ start + 1, length - 1 }, &revision))
		return true;
	condition->weak[condition->count] = weak;
	condition->revision[condition->count++] = revision;
	return true;
}

bool condition_read(struct condition *condition, const char *header)
{
	*condition = (struct condition){ .given = header != NULL };
	if (header == NULL)
		return true;
	header += strspn(header, " \t");
	if (header[0] == '*' && header[1 + strspn(header + 1, " \t")] == '\0') {
		condition->any = true;
		return true;
	}
	bool some = false;
	for (;;) {
		header += strspn(header, " \t,");
		if (*header == '\0')
			return some;
		if (!read_tag(condition, &header))
			return false;
		some = true;
		header += strspn(header, " \t");
		if (*header != ',' && *header != '\0')
			return false;
	}
}

bool condition_matches(const struct condition *condition, int64_t revision, bool weak)
{
	for (unsigned i = 0; i < condition->count; i++)
		if (condition->revision[i] == revision && (weak || !condition->weak[i]))
			return true;
	return condition->any;
}

void condition_tag(int64_t revision, char tag[ETAG_SIZE])
{
	snprintf(tag, ETAG_SIZE, "\"r%" PRId64 "\"", revision);
}
