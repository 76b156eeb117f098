/*
 * The five characters that are escaped in HTML. Any thread.
 */
#include "base/html.h"

#include <string.h>

static const char *reference_of(char mark)
{
	switch (mark) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_write_text(struct buffer *out, struct text text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.length; i++) {
		const char *reference = reference_of(text.data[i]);
		if (reference == NULL)
			continue;
		buffer_add(out, text.data + from, i - from);
		buffer_add_text(out, text_of(reference));
		from = i + 1;
	}
	buffer_add(out, text.data + from, text.length - from);
}
