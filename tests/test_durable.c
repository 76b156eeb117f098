/*
 * No reply before its change is on the disk, by the order of the server's system calls.
 */
#include "deadline.h"
#include "fixture.h"
#include "user.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Whether strace holds every thread of the server. */
static bool server_is_traced(void)
{
	char command[128];

	snprintf(command, sizeof(command),
		"! grep -q '^TracerPid:[[:space:]]*0$' /proc/%d/task/*/status", (int)h.pid);
	return system(command) == 0;
}

/* strace on the running server, with its findings in the file; its pid. */
static pid_t trace_start(const char *path)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	long until = deadline_in(HARNESS_DEADLINE_MS);
	char server[16];
	pid_t pid;

	snprintf(server, sizeof(server), "%d", (int)h.pid);
	pid = fork();
	if (pid == 0) {
		execlp("strace", "strace", "-f", "-q", "-o", path, "-e",
			"trace=pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg", "-p", server,
			NULL);
		_exit(127);
	}
	while (!server_is_traced()) {
		ck_assert_msg(deadline_in(0) < until && waitpid(pid, NULL, WNOHANG) == 0,
			"strace cannot attach to the server");
		nanosleep(&pause, NULL);
	}
	return pid;
}

static void trace_stop(pid_t pid)
{
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

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
	char path[128], task[128];
	pid_t trace;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "alice"));
	ck_assert(client_open(&client, h.port));
	snprintf(task, sizeof(task), "%s/%lld", user.tasks,
		(long long)user_post(&client, &user, "Sleep"));
	snprintf(path, sizeof(path), "%s/trace", h.folder);
	trace = trace_start(path);
	change(&client, &user, "POST", user.tasks, "{\"name\":\"Wake\"}");
	change(&client, &user, "PUT", task, "{\"completed\":true}");
	change(&client, &user, "DELETE", task, NULL);
	change(&client, &user, "POST", "/api/v1/accounts",
		"{\"username\":\"bob\",\"password\":\"" HARNESS_PASSWORD "\"}");
	change(&client, &user, "DELETE", "/api/v1/accounts/alice", NULL);
	trace_stop(trace);
	ck_assert_int_eq(trace_check(path), 5);
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
