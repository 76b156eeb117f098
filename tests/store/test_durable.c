/*
 * No reply before its change is on the disk, by the order of the server's system calls.
 */
#include "fixture.h"
#include "tracer.h"
#include "user.h"

#include <signal.h>
#include <stdio.h>

/* Every 2xx must come after a sync that comes after the last write. How many there were. */
static int trace_check(const char *path)
{
	FILE *trace = fopen(path, "r");
	char line[1024];
	bool written = false, synced = false;
	int replies = 0;

	ck_assert_ptr_nonnull(trace);
	while (fgets(line, sizeof(line), trace)) {
		if (strstr(line, "pwrite64(")) {
			written = true;
			synced = false;
		} else if (strstr(line, "sync") && strstr(line, "= 0")) {
			synced = true;
		} else if (strstr(line, "HTTP/1.1 2")) {
			ck_assert_msg(written && synced, "too early: %s", line);
			written = false;
			replies++;
		}
	}
	fclose(trace);
	return replies;
}

/* One change of each kind: the reply must be a 2xx. */
static void change(struct client *client, const struct user *user, const char *method,
	const char *path, const char *body)
{
	struct reply reply;

	ck_assert(client_call(client, &reply, method, path, NULL, user->token, body));
	ck_assert_int_eq(reply.status / 100, 2);
	reply_free(&reply);
}

START_TEST(reply_comes_after_the_sync)
{
	struct user user;
	struct client client;
	struct tracer tracer;
	char task[128];

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "alice"));
	ck_assert(client_open(&client, h.port));
	snprintf(task, sizeof(task), "%s/%lld", user.tasks,
		(long long)user_post(&client, &user, "Sleep"));
	ck_assert(tracer_start(
		&tracer, &h, WORDS("trace=pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg")));
	change(&client, &user, "POST", user.tasks, "{\"name\":\"Wake\"}");
	change(&client, &user, "PUT", task, "{\"completed\":true}");
	change(&client, &user, "DELETE", task, NULL);
	change(&client, &user, "POST", "/api/v1/accounts",
		"{\"username\":\"bob\",\"password\":\"" HARNESS_PASSWORD "\"}");
	change(&client, &user, "DELETE", "/api/v1/accounts/alice", NULL);
	ck_assert(tracer_stop(&tracer));
	ck_assert_int_eq(trace_check(tracer.file), 5);
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, reply_comes_after_the_sync);
}

int main(void)
{
	return check_main("durable", add);
}
