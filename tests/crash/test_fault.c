/*
 * A disk on which operation k fails, for each k and in each way: the server starts or says why not;
 * what it answers is HTTP, and a 2xx only where the change is durable; it goes on with what it can,
 * and ends when it is told to. Afterwards all that was acknowledged is there, and nothing is half
 * there.
 *
 * Without CRASH_FAULTS one k in a few is tried, in one of the ways; with it each of them in all ways.
 * CRASH_AT and CRASH_KIND name one alone, as a failure has told it.
 */
#include "deadline.h"
#include "fixture.h"
#include "setting.h"
#include "sound.h"
#include "storage.h"
#include "trial/record.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TASKS 12
#define FEW 5
#define AGAIN_MS 8000 /* until a disk that failed once must be of use again */

/* What may be asked of the database in the end. */
struct promise {
	char sql[160]; /* gives 1 where it is as the reply said */
};

static struct promise promises[64];
static unsigned promised;

static struct client client;
static char token[HARNESS_TOKEN_SIZE];
static unsigned long at;
static enum trial_fault kind;
static bool refused; /* something, for want of room */

#define SAY "operation %lu, fault %d: "

/* ---- asking ---- */

static void check_refusal(const struct reply *reply, const char *what)
{
	bool full = kind == TRIAL_FULL || kind == TRIAL_FULL_ONCE;

	CHECK_THAT(reply->status == 500 || reply->status == 503 || reply->status == 507,
		SAY "%s: %d", at, kind, what, reply->status);
	CHECK_THAT(!full || reply->status == 507 || reply->status == 500,
		SAY "%s: %d where the disk is full", at, kind, what, reply->status);
	CHECK_THAT(strstr(reply->head, "application/problem+json") != NULL, SAY "%s: no problem",
		at, kind, what);
}

/* The status of a request that is answered in any case. */
static int ask(const char *method, const char *path, const char *body, const char *what)
{
	struct reply reply;
	bool whole = client_call(&client, &reply, method, path, NULL, *token ? token : NULL, body);

	CHECK_THAT(whole && reply.complete, SAY "%s: no reply", at, kind, what);
	int status = reply.status;
	if (status >= 500)
		check_refusal(&reply, what);
	refused |= status == 507;
	const char *got = strstr(reply.body, "\"token\":\"");
	if (status == 201 && got != NULL && !*token)
		snprintf(token, sizeof(token), "%.*s", (int)strcspn(got + 9, "\""), got + 9);
	reply_free(&reply);
	return status;
}

/* A change; where it is acknowledged, what sql asks must be so in the end. */
static bool change(const char *method, const char *path, const char *body, const char *sql)
{
	int status = ask(method, path, body, path);

	if (status >= 500)
		return false;
	CHECK_THAT(status == 200 || status == 201, SAY "%s %s: %d", at, kind, method, path, status);
	ck_assert_uint_lt(promised, CHECK_COUNT(promises));
	snprintf(promises[promised++].sql, sizeof(promises[0].sql), "%s", sql);
	return true;
}

#define ACCOUNT "/api/v1/accounts/ann"
#define HAS(name) "SELECT count(*) = 1 FROM tasks WHERE name = '" name "' AND deleted_date = ''"

static void create(unsigned number)
{
	char body[64], sql[160];

	snprintf(body, sizeof(body), "{\"name\":\"task %u\",\"tags\":[\"a\",\"b\"]}", number);
	snprintf(sql, sizeof(sql),
		"SELECT count(*) = 1 FROM tasks WHERE name = 'task %u' AND deleted_date = ''",
		number);
	change("POST", ACCOUNT "/tasks", body, sql);
}

/* Each change is of something that no other one is of. */
static void scenario(void)
{
	if (!change("POST", "/api/v1/accounts",
		    "{\"username\":\"ann\",\"password\":\"" HARNESS_PASSWORD "\"}",
		    "SELECT count(*) = 1 FROM accounts WHERE username = 'ann'"))
		return;
	if (change("POST", ACCOUNT "/tasks", "{\"name\":\"to be done\"}",
		    "SELECT count(*) = 1 FROM tasks WHERE id = 1 AND deleted_date = ''")) {
		if (change("POST", ACCOUNT "/tasks", "{\"name\":\"to be deleted\"}",
			    "SELECT count(*) = 1 FROM tasks WHERE id = 2"))
			change("DELETE", ACCOUNT "/tasks/2", NULL,
				"SELECT count(*) = 1 FROM tasks WHERE id = 2 AND deleted_date > "
				"''");
		if (change("PATCH", ACCOUNT "/tasks/1", "{\"name\":\"done\",\"completed\":true}",
			    HAS("done")))
			change("PATCH", ACCOUNT "/tasks/1", "{\"note\":\"noted\"}",
				"SELECT note = 'noted' FROM tasks WHERE id = 1");
	}
	for (unsigned i = 0; i < TASKS; i++)
		create(i);
	change("POST", ACCOUNT "/tasks/batch",
		"{\"items\":[{\"op\":\"create\",\"task\":{\"name\":\"one\"}},"
		"{\"op\":\"create\",\"task\":{\"name\":\"two\"}}]}",
		"SELECT count(*) = 2 FROM tasks WHERE name IN ('one', 'two')");
	CHECK_THAT(ask("GET", ACCOUNT "/tasks", NULL, "list") == 200, SAY "nothing can be read", at,
		kind);
}

