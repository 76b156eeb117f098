/*
 * One server a file, and only while the file is where it was: what is written to a removed file is not
 * acknowledged.
 */
#include "deadline.h"
#include "exchange.h"
#include "fixture.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTICED_MS 10000
#define GONE "removed or replaced"
#define BACK "can be written to again"

static struct user user;
static struct client client;
static struct exchange exchange;

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	snprintf(user.name, sizeof(user.name), "ann");
	ck_assert(harness_register(&h, user.name, user.token));
	ck_assert(client_open(&client, h.port));
	exchange = (struct exchange){ .client = &client, .user = &user };
}

static void teardown(void)
{
	client_close(&client);
	fixture_teardown();
}

static int create(const char *name)
{
	json_decref(exchange_json(&exchange, "POST", "tasks", json_pack("{s:s}", "name", name)));
	return exchange.status;
}

/* The names of all tasks, with a space after each. */
static const char *names(void)
{
	static char text[256];
	json_t *tasks = exchange_array(&exchange, "tasks", "tasks"), *task;
	size_t i, length = 0;

	ck_assert_ptr_nonnull(tasks);
	text[0] = '\0';
	json_array_foreach (tasks, i, task)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s ",
			json_string_value(json_object_get(task, "name")));
	json_decref(tasks);
	return text;
}

static unsigned said(const char *words)
{
	char *log = harness_log(&h);
	unsigned count = 0;

	for (const char *at = log; (at = strstr(at, words)) != NULL; at++)
		count++;
	free(log);
	return count;
}

static void wait_until_said(const char *words)
{
	long until = deadline_in(NOTICED_MS);

	while (said(words) == 0)
		ck_assert_msg(deadline_in(0) < until, "nobody said: %s", words);
}

static const char *path(const char *name)
{
	static char paths[4][160];
	static unsigned next;
	char *at = paths[next++ % 4];

	snprintf(at, sizeof(paths[0]), "%s/%s", h.folder, name);
	return at;
}

static int login(const char *name)
{
	struct reply reply;
	char body[128];

	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"" HARNESS_PASSWORD "\"}",
		name);
	ck_assert(client_call(&client, &reply, "POST", "/api/v1/accounts/login", NULL, NULL, body));
	int status = reply.status;
	reply_free(&reply);
	return status;
}

static void restart(void)
{
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
}

START_TEST(a_second_server_says_so)
{
	static const char *const ways[] = { "todo.sqlite", "link.sqlite", "./todo.sqlite" };
	struct harness other = { .out = -1 };

	ck_assert_int_eq(symlink("todo.sqlite", path("link.sqlite")), 0);
	for (size_t i = 0; i < CHECK_COUNT(ways); i++) {
		struct harness_result second =
			harness_run(&other, WORDS("--port", "0", "--db", path(ways[i])), NULL);
		ck_assert_int_eq(second.status, 1);
		ck_assert_ptr_nonnull(strstr(second.err, "another todo serves this file already"));
		ck_assert_str_eq(second.out, "");
		harness_result_free(&second);
	}
	harness_remove(&other);
	ck_assert_int_eq(create("on"), 201);
}
END_TEST

static void *start_other(void *other)
{
	char file[160];

	snprintf(file, sizeof(file), "%s/both.sqlite", h.folder);
	return harness_start(other, WORDS("--port", "0", "--db", file), NULL) ? other : NULL;
}

START_TEST(of_two_at_once_one_serves)
{
	for (int round = 0; round < 5; round++) {
		struct harness others[2] = { { .out = -1 }, { .out = -1 } };
		pthread_t threads[2];
		void *started[2];
		for (int i = 0; i < 2; i++)
			pthread_create(&threads[i], NULL, start_other, &others[i]);
		for (int i = 0; i < 2; i++)
			pthread_join(threads[i], &started[i]);
		ck_assert_msg((started[0] != NULL) != (started[1] != NULL),
			"round %d: %d of them serve", round,
			(started[0] != NULL) + (started[1] != NULL));
		for (int i = 0; i < 2; i++) {
			if (started[i] != NULL)
				ck_assert_int_eq(harness_stop(&others[i], SIGTERM), 0);
			harness_remove(&others[i]);
		}
		unlink(path("both.sqlite"));
	}
}
END_TEST

START_TEST(a_killed_server_holds_nothing)
{
	ck_assert_int_eq(create("kept"), 201);
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGKILL), 128 + SIGKILL);
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	ck_assert_str_eq(names(), "kept ");
}
END_TEST

START_TEST(a_file_that_is_away_takes_nothing)
{
	ck_assert_int_eq(create("before"), 201);
	ck_assert_int_eq(rename(path("todo.sqlite"), path("away.sqlite")), 0);
	ck_assert_int_eq(create("lost"), 503);
	ck_assert_int_eq(create("lost"), 503);
	ck_assert_str_eq(names(), "before ");
	wait_until_said(GONE);
	ck_assert_int_eq(rename(path("away.sqlite"), path("todo.sqlite")), 0);
	wait_until_said(BACK);
	ck_assert_int_eq(create("after"), 201);
	ck_assert_uint_eq(said(GONE), 1);
	ck_assert_uint_eq(said(BACK), 1);
	restart();
	ck_assert_str_eq(names(), "before after ");
}
END_TEST

START_TEST(it_is_noticed_without_any_request)
{
	ck_assert_int_eq(rename(path("todo.sqlite"), path("away.sqlite")), 0);
	wait_until_said(GONE);
	ck_assert_int_eq(rename(path("away.sqlite"), path("todo.sqlite")), 0);
	wait_until_said(BACK);
}
END_TEST

