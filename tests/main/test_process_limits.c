/*
 * Limits of the process (ulimit): too little for a start is said in a line, and what is met while it
 * runs fails alone, and is over when there is room again.
 */
#include "one_user.h"
#include "refusal.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define ROOM_BYTES ((rlim_t)8 << 20) /* less than a password's hash takes */
#define FEW 8			     /* connections */
#define TRIED 300		     /* changes until a log is full */

/* A shell that sets a limit, and becomes the server. */
static void limit(const char *ulimit)
{
	const char *script = path("limited");
	FILE *file = fopen(script, "w");

	ck_assert_ptr_nonnull(file);
	fprintf(file, "#!/bin/sh\nulimit %s || exit 99\nexec %s \"$@\"\n", ulimit, TODO_BINARY);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(script, 0700), 0);
	ck_assert_int_eq(setenv("HARNESS_BINARY", script, 1), 0);
}

static void setup(void)
{
	one_user_setup();
	unsetenv("HARNESS_BINARY");
}

/* Of the server that runs. */
static void set_limit(int resource, rlim_t most)
{
	struct rlimit now;

	ck_assert_int_eq(prlimit(h.pid, (enum __rlimit_resource)resource, NULL, &now), 0);
	now.rlim_cur = most < now.rlim_max ? most : now.rlim_max;
	ck_assert_int_eq(prlimit(h.pid, (enum __rlimit_resource)resource, &now, NULL), 0);
}

static const char *const too_few[] = { "-n 8", "-n 30", "-n 63" };

START_TEST(too_few_files_are_said)
{
	limit(too_few[_i]);
	refusal_expect(WORDS("--port", "0", "--db", h.database), NULL, REFUSED_WORLD, "ulimit -n");
	ck_assert_int_eq(folder_count(), 1); /* the script */
}
END_TEST

/* With the fewest that it takes, some are served at once, and the others afterwards. */
START_TEST(the_fewest_files_are_enough)
{
	struct client clients[FEW];

	limit("-n 64");
	one_user_start(WORDS("--port", "0", "--db", h.database, "--max-per-address", "16"));
	for (int i = 0; i < FEW; i++)
		ck_assert(client_open(&clients[i], h.port));
	for (int i = 0; i < FEW; i++)
		ck_assert_int_eq(user_list_status(&clients[i], &user), 200);
	for (int i = 0; i < FEW; i++)
		client_close(&clients[i]);
	for (int i = 0; i < 3 * FEW; i++) {
		ck_assert(client_open(&clients[0], h.port));
		ck_assert_int_eq(user_list_status(&clients[0], &user), 200);
		client_close(&clients[0]);
	}
	ck_assert_int_eq(create("kept"), 201);
}
END_TEST

/* Of its address space, now. */
static rlim_t memory_of_server(void)
{
	char name[64];
	unsigned long long pages = 0;

	snprintf(name, sizeof(name), "/proc/%d/statm", (int)h.pid);
	FILE *file = fopen(name, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%llu", &pages), 1);
	fclose(file);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* The status of a registration's or a login's reply; 503 says when to come again. */
static int ask(const char *target, const char *name, const char *password)
{
	struct reply reply;
	char body[128];

	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}", name, password);
	ck_assert(client_call(&client, &reply, "POST", target, NULL, NULL, body));
	int status = reply.status;
	if (status == 503)
		ck_assert_ptr_nonnull(reply_find_header(&reply, "Retry-After"));
	reply_free(&reply);
	return status;
}

#define REGISTER "/api/v1/accounts"
#define LOGIN "/api/v1/accounts/login"

/* Who asks then is told so, and no right password is called wrong. */
START_TEST(without_memory_for_a_hash_the_others_go_on)
{
	one_user_start(NULL);
	ck_assert_int_eq(ask(LOGIN, user.name, HARNESS_PASSWORD), 200);
	set_limit(RLIMIT_AS, memory_of_server() + ROOM_BYTES);
	for (int i = 0; i < 12; i++) {
		ck_assert_int_eq(ask(REGISTER, "bob", HARNESS_PASSWORD), 503);
		ck_assert_int_eq(ask(LOGIN, user.name, HARNESS_PASSWORD), 503);
		ck_assert_int_eq(ask(LOGIN, user.name, "a wrong password"), 503);
		ck_assert_int_eq(ask(LOGIN, "nobody", "any password"), 503);
		ck_assert_int_eq(create("kept"), 201);
	}
	wait_until_said("no memory to hash a password");
	set_limit(RLIMIT_AS, RLIM_INFINITY);
	ck_assert_int_eq(ask(LOGIN, user.name, HARNESS_PASSWORD), 200);
	ck_assert_int_eq(ask(LOGIN, user.name, "a wrong password"), 401);
	ck_assert_int_eq(ask(LOGIN, "nobody", "any password"), 401);
	ck_assert_int_eq(ask(REGISTER, "bob", HARNESS_PASSWORD), 201);
}
END_TEST

/* As a full disk: it is read from, no change is taken, and it is over by itself. */
START_TEST(a_file_that_may_not_grow_is_a_full_disk)
{
	long until = deadline_in(ONE_USER_WAIT_MS);
	struct stat log;
	int made = 1, status = 201;

	one_user_start(NULL);
	ck_assert_int_eq(create("kept"), 201);
	ck_assert_int_eq(stat(path("todo.sqlite-wal"), &log), 0);
	set_limit(RLIMIT_FSIZE, (rlim_t)log.st_size);
	for (int i = 0; i < TRIED && status == 201; i++)
		made += (status = create("kept")) == 201;
	ck_assert_int_eq(status, 507);
	ck_assert_int_eq(status_of(user.tasks), 200);
	set_limit(RLIMIT_FSIZE, RLIM_INFINITY);
	for (; status_of("/readyz") != 200; deadline_pause())
		ck_assert_msg(deadline_in(0) < until, "it does not become ready");
	ck_assert_int_eq(create("kept"), 201);
	one_user_restart(SIGKILL, NULL);
	ck_assert_int_eq(count_tasks(), made + 1);
}
END_TEST

/* No file for the log, or none for the tables. */
static const char *const too_short[] = { "-f 8", "-f 50", "-f 100" };

START_TEST(a_file_that_may_not_be_made_is_said)
{
	limit(too_short[_i]);
	refusal_expect(
		WORDS("--port", "0", "--db", h.database), NULL, REFUSED_WORLD, "File too large");
	ck_assert_int_eq(folder_count(), 1);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, one_user_teardown);
	tcase_add_loop_test(test_case, too_few_files_are_said, 0, CHECK_COUNT(too_few));
	tcase_add_test(test_case, the_fewest_files_are_enough);
	tcase_add_test(test_case, without_memory_for_a_hash_the_others_go_on);
	tcase_add_test(test_case, a_file_that_may_not_grow_is_a_full_disk);
	tcase_add_loop_test(
		test_case, a_file_that_may_not_be_made_is_said, 0, CHECK_COUNT(too_short));
}

int main(void)
{
	return check_main("process_limits", add);
}
