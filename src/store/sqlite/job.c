/*
 * How a job runs: its own statements, then those of its parts, one after the other. Values are
 * bound to their parameters, and their rows become JSON, values, or calls of the job's own: see
 * values/row.h. Any store thread, on a connection of its own.
 */
#include "sqlite/job.h"

#include "sqlite/prepare.h"
#include "sqlite/values/row.h"
#include "store/rows.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define LAST_ROW ((size_t)2 << 10) /* most rows are shorter: the one that fills a piece passes its end */

/* ---- values in ---- */

/* The value is borrowed until the statement is reset, so that SQLite need not copy it. */
static void bind(sqlite3_stmt *stmt, int parameter, const struct value *value)
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
		sqlite3_bind_text(stmt, parameter, value->text.data != NULL ? value->text.data : "",
			(int)value->text.length, SQLITE_STATIC);
		break;
	case VALUE_BLOB:
		sqlite3_bind_blob(
			stmt, parameter, value->text.data, (int)value->text.length, SQLITE_STATIC);
		break;
	}
}

/* Whether a slot of this type may hold the value. */
static bool slot_takes(enum value_type type, const struct value *value)
{
	return value->type == type || value->type == VALUE_NULL || type == VALUE_ANY;
}

static void bind_by_slot(
	sqlite3_stmt *stmt, const struct statement *statement, const struct value *values)
{
	for (int i = 0; i < statement->parameters; i++) {
		const struct parameter *parameter = &statement->parameter[i];
		const struct value *value = &values[parameter->slot];
		assert(slot_takes(parameter->type, value));
		bind(stmt, i + 1, value);
	}
}

static const struct value nothing;

static const struct value *find_value(
	const struct slot *slots, const char *name, const struct value *values)
{
	for (unsigned i = 0; slots[i].name != NULL; i++) {
		if (slots[i].name[0] != name[0] || strcmp(slots[i].name, name) != 0)
			continue; /* most differ in the first letter: no call for those */
		assert(slot_takes(slots[i].type, &values[i]));
		return &values[i];
	}
	return &nothing;
}

/* Of a statement that is not described by itself. stmt may be NULL. */
static void bind_by_name(
	sqlite3_stmt *stmt, const struct statement *statement, const struct value *values)
{
	for (int i = 1; i <= sqlite3_bind_parameter_count(stmt); i++)
		bind(stmt, i,
			find_value(statement->slots, sqlite3_bind_parameter_name(stmt, i) + 1,
				values));
}

/* ---- statements ---- */

/* A job's own statements, or those of one of its parts, while they run. */
struct run {
	struct sqlite *sqlite;
	struct job *job;
	const struct job_part *part;
	bool own;
	unsigned skip; /* so many statements, as a step has said */
};

static void give_row(struct run *run, sqlite3_stmt *stmt, const struct statement *statement)
{
	if (statement->gives)
		row_to_values(stmt, statement, run->part->values, &run->job->arena);
}

/* The row after a page gives the values of the statement that is not run for them. */
static void give_next(struct run *run, sqlite3_stmt *stmt, int columns)
{
	const struct job *job = run->job;
	const struct statement *next = job->statements[job->page.next];

	for (int i = 0; i < next->columns && !run->sqlite->in_pieces; i++)
		job->values[next->column[i].slot] =
			row_value(stmt, columns + i, &run->job->arena);
}

static void write_row(struct job *job, sqlite3_stmt *stmt, const struct statement *statement)
{
	struct value row[COLUMNS_MOST];

	row_borrow(stmt, statement, row);
	job->write(job, row);
}

/*
 * A piece is full. Whether to go on: then there is room for the next one at once, since a buffer that
 * grows is copied, and wiped, each time.
 */
static bool end_piece(struct sqlite *sqlite, struct job *job)
{
	if (!sqlite->on_limit(sqlite->owner, job))
		return false;
	buffer_reserve(&job->out, sqlite->limit + LAST_ROW);
	return true;
}