/* Another file under the name is not ours: nothing is written to it or to its log. */
START_TEST(another_file_is_left_alone)
{
	struct stat status;
	FILE *file;

	ck_assert_int_eq(create("before"), 201);
	ck_assert_int_eq(rename(path("todo.sqlite"), path("away.sqlite")), 0);
	ck_assert_int_eq(rename(path("todo.sqlite-wal"), path("away.sqlite-wal")), 0);
	for (int i = 0; i < 2; i++) {
		file = fopen(path(i ? "todo.sqlite" : "todo.sqlite-wal"), "w");
		ck_assert_ptr_nonnull(file);
		fputs("another one", file);
		fclose(file);
	}
	ck_assert_int_eq(create("lost"), 503);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(stat(path(i ? "todo.sqlite" : "todo.sqlite-wal"), &status), 0);
		ck_assert_int_eq(status.st_size, 11);
		unlink(path(i ? "todo.sqlite" : "todo.sqlite-wal"));
	}
	ck_assert_int_eq(rename(path("away.sqlite"), path("todo.sqlite")), 0);
	ck_assert_int_eq(rename(path("away.sqlite-wal"), path("todo.sqlite-wal")), 0);
	client_close(&client);
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	ck_assert_str_eq(names(), "before ");
}
END_TEST

/* Start it alone, let another account write, and leave a file without a log. */
static void make_other(const char *name)
{
	struct harness other = { .out = -1 };
	char token[HARNESS_TOKEN_SIZE];

	ck_assert(harness_start(&other, WORDS("--port", "0", "--db", name), NULL));
	ck_assert(harness_register(&other, "bob", token));
	ck_assert_int_eq(harness_stop(&other, SIGTERM), 0);
}

/* No server runs: the log is nowhere but there. */
static void check_set_aside(void)
{
	struct stat status;

	ck_assert_int_ne(stat(path("todo.sqlite-wal"), &status), 0);
	ck_assert_int_eq(stat(path("todo.sqlite-wal.orphan"), &status), 0);
	ck_assert_int_gt(status.st_size, 0);
}

/* The log of the file that was there is not applied to the one that has come into its place. */
START_TEST(a_file_that_replaces_it_is_served_as_it_is)
{
	enum { NOTICED, AT_ONCE, REFUSED_AND_KILLED } when = _i;
	int signal = when == REFUSED_AND_KILLED ? SIGKILL : SIGTERM;

	make_other(path("other.sqlite"));
	ck_assert_int_eq(create("before"), 201);
	ck_assert_int_eq(rename(path("other.sqlite"), path("todo.sqlite")), 0);
	if (when == NOTICED) {
		wait_until_said(GONE);
		wait_until_said(".orphan");
	}
	if (when != AT_ONCE)
		ck_assert_int_eq(create("lost"), 503);
	if (when == NOTICED)
		ck_assert_str_eq(names(), "before ");
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, signal), signal == SIGKILL ? 128 + SIGKILL : 0);
	check_set_aside();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	ck_assert_int_eq(login("bob"), 200);
	ck_assert_int_eq(login(user.name), 401);
}
END_TEST

START_TEST(the_log_of_a_removed_file_is_kept)
{
	ck_assert_int_eq(create("before"), 201);
	ck_assert_int_eq(unlink(path("todo.sqlite")), 0);
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	check_set_aside();
	ck_assert_uint_eq(said(".orphan"), 1);
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	ck_assert_int_eq(login(user.name), 401);
}
END_TEST

/* What was served goes back to its name while it is still served: nothing was lost on the way. */
START_TEST(a_replaced_file_that_comes_back_has_everything)
{
	make_other(path("other.sqlite"));
	ck_assert_int_eq(create("before"), 201);
	ck_assert_int_eq(rename(path("todo.sqlite"), path("away.sqlite")), 0);
	ck_assert_int_eq(rename(path("other.sqlite"), path("todo.sqlite")), 0);
	wait_until_said(".orphan");
	ck_assert_int_eq(rename(path("away.sqlite"), path("todo.sqlite")), 0);
	restart();
	ck_assert_str_eq(names(), "before ");
	ck_assert_int_eq(create("after"), 201);
}
END_TEST

/* Alone or with its index; after a change was refused, or at the end. */
START_TEST(a_log_without_a_name_goes_into_the_file)
{
	ck_assert_int_eq(create("a"), 201);
	ck_assert_int_eq(create("b"), 201);
	ck_assert_int_eq(unlink(path("todo.sqlite-wal")), 0);
	if (_i % 2 != 0)
		ck_assert_int_eq(unlink(path("todo.sqlite-shm")), 0);
	if (_i < 2)
		ck_assert_int_eq(create("lost"), 503);
	restart();
	ck_assert_str_eq(names(), "a b ");
	ck_assert_int_eq(create("c"), 201);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 120);
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, a_second_server_says_so);
	tcase_add_test(test_case, of_two_at_once_one_serves);
	tcase_add_test(test_case, a_killed_server_holds_nothing);
	tcase_add_test(test_case, a_file_that_is_away_takes_nothing);
	tcase_add_test(test_case, it_is_noticed_without_any_request);
	tcase_add_test(test_case, another_file_is_left_alone);
	tcase_add_loop_test(test_case, a_file_that_replaces_it_is_served_as_it_is, 0, 3);
	tcase_add_test(test_case, the_log_of_a_removed_file_is_kept);
	tcase_add_test(test_case, a_replaced_file_that_comes_back_has_everything);
	tcase_add_loop_test(test_case, a_log_without_a_name_goes_into_the_file, 0, 4);
}

int main(void)
{
	return check_main("file_lock", add);
}
