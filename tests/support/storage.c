/* A store in a temporary file. */
#include "storage.h"

#include "check_main.h"
#include "loop.h"

#include <event2/thread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define THINGS "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE, value ANY) STRICT"

static const struct slot slots[] = { ANY_SLOT("a"), ANY_SLOT("b"), ANY_SLOT("c"), ANY_SLOT("d"),
	ANY_SLOT("e"), ANY_SLOT("f"), { 0 } };

void storage_make(struct storage *storage)
{
	sqlite3 *other;

	memset(storage, 0, sizeof(*storage));
	ck_assert(harness_folder(&storage->place));
	ck_assert_int_eq(evthread_use_pthreads(), 0);
	storage->base = event_base_new();
	ck_assert_ptr_nonnull(storage->base);
	storage->loop = pthread_self();
	storage_open(storage);
	storage_close(storage);
	other = storage_other(storage);
	storage_run(other, THINGS);
	sqlite3_close(other);
}

void storage_remove(struct storage *storage)
{
	if (storage->store != NULL)
		storage_close(storage);
	event_base_free(storage->base);
	harness_remove(&storage->place);
}

void storage_open(struct storage *storage)
{
	char *why = NULL;

	storage->store = store_open(storage->place.database, storage->base, &why);
	ck_assert_msg(storage->store != NULL, "not opened: %s", why);
}

void storage_close(struct storage *storage)
{
	store_close(storage->store);
	storage->store = NULL;
}

const struct statement *storage_prepare(struct storage *storage, const char *sql)
{
	return store_prepare(storage->store, sql, slots);
}

const struct statement *storage_prepare_step(
	struct storage *storage, const char *sql, const struct job_step_kind *step)
{
	return store_prepare_step(storage->store, sql, slots, step);
}

/* struct ask's first member is its job, and struct job's its work. */
static void ask_done(struct work *work)
{
	struct ask *ask = (struct ask *)(void *)work;

	CHECK_THAT(pthread_equal(pthread_self(), ask->storage->loop), "done() outside the loop");
	CHECK_THAT(!ask->ended, "done() again after the end");
	ask->times++;
	ask->ended = ask->job.result != STORE_PARTIAL;
	ask->storage->ended += ask->ended;
	buffer_add(&ask->out, ask->job.out.data, ask->job.out.length);
	ask->job.out.length = 0;
	if (ask->then != NULL)
		ask->then(ask);
	else if (!ask->ended)
		store_continue(ask->storage->store, &ask->job, false);
}

void storage_ask(struct storage *storage, struct ask *ask)
{
	ask->storage = storage;
	ask->times = 0;
	ask->ended = false;
	ask->out.length = 0;
	ask->job.work.done = ask_done;
	ask->job.statements = ask->statement;
	ask->job.values = ask->value;
	ask->job.count = 0;
	while (ask->statement[ask->job.count] != NULL)
		ask->job.count++;
	storage->asked++;
	store_exec(storage->store, &ask->job);
}

void storage_ask_one(struct storage *storage, struct ask *ask, const struct statement *statement)
{
	ask->statement[0] = statement;
	ask->statement[1] = NULL;
	storage_ask(storage, ask);
}

void storage_wait(struct storage *storage)
{
	while (storage->ended < storage->asked) /* an answer may ask more */
		ck_assert_msg(loop_until(storage->base, &storage->ended, storage->asked),
			"%u of %u jobs have ended", storage->ended, storage->asked);
}

void storage_expect(struct storage *storage, struct ask *ask, const struct statement *statement,
	const char *rows)
{
	storage_ask_one(storage, ask, statement);
	storage_wait(storage);
	ck_assert_int_eq(ask->job.result, STORE_DONE);
	ck_assert_str_eq(ask_rows(ask), rows);
}

const char *ask_rows(struct ask *ask)
{
	*buffer_reserve(&ask->out, 1) = '\0';
	return ask->out.data;
}

void ask_free(struct ask *ask)
{
	buffer_free(&ask->out);
	buffer_free(&ask->job.out);
	arena_free(&ask->job.arena);
}

void storage_fill(struct storage *storage)
{
	sqlite3 *other = storage_other(storage);

	storage_run(other,
		"WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n"
		" WHERE i < 20000)"
		" INSERT INTO things (name, value) SELECT printf('%0100d', i), i FROM n");
	ck_assert_int_eq(storage_number(other, "SELECT count(*) FROM things"), STORAGE_ROWS);
	sqlite3_close(other);
}

void storage_write(const char *file, const char *bytes, size_t length)
{
	FILE *to = fopen(file, "wb");

	ck_assert_ptr_nonnull(to);
	ck_assert_uint_eq(fwrite(bytes, 1, length, to), length);
	ck_assert_int_eq(fclose(to), 0);
}

void storage_database(const char *file, const char *sql, bool leave_log)
{
	int status;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		sqlite3 *other;
		int code = sqlite3_open(file, &other);
		if (code == SQLITE_OK)
			code = sqlite3_exec(other, sql, NULL, NULL, NULL);
		if (!leave_log)
			sqlite3_close(other);
		_exit(code == SQLITE_OK ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

void storage_expect_abort(struct storage *storage,
	void (*run)(struct storage *storage, const void *with), const void *with, const char *word)
{
	char line[1024];
	int ends[2], status;

	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		signal(SIGABRT, SIG_DFL);
		dup2(ends[1], STDERR_FILENO);
		run(storage, with);
		_exit(0);
	}
	close(ends[1]);
	ssize_t length = read(ends[0], line, sizeof(line) - 1);
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGABRT);
	line[length > 0 ? length : 0] = '\0';
	ck_assert_msg(strstr(line, word) != NULL, "'%s' is not in: %s", word, line);
}

sqlite3 *storage_other(const struct storage *storage)
{
	sqlite3 *other;
	int code = sqlite3_open_v2(storage->place.database, &other, SQLITE_OPEN_READWRITE, NULL);

	ck_assert_int_eq(code, SQLITE_OK);
	sqlite3_busy_timeout(other, 10000);
	return other;
}

void storage_run(sqlite3 *other, const char *sql)
{
	int code = sqlite3_exec(other, sql, NULL, NULL, NULL);

	ck_assert_msg(code == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(other));
}

int64_t storage_number(sqlite3 *other, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t number;

	ck_assert_int_eq(sqlite3_prepare_v2(other, sql, -1, &stmt, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

void storage_names(sqlite3 *other, const char *names)
{
	sqlite3_stmt *stmt;

	sqlite3_prepare_v2(other,
		"SELECT ifnull(group_concat(name, ' '), '') FROM (SELECT name FROM things ORDER BY "
		"name)",
		-1, &stmt, NULL);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	ck_assert_pstr_eq((const char *)sqlite3_column_text(stmt, 0), names);
	sqlite3_finalize(stmt);
}
