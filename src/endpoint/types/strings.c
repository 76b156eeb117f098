/*
 * The strings of an array, or of a list with commas.
 */
#include "types/strings.h"

#include <string.h>

static const char *read_array(
	const json_t *array, const char *(*add)(void *list, struct text string), void *list)
{
	const char *fault = NULL;
	const json_t *string;
	size_t i;

	if (!json_is_array(array))
		return "must be an array of strings";
	json_array_foreach (array, i, string) {
		if (!json_is_string(string))
			return "must be an array of strings";
		fault = add(list,
			(struct text){ json_string_value(string), json_string_length(string) });
		if (fault != NULL)
			break;
	}
	return fault;
}

static const char *read_list(
	struct text text, const char *(*add)(void *list, struct text string), void *list)
{
	const char *fault = NULL;

	text = text_trim(text);
	while (fault == NULL && text.length > 0) {
		const char *comma = memchr(text.data, ',', text.length);
		size_t length = comma != NULL ? (size_t)(comma - text.data) : text.length;

		fault = add(list, text_trim((struct text){ text.data, length }));
		text = text_after(text, comma != NULL ? length + 1 : length);
	}
	return fault;
}

const char *strings_read(const struct raw_value *raw,
	const char *(*add)(void *list, struct text string), void *list)
{
	if (raw->json == NULL)
		return read_list(raw->text, add, list);
	return json_is_null(raw->json) ? NULL : read_array(raw->json, add, list);
}
