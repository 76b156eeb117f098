/* The end: a signal lets what is in flight finish, and the next start finds everything. */
#include "fixture.h"
#include "user.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const int signals[] = { SIGTERM, SIGINT };

/* A client that keeps its connection open holds nobody up, and the log is folded into the file. */
START_TEST(signal_ends_cleanly)
{
	struct user user;
	struct client client;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "alice"));
	ck_assert(client_open(&client, h.port));
	ck_assert_int_gt(user_post(&client, &user, "Sleep"), 0);
	ck_assert_int_eq(harness_stop(&h, signals[_i]), 0);
	ck_assert_int_eq(access(h.database, F_OK), 0);
	ck_assert_int_eq(folder_count(), 1);
	ck_assert(client_drain(&client));
	client_close(&client);
}
END_TEST

/* The mask of a thread's blocked signals, as proc(5) writes it. */
static unsigned long long blocked_signals(const char *thread)
{
	char path[96], line[128];
	unsigned long long mask = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%.20s/status", (int)h.pid, thread);
	FILE *status = fopen(path, "r");
	ck_assert_ptr_nonnull(status);
	while (fgets(line, sizeof(line), status))
		if (sscanf(line, "SigBlk: %llx", &mask) == 1)
			break;
	fclose(status);
	return mask;
}

/* A signal is the first thread's, whose loop it wakes; no other thread is disturbed by it. */
START_TEST(signals_reach_the_loop_alone)
{
	const unsigned long long stopping = 1ULL << (SIGTERM - 1) | 1ULL << (SIGINT - 1);
	char folder[64];
	struct dirent *entry;
	int threads = 0;

	ck_assert(harness_start(&h, NULL, NULL));
	snprintf(folder, sizeof(folder), "/proc/%d/task", (int)h.pid);
	DIR *tasks = opendir(folder);
	ck_assert_ptr_nonnull(tasks);
	while ((entry = readdir(tasks)) != NULL) {
		if (*entry->d_name == '.')
			continue;
		bool first = atoi(entry->d_name) == h.pid;
		ck_assert_uint_eq(blocked_signals(entry->d_name) & stopping, first ? 0 : stopping);
		threads++;
	}
	closedir(tasks);
	ck_assert_int_gt(threads, 3);
}
END_TEST

/* The user's list as it was sent, to be freed with reply_free(). */
static struct reply list_fetch(const struct user *user)
{
	struct client client;
	struct reply reply;

	ck_assert(client_open(&client, h.port));
	ck_assert(client_call(&client, &reply, "GET", user->tasks, NULL, user->token, NULL));
	ck_assert_int_eq(reply.status, 200);
	client_close(&client);
	return reply;
}

static int login_status(const char *username, const char *password)
{
	struct client client;
	struct reply reply;
	char body[256];
	int status;

	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}", username,
		password);
	ck_assert(client_open(&client, h.port));
	ck_assert(client_call(&client, &reply, "POST", "/api/v1/accounts/login", NULL, NULL, body));
	status = reply.status;
	reply_free(&reply);
	client_close(&client);
	return status;
}

START_TEST(restart_keeps_everything)
{
	struct user user;
	struct client client;
	struct reply before, after;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "alice"));
	ck_assert(client_open(&client, h.port));
	ck_assert(user_post(&client, &user, "Sleep") < user_post(&client, &user, "Wake"));
	client_close(&client);
	before = list_fetch(&user);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert(harness_start(&h, NULL, NULL));
	after = list_fetch(&user); /* with the token of the first run */
	ck_assert_ptr_nonnull(strstr(before.body, "Wake"));
	ck_assert_str_eq(before.body, after.body);
	ck_assert_int_eq(login_status("alice", HARNESS_PASSWORD), 200);
	ck_assert_int_eq(login_status("alice", "not " HARNESS_PASSWORD), 401);
	reply_free(&before);
	reply_free(&after);
}
END_TEST

#define REGISTRATIONS 4 /* hashing them takes long enough for a signal to fall into it */

static void registration_send(struct client *client, int number)
{
	char body[256];

	snprintf(body, sizeof(body),
		"{\"username\":\"user%d\",\"password\":\"" HARNESS_PASSWORD "\"}", number);
	ck_assert(user_send(client, NULL, "POST", "/api/v1/accounts", body));
}

/* A reply on another connection, so that whatever was sent before it has been taken up. */
static void server_has_read(void)
{
	struct client client;
	struct reply reply;

	ck_assert(client_open(&client, h.port));
	ck_assert(client_call(&client, &reply, "GET", "/api/v1", NULL, NULL, NULL));
	ck_assert_int_eq(reply.status, 200);
	reply_free(&reply);
	client_close(&client);
}

START_TEST(requests_in_flight_are_finished)
{
	struct client clients[REGISTRATIONS];

	ck_assert(harness_start(&h, NULL, NULL));
	for (int i = 0; i < REGISTRATIONS; i++) {
		ck_assert(client_open(&clients[i], h.port));
		registration_send(&clients[i], i);
	}
	server_has_read();
	ck_assert_int_eq(kill(h.pid, SIGTERM), 0);
	for (int i = 0; i < REGISTRATIONS; i++) {
		ck_assert_int_eq(user_read_status(&clients[i], "POST"), 201);
		client_close(&clients[i]);
	}
	ck_assert_int_eq(harness_stop(&h, 0), 0);
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert_int_eq(login_status("user3", HARNESS_PASSWORD), 200);
}
END_TEST

/* A client that never ends its request cannot keep the server from ending. */
START_TEST(request_without_end_is_given_up)
{
	static const char half[] = "POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\n"
				   "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
	struct client client;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	ck_assert(client_send(&client, half, sizeof(half) - 1));
	server_has_read();
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert_int_eq(folder_count(), 1);
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, signal_ends_cleanly, 0, CHECK_COUNT(signals));
	tcase_add_test(test_case, signals_reach_the_loop_alone);
	tcase_add_test(test_case, restart_keeps_everything);
	tcase_add_test(test_case, requests_in_flight_are_finished);
	tcase_add_test(test_case, request_without_end_is_given_up);
}

int main(void)
{
	return check_main("stop", add);
}