/* A disk that failed once is of use again, soon, and by itself. */
static void recover(void)
{
	long until = deadline_in(AGAIN_MS);
	int status = 500;

	if (!*token || kind % 2 == 0)
		return;
	while (status >= 500 && deadline_in(0) < until)
		status = ask("POST", ACCOUNT "/tasks", "{\"name\":\"again\"}", "again");
	CHECK_THAT(status == 201, SAY "it is of no use any more: %d", at, kind, status);
	CHECK_THAT(ask("GET", ACCOUNT "/tasks", NULL, "list") == 200, SAY "nothing can be read", at,
		kind);
}

/* ---- the end ---- */

static bool is_so(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	bool so = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
		  sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 0) == 1;

	sqlite3_finalize(stmt);
	return so;
}

/* A batch is there or not; what was promised is. */
static void check_file(void)
{
	char why[256] = "cannot be opened";
	sqlite3 *db = sound_open(h.database);

	CHECK_THAT(db != NULL && sound_check(db, why), SAY "%s", at, kind, why);
	CHECK_THAT(is_so(db, "SELECT count(*) IN (0, 2) FROM tasks WHERE name IN ('one', 'two')"),
		SAY "half a batch", at, kind);
	for (unsigned i = 0; i < promised; i++)
		CHECK_THAT(is_so(db, promises[i].sql), SAY "acknowledged, and not there: %s", at,
			kind, promises[i].sql);
	sqlite3_close(db);
}

static unsigned lines(const char *text)
{
	unsigned count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* A disk that stays full is said once, however much is asked of it. */
static void check_said(void)
{
	char *said = harness_log(&h);
	const char *first = strstr(said, "The disk is full");

	CHECK_THAT(first == NULL || strstr(first + 1, "The disk is full") == NULL,
		SAY "it said: %s", at, kind, said);
	CHECK_THAT(
		kind != TRIAL_FULL || !refused || first != NULL, SAY "it said nothing", at, kind);
	free(said);
}

/* It may not start at all: then it says why, in a line, and the next start is as if nothing was. */
static void check_refused_start(void)
{
	char *said = harness_log(&h);

	CHECK_THAT(h.refused == EXIT_FAILURE, SAY "it did not start, and ended with %d", at, kind,
		h.refused);
	CHECK_THAT(lines(said) == 1, SAY "it did not start, and said: %s", at, kind, said);
	free(said);
}

/* Starts on the disk as it is; false where it does not. */
static bool start(const char *const *environment)
{
	const char *const arguments[] = { "--port", "0", "--log", "off", "--db", h.database, NULL };

	setenv("HARNESS_BINARY", TODO_ON_TRIAL, 1);
	bool started = harness_start(&h, arguments, environment);
	unsetenv("HARNESS_BINARY");
	return started;
}

static void stop(void)
{
	int status = harness_stop(&h, SIGTERM);

	CHECK_THAT(status == 0, SAY "it ended with %d", at, kind, status);
}

static void try(unsigned long operation, enum trial_fault fault)
{
	char variable[64];
	const char *const environment[] = { variable, NULL };

	at = operation;
	kind = fault;
	promised = 0;
	refused = false;
	*token = '\0';
	ck_assert(harness_folder(&h));
	snprintf(variable, sizeof(variable), TRIAL_FAULT "=%lu %d", at, kind);
	if (start(environment)) {
		ck_assert(client_open(&client, h.port));
		scenario();
		recover();
		client_close(&client);
		stop();
		check_said();
	} else {
		check_refused_start();
	}
	CHECK_THAT(start(NULL), SAY "the next start fails", at, kind);
	stop();
	check_file();
	harness_remove(&h);
	h = (struct harness){ .out = -1 };
}

/* How many operations all of it is, where nothing fails. */
static unsigned long operations(void)
{
	char variable[160], file[128];
	const char *const environment[] = { variable, NULL };
	uint64_t count = 0;

	snprintf(file, sizeof(file), "%s/clock", h.folder);
	storage_write(file, (const char *)&count, sizeof(count));
	snprintf(variable, sizeof(variable), TRIAL_CLOCK "=%s", file);
	ck_assert(start(environment));
	ck_assert(client_open(&client, h.port));
	scenario();
	client_close(&client);
	stop();
	check_file();
	ck_assert_uint_eq(promised, TASKS + 7);
	FILE *clock = fopen(file, "rb");
	ck_assert_uint_eq(fread(&count, sizeof(count), 1, clock), 1);
	fclose(clock);
	harness_remove(&h);
	h = (struct harness){ .out = -1 };
	return count;
}

START_TEST(each_operation_may_fail)
{
	if (setting("CRASH_AT", 0) > 0) {
		try(setting("CRASH_AT", 0), (enum trial_fault)setting("CRASH_KIND", 1));
		return;
	}

	unsigned long all = setting("CRASH_FAULTS", 0), count = operations(), tried = 0;

	for (unsigned long k = 1; k <= count; k += all ? 1 : FEW)
		for (int fault = TRIAL_FULL_ONCE; fault < TRIAL_FAULTS; fault++)
			if (all || (unsigned long)fault == 1 + k % (TRIAL_FAULTS - 1)) {
				try(k, (enum trial_fault)fault);
				tried++;
			}
	printf("%lu operations, %lu faults\n", count, tried);
	ck_assert_uint_gt(count, 50);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 1800);
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, each_operation_may_fail);
}

int main(void)
{
	return check_main("fault", add);
}
