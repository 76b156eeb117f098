/*
 * http/condition.h: each tag of a list is found in it, weak or not, and also behind many others;
 * how much white space and how many commas stand between them is no matter.
 */
#include "http/condition.h"

#include "base/buffer.h"
#include "support/fuzz.h"

#define MANY 100

static void check_padded(const char *header, bool well, bool any)
{
	struct condition again;
	struct buffer padded = { 0 };

	buffer_add_format(&padded, " \t%s\t ", header);
	buffer_add(&padded, "", 1);
	CHECK_THAT(condition_read(&again, padded.data) == well, "white space matters");
	CHECK_THAT(again.any == any, "white space makes any of it, or takes it away");
	buffer_free(&padded);
}

/* The tag as the only one of a list, strong or weak; and as the last of many. */
static void check_lists(struct text tag)
{
	static const struct text other = TEXT_INIT("an other");
	struct condition again;
	struct buffer list = { 0 };

	for (int others = 0; others <= MANY; others += MANY) {
		list.length = 0;
		for (int i = 0; i < others; i++)
			buffer_add_format(&list, "\"other-%d\", ", i);
		buffer_add_text(&list, others > 0 ? TEXT("W/\"") : TEXT("\""));
		buffer_add_text(&list, tag);
		buffer_add(&list, "\"", 2);
		CHECK_THAT(condition_read(&again, list.data), "not a list: %s", list.data);
		CHECK_THAT(condition_has_tag(&again, tag), "not found: %s", list.data);
		CHECK_THAT(!condition_has_tag(&again, other), "found what is not in it");
	}
	buffer_free(&list);
}

/* Each of the tags: quotes stand in pairs, and nothing else has any. */
static void check_tags(const struct condition *condition, const char *header)
{
	const char *end;

	for (const char *at = strchr(header, '"'); at != NULL; at = strchr(end + 1, '"')) {
		end = strchr(at + 1, '"');
		struct text tag = { at + 1, (size_t)(end - at - 1) };
		CHECK_THAT(condition_has_tag(condition, tag), "a tag is not in its list");
		check_lists(tag);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *header = strndup((const char *)data, size);
	struct condition condition;
	bool well = condition_read(&condition, header);

	CHECK_THAT(condition.given, "it was given");
	CHECK_THAT(!condition.any || well, "any, and no list");
	check_padded(header, well, condition.any);
	if (well && !condition.any)
		check_tags(&condition, header);
	free(header);
	return 0;
}
