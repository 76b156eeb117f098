/*
 * How a job runs: its own statements, then those of its parts, one after the other. Any store thread,
 * on a connection of its own.
 */
#include "sqlite/connection.h"

#include "store/rows.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* A job's own statements, or those of one of its parts, while they run. */
struct run {
	struct sqlite *sqlite;
	struct job *job;
	const struct job_part *part;
	bool own;
};

static void give_row(struct run *run, sqlite3_stmt *stmt, const struct statement *statement)
{
	if (statement->gives)
		sqlite_row_give(run->part->values, &run->job->kept, stmt, statement);
}

/* Every row goes out. False where full() ended it. */
static bool step_rows(
	struct run *run, sqlite3_stmt *stmt, const struct statement *statement, int *code)
{
	struct sqlite *sqlite = run->sqlite;
	struct job *job = run->job;

	while ((*code = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (job->write != NULL)
			sqlite_row_hand(job, stmt, statement);
		else
			sqlite_row_write(job, stmt, statement);
		job->written = true;
		if (job->rows++ == 0)
			give_row(run, stmt, statement);
		if (sqlite->piece > 0 && job->out.length >= sqlite->piece &&
			!sqlite->full(sqlite->owner, job))
			return false;
	}
	return true;
}

static void bind_all(sqlite3_stmt *stmt, const struct statement *statement, struct value *values)
{
	for (int i = 0; i < statement->parameters; i++) {
		const struct parameter *parameter = &statement->parameter[i];
		const struct value *value = &values[parameter->slot];
		assert(slot_takes(parameter->type, value));
		sqlite_bind(stmt, i + 1, value);
	}
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

/* Another statement: its first row becomes values. Whether there was one. */
static bool step_values(
	struct run *run, sqlite3_stmt *stmt, const struct statement *statement, int *code)
{
	bool row = (*code = sqlite3_step(stmt)) == SQLITE_ROW;

	if (row)
		give_row(run, stmt, statement);
	while (*code == SQLITE_ROW)
		*code = sqlite3_step(stmt);
	return row;
}

static sqlite3_stmt *statement_ready(
	struct sqlite *sqlite, const struct statement *statement, struct value *values)
{
	sqlite3_stmt *stmt;

	if (statement->slots != NULL)
		return sqlite_composed(sqlite, statement, values);
	stmt = sqlite_prepared(sqlite, &sqlite->prepared[statement->id], statement->sql);
	if (stmt != NULL)
		bind_all(stmt, statement, values);
	return stmt;
}

/* "UNIQUE constraint failed: accounts.email" names what is taken. */
static void note_taken(struct sqlite *sqlite, struct job *job)
{
	const char *message = sqlite3_errmsg(sqlite->db);
	const char *dot = strrchr(message, '.');

	snprintf(job->taken, sizeof(job->taken), "%s", dot != NULL ? dot + 1 : message);
}

static enum store_result result_of(struct sqlite *sqlite, struct job *job, int code)
{
	if (code != SQLITE_CONSTRAINT_UNIQUE && code != SQLITE_CONSTRAINT_PRIMARYKEY)
		return sqlite_result(sqlite, code);
	note_taken(sqlite, job);
	return STORE_TAKEN;
}

static bool is_asked(const struct run *run, unsigned index)
{
	const struct job *job = run->job;

	return run->own && job->step != NULL && (job->steps == 0 || index < job->steps);
}

/* Behind a statement that ran: what the job or the part makes of its having had a row, or none. */
static enum store_result judge(struct run *run, unsigned index, bool shows, bool row)
{
	struct job *job = run->job;

	if (!shows && is_asked(run, index) && !job->step(job, index, row))
		return STORE_STOPPED;
	if (row || (run->part->needed >> index & 1) == 0)
		return STORE_DONE;
	job->missed.statement = index;
	return STORE_MISSED;
}

static enum store_result step_statement(
	struct run *run, unsigned index, bool shows, sqlite3_stmt *stmt)
{
	const struct statement *statement = run->part->statements[index];
	struct job *job = run->job;
	uint64_t before = job->rows;
	int code;
	bool row = false;

	if (run->own && job->each_of != NULL && index == job->each) {
		code = step_each(job, stmt, statement);
	} else if (shows) {
		if (!step_rows(run, stmt, statement, &code))
			return STORE_STOPPED;
		row = job->rows > before;
	} else {
		row = step_values(run, stmt, statement, &code);
	}
	return code == SQLITE_DONE ? judge(run, index, shows, row)
				   : result_of(run->sqlite, job, code);
}

/* Whether to go on with the next statement. */
static bool run_statement(struct run *run, unsigned index)
{
	const struct job_part *part = run->part;
	struct job *job = run->job;
	sqlite3_stmt *stmt = statement_ready(run->sqlite, part->statements[index], part->values);
	unsigned behind = run->own ? job->behind : 0;
	bool shows = !part->quiet && index + behind + 1 == part->count;

	job->result = stmt == NULL ? sqlite_result(run->sqlite, sqlite3_errcode(run->sqlite->db))
				   : step_statement(run, index, shows, stmt);
	sqlite3_reset(stmt);
	if (run->own && shows && job->shown != NULL)
		*job->shown =
			(struct value){ VALUE_TEXT, .text = { job->out.data, job->out.length } };
	return job->result == STORE_DONE;
}

static bool run_statements(struct run *run)
{
	for (unsigned i = 0; i < run->part->count; i++)
		if (!run_statement(run, i))
			return false;
	return true;
}

static void begin_part(struct job *job, const struct job_part *part)
{
	job->written = false;
	for (unsigned i = 0; i < job->passed_count; i++)
		part->values[job->passed[i]] = job->values[job->passed[i]];
	if (part->shown != NULL)
		*part->shown =
			(struct value){ VALUE_TEXT, .text = { job->out.data, job->out.length } };
	buffer_add_text(&job->out, part->before);
}

/* Whether it may go on: what went out, and what did not, is within bounds. */
static bool end_part(struct job *job, const struct job_part *part)
{
	buffer_add_text(&job->out, part->behind);
	if (part->unseen != NULL && part->unseen->type == VALUE_INTEGER)
		job->unseen += (size_t)part->unseen->integer;
	if (job->most > 0 && job->out.length + job->unseen > job->most)
		job->result = STORE_LARGE;
	return job->result == STORE_DONE;
}

static bool run_part(struct sqlite *sqlite, struct job *job, const struct job_part *part)
{
	struct run run = { sqlite, job, part, false };

	begin_part(job, part);
	return run_statements(&run) && end_part(job, part);
}

void sqlite_job(struct sqlite *sqlite, struct job *job)
{
	struct job_part own = { .statements = job->statements,
		.count = job->count,
		.values = job->values,
		.quiet = job->quiet };
	struct run run = { sqlite, job, &own, true };

	job->unseen = 0;
	if (!run_statements(&run))
		return;
	for (job->missed.part = 0; job->missed.part < job->part_count; job->missed.part++)
		if (!run_part(sqlite, job, &job->parts[job->missed.part]))
			return;
	if (job->aside != NULL)
		job->aside(job);
}
