/*
 * "a=1&b=two+words": https://url.spec.whatwg.org/#urlencoded-parsing, but strictly.
 */
#include "http/form.h"

#include <string.h>

/* Decode a name or a value; often there is nothing to decode. */
static bool decode(struct arena **arena, struct text raw, struct text *text)
{
	*text = raw;
	if (raw.length == 0)
		return true;
	if (memchr(raw.data, '%', raw.length) != NULL ||
		memchr(raw.data, '+', raw.length) != NULL) {
		char *decoded = arena_alloc(arena, raw.length);
		if (!text_percent_decode(raw, true, decoded, &text->length))
			return false;
		text->data = decoded;
	}
	return text_is_utf8(*text) && memchr(text->data, '\0', text->length) == NULL;
}

bool form_next(
	struct arena **arena, struct text *text, struct text *name, struct text *value, bool *well)
{
	do {
		if (text->length == 0)
			return false;
		const char *end = memchr(text->data, '&', text->length);
		*name = (struct text){ text->data,
			end ? (size_t)(end - text->data) : text->length };
		size_t past = end ? name->length + 1 : name->length;
		text->data += past;
		text->length -= past;
	} while (name->length == 0);

	const char *equals = memchr(name->data, '=', name->length);
	*value = (struct text){ 0 };
	if (equals != NULL) {
		size_t length = (size_t)(equals - name->data);
		*value = (struct text){ equals + 1, name->length - length - 1 };
		name->length = length;
	}
	*well = decode(arena, *name, name) && decode(arena, *value, value);
	return true;
}
