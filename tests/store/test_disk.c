/*
 * A disk that is full, or fails, under a server that runs: reading goes on, nothing is promised that
 * is not there, and all is well again by itself.
 *
 * The system calls fail by strace, so that SQLite's own files and the kernel's descriptors are real.
 */
#include "deadline.h"
#include "exchange.h"
#include "fixture.h"
#include "sound.h"
#include "tracer.h"

#include <signal.h>
#include <stdio.h>

#define TRACED "trace=pwrite64,fdatasync,fsync,openat,close"
#define TASKS_MOST 128
#define TRIED 8 /* changes around each failure */
#define DESCRIPTORS 256
#define LINES_MOST 8 /* of the log, about a disk that fails */
#define BACK "can be written to again"

static struct user user;
static struct client client;
static struct exchange exchange;
static struct tracer tracer;

static bool acknowledged[TASKS_MOST], refused[TASKS_MOST];
static int created; /* how many were tried */

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "ann"));
	ck_assert(client_open(&client, h.port));
	exchange = (struct exchange){ .client = &client, .user = &user };
}

static void teardown(void)
{
	client_close(&client);
	fixture_teardown();
}

/* ---- asking ---- */

/* The status of a new task's reply; a refusal is a problem document. */
static int create(void)
{
	struct reply reply;
	char body[32];

	ck_assert_int_lt(created, TASKS_MOST);
	snprintf(body, sizeof(body), "{\"name\":\"%d\"}", created);
	ck_assert(client_call(&client, &reply, "POST", user.tasks, NULL, user.token, body));
	int status = reply.status;
	if (status >= 400)
		ck_assert_str_eq(
			reply_find_header(&reply, "Content-Type"), "application/problem+json");
	reply_free(&reply);
	acknowledged[created] = status == 201;
	refused[created++] = status == 507; /* and nothing else is sure not to be there */
	return status;
}

static int status_for(const char *method, const char *path)
{
	struct reply reply;

	ck_assert(client_call(&client, &reply, method, path, NULL, user.token, NULL));
	int status = reply.status;
	reply_free(&reply);
	return status;
}

static int status_of(const char *path)
{
	return status_for("GET", path);
}

static int delete_nothing(void)
{
	char path[sizeof(user.tasks) + 8];

	snprintf(path, sizeof(path), "%s/999999", user.tasks);
	return status_for("DELETE", path);
}

static int said(const char *words)
{
	char *log = harness_log(&h);
	int count = 0;

	for (const char *at = log; (at = strstr(at, words)) != NULL; at++)
		count++;
	free(log);
	return count;
}

static void wait_until_ready(void)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);

	while (status_of("/readyz") != 200) {
		ck_assert_msg(deadline_in(0) < until, "it does not become ready");
		deadline_pause();
	}
}

/* After a kill: what was acknowledged is there, what was turned down is not, and nothing twice. */
static void check_kept(void)
{
	int listed[TASKS_MOST] = { 0 };
	json_t *tasks, *task;
	char why[256];
	size_t i;

	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGKILL), 128 + SIGKILL);
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	tasks = exchange_array(&exchange, "tasks", "tasks");
	ck_assert_ptr_nonnull(tasks);
	json_array_foreach (tasks, i, task)
		listed[atoi(json_string_value(json_object_get(task, "name")))]++;
	json_decref(tasks);
	for (int n = 0; n < created; n++)
		ck_assert_msg(listed[n] >= acknowledged[n] && listed[n] <= !refused[n],
			"task %d: acknowledged %d, refused %d, listed %d", n, acknowledged[n],
			refused[n], listed[n]);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	sqlite3 *db = sound_open(h.database);
	ck_assert_ptr_nonnull(db);
	ck_assert_msg(sound_check(db, why), "%s", why);
	sqlite3_close(db);
}

/* ---- what strace saw ---- */

static int trace_count(const char *words)
{
	FILE *trace = fopen(tracer.file, "r");
	char line[1024];
	int count = 0;

	ck_assert_ptr_nonnull(trace);
	while (fgets(line, sizeof(line), trace))
		count += strstr(line, words) != NULL;
	fclose(trace);
	return count;
}

/* The descriptor that a call is about; -1: another call, or its second half. */
static int descriptor(const char *line, const char *call)
{
	const char *at = strstr(line, call);

	return at != NULL ? atoi(at + strlen(call)) : -1;
}

/*
 * Where a sync has failed, the kernel may have dropped what it could not write: another sync of the
 * same descriptor would say that all is well. The log must be opened anew; the file itself may be
 * synced again once it was written again, out of the log. How many failed.
 */
