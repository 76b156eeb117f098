/*
 * http/condition.h: tags that are read, written by us, are read as the same ones; and how much
 * white space and how many commas stand between them is no matter.
 */
#include "../../src/http/condition.h"

#include "base/buffer.h"
#include "fuzz.h"

static bool is_same(const struct condition *a, const struct condition *b)
{
	if (a->any != b->any || a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (a->revision[i] != b->revision[i] || a->weak[i] != b->weak[i])
			return false;
	return true;
}

static void check_padded(const char *header, bool well, const struct condition *condition)
{
	struct condition again;
	struct buffer padded = { 0 };

	buffer_add_format(&padded, " \t%s\t ", header);
	buffer_add(&padded, "", 1);
	CHECK_THAT(condition_read(&again, padded.data) == well, "white space matters");
	CHECK_THAT(!well || is_same(condition, &again), "white space changes the tags");
	buffer_free(&padded);
}

/* Each of the tags by itself, and all of them as a list. */
static void check_tags(const struct condition *condition)
{
	struct condition again, weakly;
	struct buffer list = { 0 };
	char tag[ETAG_SIZE], weak[ETAG_SIZE + 2] = "W/";

	for (unsigned i = 0; i < condition->count; i++) {
		int64_t revision = condition->revision[i];

		CHECK_THAT(revision >= 0, "a revision below 0");
		condition_tag(revision, tag);
		CHECK_THAT(condition_read(&again, tag) && again.count == 1 &&
				   again.revision[0] == revision && !again.weak[0],
			"%s is read as another", tag);
		CHECK_THAT(condition_matches(condition, revision, true), "%s does not match", tag);
		strcpy(weak + 2, tag);
		CHECK_THAT(condition_read(&weakly, weak) && weakly.weak[0], "not weak: %s", weak);
		CHECK_THAT(!condition_matches(&weakly, revision, false), "weak, and it matches");
		CHECK_THAT(!condition_matches(&again, revision ^ 1, true), "another matches");
		buffer_add_format(&list, ",%s%s,\t ", condition->weak[i] ? "W/" : "", tag);
	}
	buffer_add(&list, "", 1);
	CHECK_THAT(condition->count == 0 ||
			   (condition_read(&again, list.data) && is_same(condition, &again)),
		"not the same: %s", list.data);
	buffer_free(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *header = strndup((const char *)data, size);
	struct condition condition;
	bool well = condition_read(&condition, header);

	CHECK_THAT(condition.given && condition.count <= CONDITION_TAGS, "its count");
	CHECK_THAT(!condition.any || (well && condition.count == 0), "any, and more");
	check_padded(header, well, &condition);
	if (well)
		check_tags(&condition);
	free(header);
	return 0;
}
