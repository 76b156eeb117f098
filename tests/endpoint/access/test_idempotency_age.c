/*
 * Replies are saved for a day: then a request with the same Idempotency-Key is a new one, and the
 * saved reply is deleted.
 */
#include "check_main.h"
#include "past.h"

#include <stdio.h>

#define MANY 700 /* more than two steps */

static struct past past;
static struct user ann;

static void setup(void)
{
	past_make(&past);
	ck_assert(user_make(&past.h, &ann, "ann"));
}

static void teardown(void)
{
	past_remove(&past);
}

/* Creates a task with this Idempotency-Key: its id, maybe one that was made before. */
static int64_t post_with_key(const char *key)
{
	char header[64];
	struct reply reply;
	json_t *posted;
	int64_t id;

	snprintf(header, sizeof(header), "Idempotency-Key: %s\r\n", key);
	ck_assert(client_call(
		&past.client, &reply, "POST", ann.tasks, header, ann.token, "{\"name\":\"once\"}"));
	ck_assert_msg(reply.status == 201, "%d %s", reply.status, reply.body);
	posted = json_loads(reply.body, 0, NULL);
	id = json_integer_value(json_object_get(json_object_get(posted, "task"), "id"));
	json_decref(posted);
	reply_free(&reply);
	return id;
}

/* Whether or not it has been deleted by now. */
START_TEST(old_answer_is_not_given)
{
	int64_t old = post_with_key("old"), young = post_with_key("young");

	ck_assert_int_eq(post_with_key("old"), old);
	past_set(&past,
		"UPDATE answers SET time = " AGO("24 hours','-1 minute") " WHERE key = 'old'");
	past_set(&past,
		"UPDATE answers SET time = " AGO("24 hours','+5 minutes") " WHERE key = 'young'");
	ck_assert_int_gt(post_with_key("old"), young);
	ck_assert_int_eq(post_with_key("young"), young);
}
END_TEST

START_TEST(old_answers_go)
{
	int64_t young = post_with_key("young");

	past_stop(&past);
	past_set(&past, "UPDATE answers SET time = " AGO("24 hours','+5 minutes"));
	past_set(&past,
		"WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		" INSERT INTO answers (account_id, key, request, time, status, body)"
		" SELECT account_id, 'old ' || i, request, " AGO("25 hours") ", status, body"
									     " FROM answers, n",
		MANY);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM answers"), MANY + 1);
	past_start(&past);
	past_await(&past, 1, "SELECT count(*) FROM answers");
	ck_assert_int_eq(post_with_key("young"), young);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, old_answer_is_not_given);
	tcase_add_test(test_case, old_answers_go);
}

int main(void)
{
	return check_main("idempotency_age", add);
}
