/*
 * Many writers of one task at once. A writer with If-Match is refused if the task has changed. A
 * writer without it changes only the members that it names.
 */
#include "exchange.h"
#include "fixture.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>

#define WRITERS 30
#define TRIES_MOST                                                                                 \
	(WRITERS * 20) /* a try fails only if that of another writer succeeded */
#define TAG_SIZE 24
#define ROUNDS 10 /* of writers that do not retry */

struct writer {
	pthread_t thread;
	struct client client;
	int number;
	unsigned refused; /* how often it was told that the task has changed */
	char why[120];	  /* what went wrong; "" when nothing did */
};

static struct user ann;
static struct client client;
static struct exchange ask = { .client = &client, .user = &ann };
static struct writer writers[WRITERS];
static char task_resource[48];

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(client_open(&client, h.port));
	snprintf(task_resource, sizeof(task_resource), "tasks/%" PRId64,
		user_post(&client, &ann, "contended"));
}

static void teardown(void)
{
	client_close(&client);
	fixture_teardown();
}

/* The task in the reply to a GET, to be freed. */
static json_t *fetch_task(struct exchange *exchange)
{
	json_t *reply = exchange_json(exchange, "GET", task_resource, NULL);
	json_t *task = json_incref(json_object_get(reply, "task"));

	json_decref(reply);
	return task;
}

static void tag_name(int number, char tag[TAG_SIZE])
{
	snprintf(tag, TAG_SIZE, "writer-%d", number);
}

/* One try: reads the tags, and writes them with one more if they are still the same. */
static int add_tag(struct exchange *exchange, int number)
{
	json_t *task = fetch_task(exchange), *tags = json_incref(json_object_get(task, "tags"));
	char tag[TAG_SIZE];

	tag_name(number, tag);
	json_array_append_new(tags, json_string(tag));
	snprintf(exchange->if_match, sizeof(exchange->if_match), "\"r%" PRId64 "\"",
		json_number(task, "revision"));
	json_decref(task);
	json_decref(
		exchange_json(exchange, "PATCH", task_resource, json_pack("{s:o}", "tags", tags)));
	return exchange->status;
}

static void *tag_until_done(void *arg)
{
	struct writer *writer = arg;
	struct exchange exchange = { .client = &writer->client, .user = &ann };
	int status = 412;

	for (unsigned n = 0; status == 412 && n < TRIES_MOST; n++) {
		status = add_tag(&exchange, writer->number);
		writer->refused += status == 412;
	}
	if (status != 200)
		snprintf(writer->why, sizeof(writer->why), "it ended with %d", status);
	return NULL;
}

/* Of four kinds, each of which writes a member of its own, again and again, and adds nothing. */
static json_t *own_member(int number, int round)
{
	switch (number % 4) {
	case 0:
		return json_pack("{s:o}", "name", json_sprintf("name %d", round));
	case 1:
		return json_pack("{s:o}", "note", json_sprintf("note %d", round));
	case 2:
		return json_pack("{s:i}", "priority", round % 3 + 1);
	default:
		return json_pack("{s:f}", "position", round + 0.5);
	}
}

static void *write_own_member(void *arg)
{
	struct writer *writer = arg;
	struct exchange exchange = { .client = &writer->client, .user = &ann };

	for (int round = 1; round <= ROUNDS; round++) {
		const char *method = (writer->number + round) % 2 ? "PATCH" : "PUT";
		json_decref(exchange_json(
			&exchange, method, task_resource, own_member(writer->number, round)));
		if (exchange.status != 200)
			snprintf(writer->why, sizeof(writer->why), "%s: %d", method,
				exchange.status);
	}
	return NULL;
}

/* All of them at once, until each has ended. */
static void run_writers(void *(*run)(void *))
{
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ .number = i };
		ck_assert(client_open(&writers[i].client, h.port));
	}
	for (int i = 0; i < WRITERS; i++)
		ck_assert_int_eq(pthread_create(&writers[i].thread, NULL, run, &writers[i]), 0);
	for (int i = 0; i < WRITERS; i++) {
		ck_assert_int_eq(pthread_join(writers[i].thread, NULL), 0);
		client_close(&writers[i].client);
	}
	for (int i = 0; i < WRITERS; i++)
		ck_assert_msg(!*writers[i].why, "writer %d: %s", i, writers[i].why);
}

static bool has_tag(const json_t *tags, const char *tag)
{
	size_t index;
	json_t *each;

	json_array_foreach (tags, index, each)
		if (strcmp(json_string_value(each), tag) == 0)
			return true;
	return false;
}

/* Some of them must be refused, else there was no race. */
START_TEST(condition_loses_no_tag)
{
	unsigned refused = 0;
	char tag[TAG_SIZE];

	run_writers(tag_until_done);
	json_t *task = fetch_task(&ask), *tags = json_object_get(task, "tags");
	ck_assert_uint_eq(json_array_size(tags), WRITERS);
	for (int i = 0; i < WRITERS; i++) {
		tag_name(i, tag);
		ck_assert_msg(has_tag(tags, tag), "%s is lost", tag);
		refused += writers[i].refused;
	}
	ck_assert_uint_gt(refused, 0);
	json_decref(task);
}
END_TEST

/* The member of each writer has its last value; a member that none names has the first one. */
START_TEST(members_are_apart)
{
	json_decref(exchange_json(&ask, "PATCH", task_resource,
		json_pack("{s:s, s:[s,s], s:b}", "due_date", "2027-01-02", "tags", "home", "garden",
			"completed", 1)));
	ck_assert_int_eq(ask.status, 200);
	json_t *before = fetch_task(&ask);
	run_writers(write_own_member);
	json_t *after = fetch_task(&ask);
	for (int number = 0; number < 4; number++)
		json_object_update_new(before, own_member(number, ROUNDS));
	json_object_set(before, "modified_date", json_object_get(after, "modified_date"));
	ck_assert_int_gt(json_number(after, "revision"), json_number(before, "revision"));
	json_object_set(before, "revision", json_object_get(after, "revision"));
	ck_assert(json_equal(before, after));
	json_decref(before);
	json_decref(after);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, condition_loses_no_tag);
	tcase_add_test(test_case, members_are_apart);
}

int main(void)
{
	return check_main("race", add);
}
