/*
 * Where things are: our paths as the client knows them, and the way to the next page of a list.
 */
#include "request_state.h"

#include "base/json.h"
#include "list/cursor.h"

#include <stdlib.h>
#include <string.h>

void reply_add_path(struct request *request, const char *path, struct buffer *out)
{
	buffer_add_text(out, request->prefix);
	for (;;) {
		size_t plain = strcspn(path, "{");
		buffer_add(out, path, plain);
		path += plain;
		if (*path == '\0')
			return;
		size_t length = strcspn(path, "}") - 1;
		char *name = memory_copy(path + 1, length);
		const struct value *value = request_value(request, name);
		free(name);
		if (value->type == VALUE_INTEGER)
			json_write_integer(out, value->integer);
		else
			buffer_add_text(out, value->text);
		path += length + 2;
	}
}

/* What may stand in a header's <URI> as it is; the rest is percent-encoded. */
static void add_uri(struct buffer *out, struct text text)
{
	static const char plain[] = "-._~!$'()*+,;:@/?%=";

	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.at[i];
		bool letter =
			(c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (letter || (c != '\0' && strchr(plain, c) != NULL))
			buffer_add(out, &c, 1);
		else
			buffer_add_format(out, "%%%02X", c);
	}
}

/* Whether a pair of a query has this name, whose letters may be encoded. */
static bool is_named(struct text pair, struct text name)
{
	char decoded[32];
	const char *equals = memchr(pair.at, '=', pair.length);
	size_t length = equals != NULL ? (size_t)(equals - pair.at) : pair.length;

	return length <= sizeof(decoded) &&
	       text_percent_decode((struct text){ pair.at, length }, true, decoded, &length) &&
	       text_equal((struct text){ decoded, length }, name);
}

/* The query as it was sent, but for its cursor. */
static void add_query(struct buffer *out, struct text query)
{
	while (query.length > 0) {
		const char *end = memchr(query.at, '&', query.length);
		struct text pair = { query.at,
			end != NULL ? (size_t)(end - query.at) : query.length };
		query.at += pair.length + (end != NULL);
		query.length -= pair.length + (end != NULL);
		if (pair.length == 0 || is_named(pair, TEXT("cursor")))
			continue;
		add_uri(out, pair);
		buffer_add_text(out, TEXT("&"));
	}
}

void reply_next_link(struct request *request)
{
	struct buffer link = { 0 };

	if (request_value(request, "next_id")->type == VALUE_NULL)
		return;
	buffer_add_text(&link, TEXT("<"));
	reply_add_path(request, request->route->endpoint->path, &link);
	buffer_add_text(&link, TEXT("?"));
	add_query(&link, request->query);
	buffer_add_text(&link, TEXT("cursor="));
	cursor_write(request, &link);
	buffer_add_text(&link, TEXT(">; rel=\"next\""));
	buffer_add(&link, "", 1);
	reply_header(request, "Link", link.data);
	buffer_free(&link);
}
