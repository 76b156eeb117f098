/*
 * The search index is updated after the tasks, in steps. A search does not show that, however many
 * tasks were saved a moment ago.
 */
#include "check_main.h"
#include "past.h"

#include <stdio.h>
#include <string.h>

#define HALF 1000 /* of the tasks; four steps in all */
#define ROUNDS 400
#define SEARCHES 4 /* beside each change */

static struct past past;
static struct user ann;

static void setup(void)
{
	past_make(&past);
	ck_assert(user_make(&past.h, &ann, "ann"));
	past_fill(&past, &ann, "first", HALF);
	past_fill(&past, &ann, "second", HALF);
}

static void teardown(void)
{
	past_remove(&past);
}

/* The one task that the words find, by its id. */
static void expect_found(const char *words, int64_t id)
{
	char under[64];
	json_t *reply, *tasks;

	snprintf(under, sizeof(under), "/tasks?q=%s", words);
	reply = past_ask(&past, &ann, "GET", under, NULL, 200);
	tasks = json_object_get(reply, "tasks");
	ck_assert_uint_eq(json_array_size(tasks), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(tasks, 0), "id")), id);
	json_decref(reply);
}

static void expect_count(const char *words, size_t count)
{
	char under[64];

	snprintf(under, sizeof(under), "/tasks?q=%s", words);
	ck_assert_uint_eq(past_count(&past, &ann, under, "tasks"), count);
}

START_TEST(last_task_is_found_at_once)
{
	expect_found("second+1000", 2 * HALF);
	expect_count("first", HALF);
	expect_count("second", HALF);
}
END_TEST

START_TEST(changes_are_found_at_once)
{
	expect_count("first", HALF);
	past_expect(&past, &ann, "PATCH", "/tasks/1", "{\"name\":\"renamed\"}", 200);
	past_trash(&past, &ann, 2, HALF);
	past_expect(&past, &ann, "POST", "/tasks/2/restore", NULL, 200);
	expect_found("renamed", 1);
	expect_found("first", 2);
	past_expect(&past, &ann, "POST", "/undo", NULL, 200);
	expect_count("first", 0);
	past_expect(&past, &ann, "POST", "/undo", NULL, 200);
	expect_count("first", HALF - 1);
}
END_TEST

/* Tasks of others do not come into it, nor does it matter who searches first. */
START_TEST(accounts_are_apart)
{
	struct user bob;

	ck_assert(user_make(&past.h, &bob, "bob"));
	past_fill(&past, &bob, "first", 1);
	ck_assert_uint_eq(past_count(&past, &bob, "/tasks?q=first", "tasks"), 1);
	expect_count("first", HALF);
	expect_count("first+1000", 1);
}
END_TEST

/* The search for "alpha", and its tag as text, both to be freed; "" where there is none. */
static void search(struct client *client, struct reply *reply, char tag[64])
{
	const char *header;

	ck_assert(client_call(
		client, reply, "GET", "/api/v1/accounts/ann/tasks?q=alpha", NULL, ann.token, NULL));
	ck_assert_int_eq(reply->status, 200);
	header = reply_find_header(reply, "ETag");
	snprintf(tag, 64, "%s", header != NULL ? header : "");
}

/* Rename the first task, and do not wait for the reply. */
static void send_rename(int number)
{
	char body[64], request[512];
	int length = snprintf(
		body, sizeof(body), "{\"name\":\"%s %d\"}", number % 2 ? "alpha" : "beta", number);
	int size = snprintf(request, sizeof(request),
		"PATCH /api/v1/accounts/ann/tasks/1 HTTP/1.1\r\nHost: localhost\r\n"
		"Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
		"Content-Length: %d\r\n\r\n%s",
		ann.token, length, body);

	ck_assert(client_send(&past.client, request, (size_t)size));
}

/*
 * A task is renamed while others search. What they see is of some revision; where it has that one's
 * tag, it is what everybody sees at that revision.
 */
START_TEST(one_tag_is_of_one_content)
{
	struct client client;
	struct reply renamed, seen[SEARCHES], last;
	char tags[SEARCHES][64], tag[64];

	ck_assert(client_open(&client, past.h.port));
	for (int round = 0; round < ROUNDS; round++) {
		send_rename(round);
		for (int i = 0; i < SEARCHES; i++)
			search(&client, &seen[i], tags[i]);
		ck_assert(client_read(&past.client, "PATCH", &renamed));
		ck_assert_int_eq(renamed.status, 200);
		search(&client, &last, tag);
		ck_assert_str_ne(tag, "");
		for (int i = 0; i < SEARCHES; i++) {
			if (strcmp(tags[i], tag) == 0)
				ck_assert_str_eq(seen[i].body, last.body);
			reply_free(&seen[i]);
		}
		reply_free(&renamed);
		reply_free(&last);
	}
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, last_task_is_found_at_once);
	tcase_add_test(test_case, changes_are_found_at_once);
	tcase_add_test(test_case, accounts_are_apart);
	tcase_add_test(test_case, one_tag_is_of_one_content);
}

int main(void)
{
	return check_main("search_lag", add);
}
