/*
 * Tags: short words; in a list each of them is once.
 */
#include "types/tags.h"

#include "base/buffer.h"
#include "base/json.h"
#include "types/strings.h"

#include <string.h>

#define TAG_MOST 64 /* code points */

static const char *tag_fault(struct text tag)
{
	if (tag.length == 0)
		return "must not have an empty tag";
	if (tag.length > TAG_MOST && text_code_points(tag) > TAG_MOST)
		return "must have tags of at most 64 characters";
	if (memchr(tag.data, ',', tag.length) != NULL || text_word(tag) < tag.length ||
		text_has_control(tag, ""))
		return "must have tags without commas, white space or control characters";
	return NULL;
}

/* The tags so far, as JSON strings with commas between them. */
struct tags {
	struct buffer json;
	size_t count;
	size_t most;
};

static bool has_tag(const struct tags *tags, const struct buffer *tag)
{
	const char *at = tags->json.data;
	size_t left = tags->json.length;

	while (left >= tag->length && left > 0) {
		const char *found = memmem(at, left, tag->data, tag->length);
		if (found == NULL)
			return false;
		size_t before = (size_t)(found - tags->json.data);
		size_t behind = before + tag->length;
		if ((before == 0 || found[-1] == ',') &&
			(behind == tags->json.length || tags->json.data[behind] == ','))
			return true;
		at = found + 1;
		left = tags->json.length - before - 1;
	}
	return false;
}

/* One tag too many is a fault that ends the reading, so each is compared with few others. */
static const char *add_tag(void *list, struct text tag)
{
	struct tags *tags = list;
	const char *fault = tag_fault(tag);
	struct buffer json = { 0 };

	if (fault != NULL)
		return fault;
	json_write_text(&json, tag);
	if (!has_tag(tags, &json)) {
		if (tags->count++ > 0)
			buffer_add_text(&tags->json, TEXT(","));
		buffer_add(&tags->json, json.data, json.length);
	}
	buffer_free(&json);
	return tags->count > tags->most ? "must have at most 32 tags" : NULL;
}

/* The tags of earlier parameters of that name. */
static void begin_with(struct tags *tags, struct text array)
{
	buffer_add(&tags->json, array.data + 1, array.length - 2);
	tags->count = 1;
	for (size_t i = 0; i < array.length; i++)
		tags->count += array.data[i] == ',';
}

static void save_tags(struct tags *tags, struct value *value, struct arena **arena)
{
	size_t length = tags->json.length + 2;
	char *array = arena_alloc(arena, length);

	array[0] = '[';
	if (tags->json.length > 0)
		memcpy(array + 1, tags->json.data, tags->json.length);
	array[length - 1] = ']';
	*value = (struct value){ VALUE_TEXT, .text = { array, length } };
}

const char *tags_read(const struct input *input, const struct raw_value *raw, struct value *value,
	struct arena **arena)
{
	struct tags tags = { .most = input->max };
	const char *fault;
	size_t before;

	if (input->repeated && value->type == VALUE_TEXT)
		begin_with(&tags, value->text);
	before = tags.count;
	fault = input->repeated && raw->json == NULL ? add_tag(&tags, raw->text)
						     : strings_read(raw, add_tag, &tags);
	/* A tag that is there already leaves the value as it is: a copy would be kept beside it. */
	if (fault == NULL && (before == 0 || tags.count > before))
		save_tags(&tags, value, arena);
	buffer_free(&tags.json);
	return fault;
}

const char *tags_read_one(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	struct text tag = raw->text;

	(void)input;
	(void)arena;
	if (raw->json != NULL && !json_is_string(raw->json))
		return "must be a string";
	if (raw->json != NULL)
		tag = (struct text){ json_string_value(raw->json), json_string_length(raw->json) };
	if (tag_fault(tag) != NULL)
		return "must be a tag: 1 to 64 characters without commas, white space or control "
		       "characters";
	*value = (struct value){ VALUE_TEXT, .text = tag };
	return NULL;
}
