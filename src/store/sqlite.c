/*
 * Bind, step, rows as JSON: everything that is asked of SQLite while the server runs. Any store
 * thread, on a connection of its own.
 */
#include "sqlite.h"

#include "base/log.h"
#include "store/rows.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define CODES 61      /* kinds of faults that are told apart in the log */
#define SAID_AGAIN 60 /* seconds */

static const char *const commands[COMMANDS] = {
	[COMMAND_READ] = "BEGIN",
	[COMMAND_WRITE] = "BEGIN IMMEDIATE",
	[COMMAND_COMMIT] = "COMMIT",
	[COMMAND_ROLLBACK] = "ROLLBACK",
	[COMMAND_SAVE] = "SAVEPOINT job",
	[COMMAND_SAVE_UNDO] = "ROLLBACK TO job",
	[COMMAND_SAVE_END] = "RELEASE job",
};

static sqlite3_stmt *prepared(struct sqlite *sqlite, sqlite3_stmt **stmt, const char *sql)
{
	if (*stmt == NULL)
		sqlite3_prepare_v3(sqlite->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	return *stmt;
}

int sqlite_command(struct sqlite *sqlite, enum sqlite_command command)
{
	sqlite3_stmt *stmt = prepared(sqlite, &sqlite->command[command], commands[command]);

	if (stmt == NULL)
		return sqlite3_errcode(sqlite->db);
	errno = 0;
	sqlite3_step(stmt);
	return sqlite3_reset(stmt);
}

int sqlite_run(struct sqlite *sqlite, const char *sql)
{
	return sqlite3_exec(sqlite->db, sql, NULL, NULL, NULL);
}

int64_t sqlite_integer(struct sqlite *sqlite, const char *sql, int64_t fallback)
{
	sqlite3_stmt *stmt;
	int64_t number = fallback;

	if (sqlite3_prepare_v2(sqlite->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return fallback;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

/* "UNIQUE constraint failed: accounts.email" names what is taken. */
static void note_taken(struct sqlite *sqlite, struct job *job)
{
	const char *message = sqlite3_errmsg(sqlite->db);
	const char *dot = strrchr(message, '.');

	snprintf(job->taken, sizeof(job->taken), "%s", dot != NULL ? dot + 1 : message);
}

/*
 * SQLite calls it an I/O error where room is missed elsewhere than in a plain write, and does not
 * keep the reason of a COMMIT's: the last system call that failed has left it. EFBIG: the process may
 * not write longer files (RLIMIT_FSIZE), or the file system cannot have them.
 */
static bool is_no_room(void)
{
	return errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
}

/* Each kind once a minute: a disk that fails is asked by every request. */
static void log_fault(struct sqlite *sqlite, int code)
{
	static atomic_int_least64_t said[CODES];
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t before = atomic_load(&said[code % CODES]);
	if (before != 0 && now.tv_sec - before < SAID_AGAIN)
		return;
	atomic_store(&said[code % CODES], now.tv_sec);
	log_error("database: %s (%d)", sqlite3_errmsg(sqlite->db), code);
}

/* Without room, too, a sync may have dropped what it could not write. */
static enum store_result disk_fault(struct sqlite *sqlite, int code)
{
	bool no_room = is_no_room();

	sqlite->torn = true;
	if (!no_room)
		log_fault(sqlite, code);
	return no_room ? STORE_FULL : STORE_FAILED;
}

/* What is in the file cannot be trusted any more: somebody has to look at it. */
static enum store_result damage_met(struct sqlite *sqlite, int code)
{
	log_fault(sqlite, code);
	if (sqlite->damaged != NULL && !atomic_exchange(sqlite->damaged, true))
		log_error("The database is damaged: nothing more is saved before a restart.");
	return STORE_GONE;
}

enum store_result sqlite_result(struct sqlite *sqlite, int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
		return STORE_DONE;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_BUSY;
	case SQLITE_FULL:
		return STORE_FULL;
	case SQLITE_INTERRUPT: /* by a progress handler of ours */
		return STORE_STOPPED;
	case SQLITE_IOERR:
		return disk_fault(sqlite, code);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return damage_met(sqlite, code);
	default:
		log_fault(sqlite, code);
		return STORE_FAILED;
	}
}

void sqlite_bind(sqlite3_stmt *stmt, int parameter, const struct value *value)
{
	switch (value->type) {
	case VALUE_NULL:
		sqlite3_bind_null(stmt, parameter);
		break;
	case VALUE_INTEGER:
		sqlite3_bind_int64(stmt, parameter, value->integer);
		break;
	case VALUE_REAL:
		sqlite3_bind_double(stmt, parameter, value->real);
		break;
	case VALUE_TEXT:
		sqlite3_bind_text(stmt, parameter, value->text.at != NULL ? value->text.at : "",
			(int)value->text.length, SQLITE_STATIC);
		break;
	case VALUE_BLOB:
		sqlite3_bind_blob(
			stmt, parameter, value->text.at, (int)value->text.length, SQLITE_STATIC);
		break;
	}
}

/* Every row goes out. False where full() ended it. */
static bool step_rows(struct sqlite *sqlite, struct job *job, sqlite3_stmt *stmt,
	const struct statement *statement, int *code)
{
	while ((*code = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (job->write != NULL)
			sqlite_row_hand(job, stmt, statement);
		else
			sqlite_row_write(job, stmt, statement);
		job->written = true;
		if (job->rows++ == 0 && statement->gives)
			sqlite_row_give(job, stmt, statement);
		if (sqlite->piece > 0 && job->out.length >= sqlite->piece &&
			!sqlite->full(sqlite->owner, job))
			return false;
	}
	return true;
}

static void bind_all(sqlite3_stmt *stmt, const struct statement *statement, struct value *values)
{
	for (int i = 0; i < statement->parameters; i++)
		sqlite_bind(stmt, i + 1, &values[statement->slots[i]]);
}

/* A statement that is run for each row of a slice; the code of the first one that fails. */
static int step_each(struct job *job, sqlite3_stmt *stmt, const struct statement *statement)
{
	int code = SQLITE_DONE;

	for (unsigned i = 0; i < job->slice && code == SQLITE_DONE; i++) {
		rows_next(job->each_of, job->values);
		bind_all(stmt, statement, job->values);
		code = sqlite3_step(stmt);
		sqlite3_reset(stmt);
	}
	return code;
}

/* Another statement: its first row becomes values. */
static bool step_values(struct job *job, unsigned index, sqlite3_stmt *stmt,
	const struct statement *statement, int *code)
{
	bool row = (*code = sqlite3_step(stmt)) == SQLITE_ROW;

	if (row)
		sqlite_row_give(job, stmt, statement);
	while (*code == SQLITE_ROW)
		*code = sqlite3_step(stmt);
	if (*code != SQLITE_DONE || job->step == NULL || (job->steps > 0 && index >= job->steps))
		return true;
	return job->step(job, index, row);
}

static sqlite3_stmt *statement_ready(
	struct sqlite *sqlite, const struct statement *statement, struct value *values)
{
	sqlite3_stmt *stmt;

	if (statement->names != NULL)
		return sqlite_composed(sqlite, statement, values);
	stmt = prepared(sqlite, &sqlite->prepared[statement->id], statement->sql);
	if (stmt != NULL)
		bind_all(stmt, statement, values);
	return stmt;
}

static enum store_result result_of(struct sqlite *sqlite, struct job *job, int code)
{
	if (code != SQLITE_CONSTRAINT_UNIQUE && code != SQLITE_CONSTRAINT_PRIMARYKEY)
		return sqlite_result(sqlite, code);
	note_taken(sqlite, job);
	return STORE_TAKEN;
}

/* Whether to go on with the next statement. */
static bool run_statement(struct sqlite *sqlite, struct job *job, unsigned index)
{
	const struct statement *statement = job->statements[index];
	sqlite3_stmt *stmt = statement_ready(sqlite, statement, job->values);
	bool shows = !job->quiet && index + job->behind + 1 == job->count;
	int code = SQLITE_ERROR;
	bool on = true;

	if (stmt == NULL)
		code = sqlite3_errcode(sqlite->db);
	else if (job->each_of != NULL && index == job->each)
		code = step_each(job, stmt, statement);
	else if (shows)
		on = step_rows(sqlite, job, stmt, statement, &code);
	else
		on = step_values(job, index, stmt, statement, &code);

	job->result = on ? result_of(sqlite, job, code) : STORE_STOPPED;
	sqlite3_reset(stmt);
	if (shows && job->shown != NULL)
		*job->shown =
			(struct value){ VALUE_TEXT, .text = { job->out.data, job->out.length } };
	return job->result == STORE_DONE;
}

static bool run_statements(struct sqlite *sqlite, struct job *job)
{
	for (unsigned i = 0; i < job->count; i++)
		if (!run_statement(sqlite, job, i))
			return false;
	return true;
}

void sqlite_job(struct sqlite *sqlite, struct job *job)
{
	enum onward onward = ONWARD_END;

	do {
		if (!run_statements(sqlite, job))
			return;
		if (job->onward != NULL)
			onward = job->onward(job);
	} while (onward == ONWARD_RUN);
	if (onward == ONWARD_STOP)
		job->result = STORE_STOPPED;
}
