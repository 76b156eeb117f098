/*
 * SQL that both SQLite 3.40 and PostgreSQL 15 take, and understand alike; and beside that what
 * include/store/sql.h has of SQLite's own.
 */
#ifndef TESTS_SQL_SUBSET_H
#define TESTS_SQL_SUBSET_H

/* What in a sound statement is SQLite's alone, with a constant sentence, and where; NULL: nothing. */
const char *sql_fault(const char *sql, const char **at);

#endif
