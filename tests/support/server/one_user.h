/* The one server of a test, with one account and one connection to it. */
#ifndef TESTS_ONE_USER_H
#define TESTS_ONE_USER_H

#include "deadline.h"
#include "exchange.h"
#include "fixture.h"
#include "scrape.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ONE_USER_PATHS 8
#define ONE_USER_WAIT_MS 60000

static struct user user;
static struct client client;
static struct exchange exchange;

static inline void one_user_connect(void)
{
	ck_assert(client_open(&client, h.port));
	exchange = (struct exchange){ .client = &client, .user = &user };
}

/* Start the server (see harness_start()) and make the account. */
static inline void one_user_start(const char *const *arguments)
{
	ck_assert(harness_start(&h, arguments, NULL));
	ck_assert(user_make(&h, &user, "ann"));
	one_user_connect();
}

/* End the server by that signal, and start it again. */
static inline void one_user_restart(int signal, const char *const *arguments)
{
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, signal), signal == SIGKILL ? 128 + SIGKILL : 0);
	ck_assert(harness_start(&h, arguments, NULL));
	one_user_connect();
}

static inline void one_user_setup(void)
{
	fixture_setup();
	client = (struct client){ .fd = -1 };
}

static inline void one_user_teardown(void)
{
	client_close(&client);
	fixture_teardown();
}

/* A file of the server's folder; the last few names are kept. */
static inline const char *path(const char *name)
{
	static char paths[ONE_USER_PATHS][160];
	static unsigned next;
	char *at = paths[next++ % ONE_USER_PATHS];

	snprintf(at, sizeof(paths[0]), "%s/%s", h.folder, name);
	return at;
}

/* The status of a new task's reply. */
static inline int create(const char *name)
{
	json_decref(exchange_json(&exchange, "POST", "tasks", json_pack("{s:s}", "name", name)));
	return exchange.status;
}

static inline int status_of(const char *target)
{
	struct reply reply;

	ck_assert(client_call(&client, &reply, "GET", target, NULL, user.token, NULL));
	int status = reply.status;
	reply_free(&reply);
	return status;
}

/* How many tasks the server has; -1 where it does not say. */
static inline int count_tasks(void)
{
	json_t *tasks = exchange_array(&exchange, "tasks", "tasks");
	int count = tasks != NULL ? (int)json_array_size(tasks) : -1;

	json_decref(tasks);
	return count;
}

static inline bool is_said(const char *words)
{
	char *log = harness_log(&h);
	bool said = strstr(log, words) != NULL;

	free(log);
	return said;
}

static inline void wait_until_said(const char *words)
{
	long until = deadline_in(ONE_USER_WAIT_MS);

	for (; !is_said(words); deadline_pause()) {
		if (deadline_in(0) < until)
			continue;
		char *log = harness_log(&h);
		fputs(log, stderr); /* Check takes no long message */
		free(log);
		ck_abort_msg("the log does not say: %s", words);
	}
}

/* A shell's command line on the server's folder, which it is run in. */
static inline void shell(const char *command)
{
	char line[512];

	snprintf(line, sizeof(line), "cd %s && %s", h.folder, command);
	ck_assert_msg(system(line) == 0, "failed: %s", line);
}

#endif
