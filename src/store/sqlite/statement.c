/*
 * What a statement needs to be run: where its parameters come from and what its columns become.
 * Worked out once, at boot, on the loop's thread.
 */
#include "sqlite/connection.h"

#include "base/json.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

static int find_slot(const char *const *slots, struct text name)
{
	for (int i = 0; slots[i] != NULL; i++)
		if (text_equal(text_of(slots[i]), name))
			return i;
	return -1;
}

_Noreturn static void refuse(const char *sql, const char *fault)
{
	log_error("statement does not prepare: %s in: %s", fault, sql);
	abort();
}

static void describe_parameters(
	struct statement *statement, sqlite3_stmt *stmt, const char *const *slots)
{
	statement->parameters = sqlite3_bind_parameter_count(stmt);
	statement->slots = memory_zeroed(sizeof(int) * (size_t)(statement->parameters + 1));
	for (int i = 0; i < statement->parameters; i++) {
		const char *name = sqlite3_bind_parameter_name(stmt, i + 1);
		int slot = name != NULL ? find_slot(slots, text_of(name + 1)) : -1;
		if (slot < 0)
			refuse(statement->sql, name != NULL ? name : "?");
		statement->slots[i] = slot;
	}
}

static struct text opening_text(const char *before, struct text name)
{
	struct buffer opening = { 0 };

	buffer_add_text(&opening, text_of(before));
	json_write_text(&opening, name);
	buffer_add_text(&opening, TEXT(":"));
	return (struct text){ opening.data, opening.length };
}

/* "task.name": what stands before the dot is an object that its neighbours are in, too. */
static void describe_object(struct column *column, struct text name, bool first)
{
	const char *dot = memchr(name.at, '.', name.length);
	const char *before = first ? "{" : ",";
	char *neighbour = first ? NULL : column[-1].object;

	if (dot == NULL) {
		column->opening = opening_text(before, name);
		return;
	}
	size_t length = (size_t)(dot - name.at);
	struct text member = { dot + 1, name.length - length - 1 };

	column->object = memory_copy(name.at, length);
	column->closes = true;
	if (neighbour != NULL && strcmp(neighbour, column->object) == 0) {
		column[-1].closes = false;
		column->opening = opening_text(",", member);
	} else {
		column->opening = opening_text(before, text_of(column->object));
		column->inner = opening_text("{", member);
	}
}

/* "completed:bool": the member's name ends at the colon. */
static void describe_column(
	struct column *column, struct text name, bool first, const char *const *slots)
{
	const char *colon = memchr(name.at, ':', name.length);

	if (colon != NULL) {
		bool is_bool =
			text_equal((struct text){ colon, name.length - (size_t)(colon - name.at) },
				TEXT(":bool"));
		column->form = is_bool ? COLUMN_BOOL : COLUMN_JSON;
		name.length = (size_t)(colon - name.at);
	}
	column->name = memory_copy(name.at, name.length);
	column->slot = find_slot(slots, name);
	describe_object(column, name, first);
}

struct statement *sqlite_describe(
	struct sqlite *sqlite, unsigned id, const char *sql, const char *const *slots)
{
	struct statement *statement = memory_zeroed(sizeof(*statement));
	sqlite3_stmt *stmt;
	const char *rest;

	if (sqlite3_prepare_v2(sqlite->db, sql, -1, &stmt, &rest) != SQLITE_OK)
		refuse(sql, sqlite3_errmsg(sqlite->db));
	if (*rest != '\0')
		refuse(sql, "more than one statement");
	statement->sql = sql;
	statement->id = id;
	statement->writes = !sqlite3_stmt_readonly(stmt);
	describe_parameters(statement, stmt, slots);
	statement->columns = sqlite3_column_count(stmt);
	if (statement->columns > COLUMNS_MOST)
		refuse(sql, "too many columns");
	statement->column = memory_zeroed(sizeof(struct column) * (size_t)(statement->columns + 1));
	for (int i = 0; i < statement->columns; i++) {
		describe_column(&statement->column[i], text_of(sqlite3_column_name(stmt, i)),
			i == 0, slots);
		statement->gives |= statement->column[i].slot >= 0;
	}
	sqlite3_finalize(stmt);
	return statement;
}

void sqlite_forget(struct statement *statement)
{
	for (int i = 0; i < statement->columns; i++) {
		free(statement->column[i].name);
		free(statement->column[i].object);
		free((char *)statement->column[i].opening.at);
		free((char *)statement->column[i].inner.at);
	}
	free(statement->column);
	free(statement->slots);
	free(statement);
}