static void add_json(struct run *run, sqlite3_stmt *stmt, const struct statement *statement)
{
	struct job *job = run->job;

	if (job->written)
		buffer_add_text(&job->out, TEXT(","));
	row_write_json(stmt, statement, run->part->values, &job->out);
}

/* Write every row. False where on_limit() ended it. */
static bool step_rows(
	struct run *run, sqlite3_stmt *stmt, const struct statement *statement, int *code)
{
	struct sqlite *sqlite = run->sqlite;
	struct job *job = run->job;

	while ((*code = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (run->own && job->page.rows > 0 && job->rows == job->page.rows) {
			give_next(run, stmt, statement->columns);
			continue;
		}
		if (job->write != NULL)
			write_row(job, stmt, statement);
		else
			add_json(run, stmt, statement);
		job->written = true;
		if (job->resume.behind != NULL)
			*job->resume.behind = (struct value){ VALUE_INTEGER,
				.integer = sqlite3_value_int64(sqlite3_column_value(stmt, 0)) };
		if (job->rows++ == 0)
			give_row(run, stmt, statement);
		if (sqlite->limit > 0 && job->out.length >= sqlite->limit && !end_piece(sqlite, job))
			return false;
	}
	return true;
}

/* A statement that is run for each row of a slice; the code of the first one that fails. */
static int step_each(struct job *job, sqlite3_stmt *stmt, const struct statement *statement)
{
	int code = SQLITE_DONE;

	for (unsigned i = 0; i < job->slice && code == SQLITE_DONE; i++) {
		if (!rows_next(job->each_of, job->values))
			continue;
		bind_by_slot(stmt, statement, job->values);
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

/* Whether SQLite finds as many parameters and columns in it as were read in its text. */
static bool is_described(sqlite3_stmt *stmt, const struct statement *statement)
{
	return sqlite3_bind_parameter_count(stmt) == statement->parameters &&
	       sqlite3_column_count(stmt) == statement->columns;
}

/* The statement with its values bound; NULL where it does not prepare. */
static sqlite3_stmt *statement_ready(
	struct sqlite *sqlite, const struct statement *statement, struct value *values)
{
	sqlite3_stmt *stmt;

	if (statement->slots != NULL) {
		stmt = sqlite_prepare_cached(sqlite, statement->sql);
		bind_by_name(stmt, statement, values);
		return stmt;
	}
	stmt = sqlite->prepared[statement->id];
	if (stmt == NULL) {
		stmt = sqlite_prepare(sqlite, &sqlite->prepared[statement->id], statement->sql);
		assert(stmt == NULL || is_described(stmt, statement));
	}
	if (stmt != NULL)
		bind_by_slot(stmt, statement, values);
	return stmt;
}

/* "UNIQUE constraint failed: accounts.email" names the column. */
static void note_conflict(struct sqlite *sqlite, struct job *job)
{
	const char *message = sqlite3_errmsg(sqlite->db);
	const char *dot = strrchr(message, '.');

	snprintf(job->conflict_column, sizeof(job->conflict_column), "%s", dot != NULL ? dot + 1 : message);
}

static enum store_result result_of(struct sqlite *sqlite, struct job *job, int code)
{
	if (code != SQLITE_CONSTRAINT_UNIQUE && code != SQLITE_CONSTRAINT_PRIMARYKEY)
		return sqlite_result(sqlite, code);
	note_conflict(sqlite, job);
	return STORE_CONFLICT;
}

static bool is_asked(const struct run *run, unsigned index)
{
	const struct job *job = run->job;

	return run->own && job->guard != NULL &&
	       (job->guard_count == 0 || index < job->guard_count);
}

/* Run the function that follows the statement. Whether the job goes on. */
static bool take_step(struct run *run, const struct statement *statement, bool row)
{
	struct job_step step = {
		.job = run->job,
		.slot = statement->step_slot,
		.values = run->part->values,
		.row = row,
	};
	bool goes_on = statement->step->run(&step);

	run->skip = step.skip;
	return goes_on;
}

/* What follows from a statement that ran, with or without a row, for the job or the part. */
static enum store_result after_statement(struct run *run, unsigned index, bool shows, bool row)
{
	struct job *job = run->job;

	if (!shows && is_asked(run, index) && !job->guard(job, index, row))
		return STORE_STOPPED;
	if (!row && (run->part->needed >> index & 1) != 0) {
		job->missed.statement = index;
		return STORE_MISSED;
	}
	if (run->part->statements[index]->step != NULL &&
		!take_step(run, run->part->statements[index], row))
		return STORE_REFUSED;
	return STORE_DONE;
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
	return code == SQLITE_DONE ? after_statement(run, index, shows, row)
				   : result_of(run->sqlite, job, code);
}

/* ---- jobs that are run by one thread after another ---- */

/* In a later state of the file there may be no row that gives them again. */
static void forget_next(struct job *job)
{
	const struct statement *next = job->statements[job->page.next];

	for (int i = 0; i < next->columns; i++)
		job->values[next->column[i].slot] = (struct value){ 0 };
}

void sqlite_put_off_job(struct job *job)
{
	if (job->page.rows > 0)
		forget_next(job);
	if (job->resume.behind != NULL && job->rows > 0) {
		job->resume.out = job->out;
		job->resume.rows = job->rows;
		job->resume.of_version = job->resume.version->integer;
		job->out = (struct buffer){ 0 };
	}
	job->out.length = 0;
	job->rows = 0;
	job->written = false;
}

/* In pieces, as the rows that follow. False where on_limit() ended it. */
static bool hand_over(struct run *run, struct text answer)
{
	struct sqlite *sqlite = run->sqlite;
	struct job *job = run->job;
	bool on = true;

	while (on && answer.length > 0) {
		size_t piece = answer.length < sqlite->limit ? answer.length : sqlite->limit;
		buffer_add(&job->out, answer.data, piece);
		answer.data += piece;
		answer.length -= piece;
		on = piece < sqlite->limit || end_piece(sqlite, job);
	}
	return on;
}

/* Before the rows: go on where the thread before has come to, or begin again. */
static bool take_up_rows(struct run *run)
{
	struct job *job = run->job;
	struct buffer kept = job->resume.out;
	bool on = true;

	if (job->resume.rows == 0)
		return true;
	if (job->resume.version->integer == job->resume.of_version) {
		job->out.length = 0;
		job->rows = job->resume.rows;
		job->written = true;
		on = hand_over(run, (struct text){ kept.data, kept.length });
	} else {
		*job->resume.behind = (struct value){ 0 };
	}
	buffer_free(&kept);
	job->resume.out = (struct buffer){ 0 };
	job->resume.rows = 0;
	return on;
}

/* ---- savepoints ---- */

/*
 * One statement that changes something is atomic by itself. Several need a savepoint; so does one
 * that guard() or a step may still reject. index: the first of the job's own that has not run.
 */
static bool needs_savepoint(const struct job *job, unsigned index)
{
	bool asked = job->guard != NULL && job->guard_count == 0;
	unsigned writes = 0;

	for (; index < job->count; index++) {
		writes += job->statements[index]->writes;
		asked |= job->statements[index]->step != NULL;
	}
	return job->part_count > 0 || writes > 1 || asked;
}

/* Before the first change of a job. False where the savepoint that it needs cannot be set. */
static bool set_savepoint(struct sqlite *sqlite, struct job *job, unsigned index)
{
	int code = SQLITE_OK;

	job->savepoint = needs_savepoint(job, index) ? SAVEPOINT_SET : SAVEPOINT_NONE;
	if (job->savepoint == SAVEPOINT_SET)
		code = sqlite_command(sqlite, COMMAND_SAVEPOINT);
	if (code == SQLITE_OK)
		return true;
	job->savepoint = SAVEPOINT_FAILED;
	job->result = sqlite_result(sqlite, code);
	return false;
}

/* ---- all statements ---- */

/* The index of the statement whose rows go out, or of the last one. */
static unsigned last_index(const struct run *run)
{
	return run->part->count - 1 - (run->own ? run->job->trailing_count : 0);
}

/* Whether to go on with the next statement. */
static bool run_statement(struct run *run, unsigned index)
{
	const struct job_part *part = run->part;
	struct job *job = run->job;
	bool shows = !part->discard_rows && index == last_index(run);

	if (part->statements[index]->writes && job->savepoint == SAVEPOINT_UNDECIDED &&
		!set_savepoint(run->sqlite, job, index))
		return false;
	if (shows && run->own && !take_up_rows(run)) {
		job->result = STORE_STOPPED;
		return false;
	}
	sqlite3_stmt *stmt = statement_ready(run->sqlite, part->statements[index], part->values);

	job->result = stmt == NULL ? sqlite_result(run->sqlite, sqlite3_errcode(run->sqlite->db))
				   : step_statement(run, index, shows, stmt);
	sqlite3_reset(stmt);
	if (run->own && shows && job->rows_as_value != NULL)
		*job->rows_as_value =
			(struct value){ VALUE_TEXT, .text = { job->out.data, job->out.length } };
	return job->result == STORE_DONE;
}

/* Whether the row after a page gives what this statement would. */
static bool is_given_by_page(const struct run *run, unsigned index)
{
	return run->own && run->job->page.rows > 0 && index == run->job->page.next &&
	       !run->sqlite->in_pieces;
}

static bool run_statements(struct run *run)
{
	for (unsigned i = 0; i < run->part->count; i++) {
		if (!is_given_by_page(run, i) && !run_statement(run, i))
			return false;
		if (run->skip > 0)
			i = run->skip == STEP_TO_LAST ? last_index(run) - 1 : i + run->skip;
		run->skip = 0;
	}
	return true;
}

static void begin_part(struct job *job, const struct job_part *part)
{
	job->written = false;
	for (unsigned i = 0; i < job->passed_count; i++)
		part->values[job->passed[i]] = job->values[job->passed[i]];
	if (part->output_before != NULL)
		*part->output_before =
			(struct value){ VALUE_TEXT, .text = { job->out.data, job->out.length } };
	buffer_add_text(&job->out, part->before);
}

/* Whether the job may go on: its output is within its limit. */
static bool end_part(struct job *job, const struct job_part *part)
{
	if (part->beside != NULL && part->beside->type == VALUE_TEXT)
		buffer_add_text(&job->out, part->beside->text);
	buffer_add_text(&job->out, part->after);
	if (part->extra_bytes != NULL && part->extra_bytes->type == VALUE_INTEGER)
		job->extra_bytes += (size_t)part->extra_bytes->integer;
	if (job->most > 0 && job->out.length + job->extra_bytes > job->most)
		job->result = STORE_LARGE;
	return job->result == STORE_DONE;
}

static bool run_part(struct sqlite *sqlite, struct job *job, const struct job_part *part)
{
	struct run run = { .sqlite = sqlite, .job = job, .part = part };

	if (job->savepoint == SAVEPOINT_UNDECIDED && !set_savepoint(sqlite, job, job->count))
		return false;
	begin_part(job, part);
	return run_statements(&run) && end_part(job, part);
}

void sqlite_run_job(struct sqlite *sqlite, struct job *job)
{
	struct job_part own = { .statements = job->statements,
		.count = job->count,
		.values = job->values,
		.discard_rows = job->discard_rows };
	struct run run = { .sqlite = sqlite, .job = job, .part = &own, .own = true };

	job->extra_bytes = 0;
	job->spent = 0;
	job->savepoint = SAVEPOINT_UNDECIDED;
	bool ran = run_statements(&run);

	buffer_free(&job->resume.out); /* of one that was stopped before its rows */
	if (!ran)
		return;
	for (job->missed.part = 0; job->missed.part < job->part_count; job->missed.part++)
		if (!run_part(sqlite, job, &job->parts[job->missed.part]))
			return;
	if (job->aside != NULL)
		job->aside(job);
	if (job->encode != NULL)
		job->encode(job, true);
}
