/*
 * What SQLite says of a statement when it prepares it. Loop thread, before the store's threads start.
 */
#include "sqlite/connection.h"

struct statement *sqlite_describe(
	struct sqlite *sqlite, unsigned id, const char *sql, const struct slot *slots)
{
	sqlite3_stmt *stmt;
	const char *rest;

	if (sqlite3_prepare_v2(sqlite->db, sql, -1, &stmt, &rest) != SQLITE_OK)
		statement_refuse(sql, sqlite3_errmsg(sqlite->db));
	if (*rest != '\0')
		statement_refuse(sql, "more than one statement");
	struct statement *statement = statement_new(
		sql, id, sqlite3_bind_parameter_count(stmt), sqlite3_column_count(stmt));

	statement->writes = !sqlite3_stmt_readonly(stmt);
	for (int i = 0; i < statement->parameters; i++) {
		const char *name = sqlite3_bind_parameter_name(stmt, i + 1);
		statement_set_parameter(statement, i, name != NULL ? name + 1 : NULL, slots);
	}
	for (int i = 0; i < statement->columns; i++)
		statement_set_column(statement, i, sqlite3_column_name(stmt, i), slots);
	sqlite3_finalize(stmt);
	return statement;
}