static int trace_check_syncs(void)
{
	FILE *trace = fopen(tracer.file, "r");
	enum { WELL, FAILED, LOG_FAILED } state[DESCRIPTORS] = { 0 };
	int failures = 0, synced = -1, fd;
	bool is_log = false;
	char line[1024];

	ck_assert_ptr_nonnull(trace);
	while (fgets(line, sizeof(line), trace)) {
		if ((fd = descriptor(line, "sync(")) >= 0) {
			ck_assert_int_lt(fd, DESCRIPTORS);
			ck_assert_msg(state[fd] == WELL, "synced again: %s", line);
			synced = fd;
			is_log = strstr(line, "-wal>") != NULL;
		}
		if (strstr(line, "sync") && strstr(line, "= -1 E")) {
			state[synced] = is_log ? LOG_FAILED : FAILED;
			failures++;
		}
		if ((fd = descriptor(line, "close(")) >= 0)
			state[fd % DESCRIPTORS] = WELL;
		fd = descriptor(line, "pwrite64(");
		if (fd >= 0 && state[fd] == FAILED)
			state[fd] = WELL;
	}
	fclose(trace);
	return failures;
}

/* ---- the tests ---- */

START_TEST(a_full_disk_is_read_and_said_and_over)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);

	ck_assert_int_eq(create(), 201);
	ck_assert(tracer_start(&tracer, &h, WORDS(TRACED, "inject=pwrite64:error=ENOSPC")));
	for (int i = 0; i < TRIED; i++) {
		ck_assert_int_eq(create(), 507);
		ck_assert_int_eq(status_of(user.tasks), 200);
	}
	ck_assert_int_eq(delete_nothing(), 404); /* that writes nothing, and tells nothing */
	ck_assert_int_eq(status_of("/readyz"), 503);
	ck_assert_int_eq(status_of("/healthz"), 200);

	/* It asks by itself, and says nothing more. */
	int tries = trace_count("ENOSPC");
	while (trace_count("ENOSPC") < tries + 3) {
		ck_assert_msg(deadline_in(0) < until, "it does not try again");
		deadline_pause();
	}
	ck_assert_int_eq(said("The disk is full"), 1);
	ck_assert_int_eq(said(BACK), 0);
	ck_assert(tracer_stop(&tracer));

	wait_until_ready();
	while (said(BACK) == 0) {
		ck_assert_msg(deadline_in(0) < until, "that it is over is not said");
		deadline_pause();
	}
	ck_assert_int_eq(said("The disk is full"), 1);
	ck_assert_int_eq(said(BACK), 1);
	ck_assert_int_eq(create(), 201);
	check_kept();
}
END_TEST

struct failure {
	const char *inject;
	int status;	/* of a change that meets it */
	bool in_a_sync; /* and not in a write */
};

static const struct failure failures[] = {
	{ "inject=fdatasync:error=EIO:when=1", 500, true },
	{ "inject=fdatasync:error=EIO:when=2", 500, true },
	{ "inject=fdatasync:error=EIO:when=3", 500, true },
	{ "inject=fdatasync:error=EIO:when=5", 500, true },
	{ "inject=fdatasync:error=EIO:when=1..3", 500, true },
	{ "inject=fdatasync:error=EIO", 500, true },
	{ "inject=fdatasync:error=ENOSPC:when=2", 507, true },
	{ "inject=pwrite64:error=EIO:when=1", 500, false },
	{ "inject=pwrite64:error=EIO:when=2", 500, false },
	{ "inject=pwrite64:error=EIO:when=7", 500, false },
	{ "inject=pwrite64:error=EDQUOT:when=3", 507, false },
};

/*
 * Changes while it fails, and one when it does no more. Where but one call fails, that may be the
 * server's own: it makes a few changes of its own accord.
 */
static void fail_for_a_while(const struct failure *failure)
{
	int met = 0;

	ck_assert(tracer_start(&tracer, &h, WORDS(TRACED, failure->inject)));
	for (int i = 0; i < TRIED; i++) {
		int status = create();
		ck_assert_msg(status == 201 || status == failure->status, "%s: %d", failure->inject,
			status);
		met += status != 201;
		ck_assert_int_eq(status_of(user.tasks), 200);
	}
	ck_assert(tracer_stop(&tracer));
	ck_assert_msg(trace_count("(INJECTED)") > 0, "%s: no call failed", failure->inject);
	ck_assert_msg(met > 0 || strstr(failure->inject, "when=") != NULL, "nobody met it");
	if (failure->in_a_sync)
		ck_assert_msg(trace_check_syncs() > 0, "%s: no sync failed", failure->inject);
	wait_until_ready();
	ck_assert_int_eq(create(), 201);
}

START_TEST(a_failing_disk_is_met_once)
{
	fail_for_a_while(&failures[_i]);
	ck_assert_int_le(said("disk I/O error"), 1);
	ck_assert_int_le(said("todo: "), LINES_MOST);
	check_kept();
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, a_full_disk_is_read_and_said_and_over);
	tcase_add_loop_test(test_case, a_failing_disk_is_met_once, 0, CHECK_COUNT(failures));
}

int main(void)
{
	return check_main("disk", add);
}
