/*
 * Bind, step, rows as JSON: everything that is asked of SQLite while the server runs. Any store
 * thread, on a connection of its own.
 */
#include "sqlite.h"

#include "base/json.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

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
		log_error("the disk is full: nothing can be saved");
		return STORE_FULL;
	default:
		log_error("database: %s (%d)", sqlite3_errmsg(sqlite->db), code);
		return STORE_FAILED;
	}
}

/* The values stay where they are until the statement is reset, so SQLite need not copy them. */
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
		sqlite3_bind_text(stmt, parameter, value->text.at != NULL ? value->text.at : "",
			(int)value->text.length, SQLITE_STATIC);
		break;
	case VALUE_BLOB:
		sqlite3_bind_blob(
			stmt, parameter, value->text.at, (int)value->text.length, SQLITE_STATIC);
		break;
	}
}

static struct text column_text(sqlite3_stmt *stmt, int column)
{
	const char *at = (const char *)sqlite3_column_text(stmt, column);

	return (struct text){ at, (size_t)sqlite3_column_bytes(stmt, column) };
}

/* A value that outlives its row. */
static struct value column_keep(sqlite3_stmt *stmt, int column, struct kept **kept)
{
	int type = sqlite3_column_type(stmt, column);

	switch (type) {
	case SQLITE_INTEGER:
		return (struct value){ VALUE_INTEGER,
			.integer = sqlite3_column_int64(stmt, column) };
	case SQLITE_FLOAT:
		return (struct value){ VALUE_REAL, .real = sqlite3_column_double(stmt, column) };
	case SQLITE_NULL:
		return (struct value){ 0 };
	default:
		break;
	}
	struct text text = column_text(stmt, column);
	char *copy = memory_keep(kept, text.length + 1);

	if (text.length > 0)
		memcpy(copy, text.at, text.length);
	copy[text.length] = '\0';
	return (struct value){ type == SQLITE_BLOB ? VALUE_BLOB : VALUE_TEXT,
		.text = { copy, text.length } };
}

static void write_value(
	struct buffer *out, sqlite3_stmt *stmt, int index, const struct column *column)
{
	switch (sqlite3_column_type(stmt, index)) {
	case SQLITE_NULL:
		buffer_add_text(out, TEXT("null"));
		break;
	case SQLITE_INTEGER:
		if (column->form == COLUMN_BOOL)
			buffer_add_text(out, sqlite3_column_int64(stmt, index) != 0
						     ? TEXT("true")
						     : TEXT("false"));
		else
			json_write_integer(out, sqlite3_column_int64(stmt, index));
		break;
	case SQLITE_FLOAT:
		json_write_real(out, sqlite3_column_double(stmt, index));
		break;
	default:
		if (column->form == COLUMN_JSON)
			buffer_add_text(out, column_text(stmt, index));
		else
			json_write_text(out, column_text(stmt, index));
		break;
	}
}

static void write_row(struct job *job, sqlite3_stmt *stmt, const struct statement *statement)
{
	if (job->written)
		buffer_add_text(&job->out, TEXT(","));
	job->written = true;
	job->rows++;
	for (int i = 0; i < statement->columns; i++) {
		const struct column *column = &statement->column[i];
		buffer_add(&job->out, column->opening, column->opening_length);
		write_value(&job->out, stmt, i, column);
	}
	buffer_add_text(&job->out, TEXT("}"));
}

/* The last statement: every row goes out. False where full() ended it. */
static bool step_rows(struct sqlite *sqlite, struct job *job, sqlite3_stmt *stmt,
	const struct statement *statement, int *code)
{
	while ((*code = sqlite3_step(stmt)) == SQLITE_ROW) {
		write_row(job, stmt, statement);
		if (sqlite->piece > 0 && job->out.length >= sqlite->piece &&
			!sqlite->full(sqlite->owner, job))
			return false;
	}
	return true;
}

/* Another statement: its first row becomes values. */
static bool step_values(struct job *job, unsigned index, sqlite3_stmt *stmt,
	const struct statement *statement, int *code)
{
	bool row = (*code = sqlite3_step(stmt)) == SQLITE_ROW;

	for (int i = 0; row && i < statement->columns; i++)
		if (statement->column[i].slot >= 0)
			job->values[statement->column[i].slot] = column_keep(stmt, i, &job->kept);
	while (*code == SQLITE_ROW)
		*code = sqlite3_step(stmt);
	if (*code != SQLITE_DONE || job->step == NULL || (job->step_first && index > 0))
		return true;
	return job->step(job, index, row);
}

/* Whether to go on with the next statement. */
static bool run_statement(struct sqlite *sqlite, struct job *job, unsigned index)
{
	const struct statement *statement = job->statements[index];
	sqlite3_stmt *stmt = prepared(sqlite, &sqlite->prepared[statement->id], statement->sql);
	int code = SQLITE_ERROR;
	bool on = true;

	for (int i = 0; i < statement->parameters; i++)
		bind(stmt, i + 1, &job->values[statement->slots[i]]);
	if (stmt == NULL)
		code = sqlite3_errcode(sqlite->db);
	else if (index + 1 == job->count && !job->quiet)
		on = step_rows(sqlite, job, stmt, statement, &code);
	else
		on = step_values(job, index, stmt, statement, &code);

	if (!on) {
		job->result = STORE_STOPPED;
	} else if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) {
		job->result = STORE_TAKEN;
		note_taken(sqlite, job);
	} else {
		job->result = sqlite_result(sqlite, code);
	}
	sqlite3_reset(stmt);
	return job->result == STORE_DONE;
}

void sqlite_job(struct sqlite *sqlite, struct job *job)
{
	for (unsigned i = 0; i < job->count; i++)
		if (!run_statement(sqlite, job, i))
			return;
}
