/*
 * What a statement needs to be run: where its parameters come from and what its columns become.
 * Worked out once, at boot, on the loop's thread.
 */
#include "sqlite.h"

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

/* "completed:bool": the member's name ends at the colon. */
static void describe_column(
	struct column *column, struct text name, bool first, const char *const *slots)
{
	const char *colon = memchr(name.at, ':', name.length);
	struct buffer opening = { 0 };

	if (colon != NULL) {
		bool is_bool =
			text_equal((struct text){ colon, name.length - (size_t)(colon - name.at) },
				TEXT(":bool"));
		column->form = is_bool ? COLUMN_BOOL : COLUMN_JSON;
		name.length = (size_t)(colon - name.at);
	}
	column->name = memory_copy(name.at, name.length);
	column->slot = find_slot(slots, name);
	buffer_add_text(&opening, first ? TEXT("{") : TEXT(","));
	json_write_text(&opening, name);
	buffer_add_text(&opening, TEXT(":"));
	column->opening = opening.data;
	column->opening_length = opening.length;
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
	statement->column = memory_zeroed(sizeof(struct column) * (size_t)(statement->columns + 1));
	for (int i = 0; i < statement->columns; i++)
		describe_column(&statement->column[i], text_of(sqlite3_column_name(stmt, i)),
			i == 0, slots);
	sqlite3_finalize(stmt);
	return statement;
}

void sqlite_forget(struct statement *statement)
{
	for (int i = 0; i < statement->columns; i++) {
		free(statement->column[i].name);
		free(statement->column[i].opening);
	}
	free(statement->column);
	free(statement->slots);
	free(statement);
}
