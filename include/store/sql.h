/*
 * What statements say in the engine's own words, each to be pasted into one. All else in the SQL above
 * the store is what SQLite 3.40 and PostgreSQL 15 both take, and understand alike: tests/store/test_sql.c and
 * tests/sql.sh hold that.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

/* Behind a table: its rows are found by this index, whatever the planner thinks. */
#define SQL_BY_INDEX(index) " INDEXED BY " index

/* A column whose value leaves out next to nothing: no index is chosen for it. */
#define SQL_NOT_BY_INDEX(column) "+" column

/*
 * Behind INSERT or UPDATE, where a fault in it would be ours: the whole transaction is given up. It
 * spares SQLite the journal by which it could undo half a statement, which costs more than the change.
 */
#define SQL_OR_ROLLBACK " OR ROLLBACK"

/* How many bytes a text has. */
#define SQL_BYTES(text) "length(CAST(" text " AS BLOB))"

/* A table of a JSON array's elements, in its column value; the first of them, as text. */
#define SQL_ELEMENTS(array) "json_each(" array ")"
#define SQL_FIRST_ELEMENT(array) array " ->> 0"

/* Whether the index of words finds the expression, which kind_search() has made, in a row. */
#define SQL_MATCHES(index, expression) index " MATCH " expression

#endif
