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
	*replica = (struct replica){ .tasks = json_object(), .lists = json_object() };
}

void replica_end(struct replica *replica)
{
	json_decref(replica->tasks);
	json_decref(replica->lists);
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
		json_t *task = json_object_get(change, "task"), *list = json_object_get(change, "list");
		CHECK_THAT((task == NULL) != (list == NULL), "a change is of one thing");
		if (task != NULL)
			json_object_set(replica->tasks, id_of(change, id), task);
		else
			json_object_set(replica->lists, id_of(change, id), list);
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

static bool is_same(const json_t *told, const json_t *read)
{
	json_t *one = json_copy((json_t *)told), *other = json_copy((json_t *)read);

	json_object_del(one, "open"); /* counted when it is shown */
	json_object_del(other, "open");
	bool same = json_equal(one, other);
	json_decref(one);
	json_decref(other);
	return same;
}

static void expect(const json_t *known, const json_t *rows)
{
	size_t there = 0, index;
	const char *key;
	json_t *row;
	char id[ID_SIZE];

	json_object_foreach ((json_t *)known, key, row)
		there += !json_is_null(row);
	CHECK_THAT(there == json_array_size(rows), "the feed knows %zu rows of %zu", there,
		json_array_size(rows));
	json_array_foreach (rows, index, row)
		CHECK_THAT(is_same(json_object_get(known, id_of(row, id)), row),
			"the feed tells something else of %s", id);
}

void replica_expect(const struct replica *replica, const struct observed *observed)
{
	expect(replica->tasks, observed->tasks);
	expect(replica->lists, observed->lists);
}

/* The rows without their revisions, as a line to be freed. */
static char *dump_without_revision(const json_t *rows)
{
	json_t *copy = json_deep_copy(rows), *row;
	size_t index;
	char *text;

	json_array_foreach (copy, index, row)
		ck_assert_int_eq(json_object_del(row, "revision"), 0);
	text = json_dumps(copy, JSON_SORT_KEYS | JSON_COMPACT);
	json_decref(copy);
	return text;
}

void observed_free(struct observed *observed)
{
	json_decref(observed->tasks);
	json_decref(observed->lists);
	json_decref(observed->trashed_tasks);
	json_decref(observed->trashed_lists);
	*observed = (struct observed){ 0 };
}

char *replica_observe(
	struct replica *replica, struct exchange *exchange, struct observed *observed)
{
	json_t **const rows[] = { &observed->tasks, &observed->trashed_tasks, &observed->lists,
		&observed->trashed_lists };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	observed_free(observed);
	observed->tasks = exchange_array(exchange, "tasks", "tasks");
	observed->lists = exchange_array(exchange, "lists?archived=true", "lists");
	observed->trashed_tasks = exchange_array(exchange, "trash", "tasks");
	observed->trashed_lists = exchange_array(exchange, "trash", "lists");
	replica_follow(replica, exchange, READ_AT_ONCE);
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		CHECK_THAT(*rows[i] != NULL, "a list was refused");
		char *line = dump_without_revision(*rows[i]);
		fprintf(out, "%s\n", line);
		free(line);
	}
	replica_expect(replica, observed);
	fclose(out);
	return text;
}
