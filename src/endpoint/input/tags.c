/*
 * Lists of tags: short words, each of them once.
 */
#include "input/tags.h"

#include "base/buffer.h"
#include "base/json.h"

#include <string.h>

#define LABEL_MOST 64 /* code points */

static const char *label_fault(struct text label)
{
	if (label.length == 0)
		return "must not have an empty one";
	if (label.length > LABEL_MOST && text_code_points(label) > LABEL_MOST)
		return "must have ones of at most 64 characters";
	if (memchr(label.at, ',', label.length) != NULL || text_word(label) < label.length ||
		text_has_control(label, ""))
		return "must have ones without commas, white space or control characters";
	return NULL;
}

/* Labels that are there already, as JSON with commas between; each one once. */
struct labels {
	struct buffer json;
	size_t count;
	size_t most;
};

static bool has_label(const struct labels *labels, const struct buffer *label)
{
	const char *at = labels->json.data;
	size_t left = labels->json.length;

	while (left >= label->length && left > 0) {
		const char *found = memmem(at, left, label->data, label->length);
		if (found == NULL)
			return false;
		size_t before = (size_t)(found - labels->json.data);
		size_t behind = before + label->length;
		if ((before == 0 || found[-1] == ',') &&
			(behind == labels->json.length || labels->json.data[behind] == ','))
			return true;
		at = found + 1;
		left = labels->json.length - before - 1;
	}
	return false;
}

/* The first one too many ends the reading: so each is compared with a few others at most. */
static const char *add_label(struct labels *labels, struct text label)
{
	const char *fault = label_fault(label);
	struct buffer json = { 0 };

	if (fault != NULL)
		return fault;
	json_write_text(&json, label);
	if (!has_label(labels, &json)) {
		if (labels->count++ > 0)
			buffer_add_text(&labels->json, TEXT(","));
		buffer_add(&labels->json, json.data, json.length);
	}
	buffer_free(&json);
	return labels->count > labels->most ? "must have at most 32" : NULL;
}

static const char *add_array(struct labels *labels, const json_t *array)
{
	const char *fault = NULL;
	const json_t *label;
	size_t i;

	if (!json_is_array(array))
		return "must be an array of strings";
	json_array_foreach (array, i, label) {
		if (!json_is_string(label))
			return "must be an array of strings";
		fault = add_label(labels,
			(struct text){ json_string_value(label), json_string_length(label) });
		if (fault != NULL)
			break;
	}
	return fault;
}

/* "home, garden": white space around a comma does not count; nothing at all is none. */
static const char *add_list(struct labels *labels, struct text text)
{
	const char *fault = NULL;

	text = text_trim(text);
	while (fault == NULL && text.length > 0) {
		const char *comma = memchr(text.at, ',', text.length);
		size_t length = comma != NULL ? (size_t)(comma - text.at) : text.length;
		size_t past = comma != NULL ? length + 1 : length;
		fault = add_label(labels, text_trim((struct text){ text.at, length }));
		text.at += past;
		text.length -= past;
	}
	return fault;
}

/* Those of the times before. */
static void take_labels(struct labels *labels, struct text array)
{
	buffer_add(&labels->json, array.at + 1, array.length - 2);
	labels->count = 1;
	for (size_t i = 0; i < array.length; i++)
		labels->count += array.at[i] == ',';
}

static void keep_labels(struct labels *labels, struct value *value, struct kept **kept)
{
	size_t length = labels->json.length + 2;
	char *array = memory_keep(kept, length);

	array[0] = '[';
	if (labels->json.length > 0)
		memcpy(array + 1, labels->json.data, labels->json.length);
	array[length - 1] = ']';
	*value = (struct value){ VALUE_TEXT, .text = { array, length } };
}

const char *kind_labels(const struct input *input, const struct given *given, struct value *value,
	struct kept **kept)
{
	struct labels labels = { .most = input->most };
	const char *fault;
	size_t before;

	if (input->repeated && value->type == VALUE_TEXT)
		take_labels(&labels, value->text);
	before = labels.count;
	if (given->json == NULL)
		fault = input->repeated ? add_label(&labels, given->text)
					: add_list(&labels, given->text);
	else
		fault = json_is_null(given->json) ? NULL : add_array(&labels, given->json);
	/* One that was there before leaves the text as it is: a new one would be kept beside it. */
	if (fault == NULL && (before == 0 || labels.count > before))
		keep_labels(&labels, value, kept);
	buffer_free(&labels.json);
	return fault;
}
