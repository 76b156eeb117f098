/*
 * What was acknowledged stays: through a kill at the worst moment, and (by the order of the
 * server's system calls) through a loss of power.
 */
#include "deadline.h"
#include "fixture.h"
#include "user.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 25
#define CLIENTS 8 /* so that the kill falls among commits */

/* What each round and client was told, and what the list says afterwards. */
static bool acknowledged[ROUNDS][CLIENTS];
static int listed[ROUNDS][CLIENTS];

/* Every client creates a task; the server is killed as soon as the first has its 201. */
static void round_run(const struct user *user, int round)
{
	struct client clients[CLIENTS];
	char name[64];

	for (int i = 0; i < CLIENTS; i++)
		ck_assert(client_open(&clients[i], h.port));
	for (int i = 0; i < CLIENTS; i++) {
		snprintf(name, sizeof(name), "round %d client %d", round, i);
		ck_assert(user_send_task(&clients[i], user, name));
	}
	acknowledged[round][0] = user_read_status(&clients[0], "POST") == 201;
	ck_assert(acknowledged[round][0]);
	ck_assert_int_eq(harness_stop(&h, SIGKILL), 128 + SIGKILL);
	for (int i = 1; i < CLIENTS; i++)
		acknowledged[round][i] = user_read_status(&clients[i], "POST") == 201;
	for (int i = 0; i < CLIENTS; i++)
		client_close(&clients[i]);
}

static void listed_count(const struct user *user)
{
	struct client client;
	json_t *tasks, *task;
	size_t index;

	ck_assert(client_open(&client, h.port));
	tasks = user_list(&client, user);
	ck_assert_ptr_nonnull(tasks);
	json_array_foreach (tasks, index, task) {
		const char *name = json_string_value(json_object_get(task, "name"));
		int round, i;

		ck_assert_int_eq(sscanf(name, "round %d client %d", &round, &i), 2);
		ck_assert(round >= 0 && round < ROUNDS && i >= 0 && i < CLIENTS);
		listed[round][i]++;
	}
	json_decref(tasks);
	client_close(&client);
}

START_TEST(kill_loses_nothing_acknowledged)
{
	struct user user;

	for (int round = 0; round < ROUNDS; round++) {
		ck_assert(harness_start(&h, NULL, NULL));
		if (round == 0)
			ck_assert(user_make(&h, &user, "alice"));
		round_run(&user, round);
	}
	ck_assert(harness_start(&h, NULL, NULL));
	listed_count(&user);
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < CLIENTS; i++)
			ck_assert_msg(
				listed[round][i] >= acknowledged[round][i] && listed[round][i] <= 1,
				"round %d client %d: acknowledged %d times, listed %d times", round,
				i, acknowledged[round][i], listed[round][i]);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}
END_TEST

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
	tcase_add_test(test_case, kill_loses_nothing_acknowledged);
	tcase_add_test(test_case, reply_comes_after_the_sync);
}

int main(void)
{
	return check_main("durable", add);
}
