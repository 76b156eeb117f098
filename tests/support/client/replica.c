/* Follows the feed of changes. */
#include "replica.h"

#include "check_main.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ID_SIZE 24
#define READ_AT_ONCE 1000 /* changes */

void replica_begin(struct replica *replica)
{
	*replica = (struct replica){ .tasks = json_object() };
}

void replica_end(struct replica *replica)
{
	json_decref(replica->tasks);
	*replica = (struct replica){ 0 };
}

static const char *id_of(const json_t *object, char id[ID_SIZE])
{
	snprintf(id, ID_SIZE, "%" PRId64, json_number(object, "id"));
	return id;
}

/* Revisions come in order, each of them once, and none is left out. */
static void apply(struct replica *replica, const json_t *changes)
{
	size_t index;
	json_t *change;
	char id[ID_SIZE];

	json_array_foreach (changes, index, change) {
		int64_t revision = json_number(change, "revision");
		CHECK_THAT(revision == replica->revision + 1, "%" PRId64 " comes behind %" PRId64,
			revision, replica->revision);
		replica->revision = revision;
		json_object_set(replica->tasks, id_of(change, id), json_object_get(change, "task"));
	}
}

void replica_follow(struct replica *replica, struct exchange *exchange, unsigned limit)
{
	char resource[80];
	bool more = true;

	while (more) {
		snprintf(resource, sizeof(resource), "changes?since=%" PRId64 "&limit=%u",
			replica->revision, limit);
		json_t *reply = exchange_json(exchange, "GET", resource, NULL);
		CHECK_THAT(exchange->status == 200, "%s: %d", resource, exchange->status);
		apply(replica, json_object_get(reply, "changes"));
		more = json_is_true(json_object_get(reply, "more"));
		CHECK_THAT(json_number(reply, "revision") == replica->revision,
			"%s ends at another revision than its changes", resource);
		json_decref(reply);
	}
}

void replica_expect(const struct replica *replica, const json_t *list)
{
	size_t there = 0, index;
	const char *key;
	json_t *task;
	char id[ID_SIZE];

	json_object_foreach (replica->tasks, key, task)
		there += !json_is_null(task);
	CHECK_THAT(there == json_array_size(list), "the feed knows %zu tasks of %zu", there,
		json_array_size(list));
	json_array_foreach (list, index, task)
		CHECK_THAT(json_equal(json_object_get(replica->tasks, id_of(task, id)), task),
			"the feed tells something else of task %s", id);
}

static char *dump_without_revision(const json_t *tasks)
{
	json_t *copy = json_deep_copy(tasks), *task;
	size_t index;
	char *text;

	json_array_foreach (copy, index, task)
		ck_assert_int_eq(json_object_del(task, "revision"), 0);
	text = json_dumps(copy, JSON_SORT_KEYS | JSON_COMPACT);
	json_decref(copy);
	return text;
}

char *replica_observe(
	struct replica *replica, struct exchange *exchange, json_t **list, json_t **trash)
{
	char *listed, *trashed, *text;

	json_decref(*list);
	json_decref(*trash);
	*list = exchange_array(exchange, "tasks", "tasks");
	*trash = exchange_array(exchange, "trash", "tasks");
	CHECK_THAT(*list && *trash, "a list was refused");
	replica_follow(replica, exchange, READ_AT_ONCE);
	replica_expect(replica, *list);
	listed = dump_without_revision(*list);
	trashed = dump_without_revision(*trash);
	ck_assert_int_ge(asprintf(&text, "%s\n%s", listed, trashed), 0);
	free(listed);
	free(trashed);
	return text;
}
