/*
 * SQL of the engine's own dialect, as macros to be pasted into statements. All other SQL above the
 * store is what SQLite 3.40 and PostgreSQL 15 both accept, with the same meaning:
 * tests/store/test_sql.c and tests/sql.sh check that.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

/* After a table: its rows are found by this index, whatever the planner would choose. */
#define SQL_BY_INDEX(index) " INDEXED BY " index

/* A column whose value leaves out next to nothing: no index is chosen for it. */
#define SQL_NOT_BY_INDEX(column) "+" column

/*
 * After INSERT or UPDATE, where a fault would be one of the program: the whole transaction is
 * rolled back. SQLite then needs no journal to undo half a statement, which would cost more than
 * the change.
 */
#define SQL_OR_ROLLBACK " OR ROLLBACK"

/* The bytes of a text. */
#define SQL_BYTES(text) "length(CAST(" text " AS BLOB))"

/* A table of a JSON array's elements, in its column value; the first of them, as text. */
#define SQL_ELEMENTS(array) "json_each(" array ")"
#define SQL_FIRST_ELEMENT(array) array " ->> 0"

/* A JSON array with one more text at its end. */
#define SQL_APPENDED(array, text) "json_insert(" array ", '$[#]', " text ")"

/* The integer that a text begins with; any integer where it begins with none. */
#define SQL_LEADING_INTEGER(text) "CAST(" text " AS INTEGER)"

/* A value as JSON text; of NULL it is not defined. The same of a REAL, exactly. */
#define SQL_TO_JSON(value) "json_quote(" value ")"
#define SQL_REAL_TO_JSON(value) "real_to_json(" value ")"

/*
 * The members of a JSON object as text. absent is that text where all of them are NULL: the values,
 * each after a comma, stand in its order. A value whose text there is an array is JSON already; one
 * may be missing at the end. Names and texts of absent hold no comma and no colon.
 */
#define SQL_MEMBERS(absent, values) "members_to_json('" absent "'" values ")"

/* The values of all rows as a JSON array. */
#define SQL_TO_ARRAY(value) "json_group_array(" value ")"

/* The values of one row as a JSON array. */
#define SQL_ARRAY(values) "json_array(" values ")"

/* Text of JSON as an element of such an array, which else would be a string. */
#define SQL_JSON(text) "json(" text ")"

/* An element of a JSON array, by its number from 0 on. */
#define SQL_ELEMENT(array, number) array " ->> " number

/*
 * A day or an instant, or NULL, moved by so many days of the clock in a time zone, by its IANA name:
 * see calendar/local_date.h. And all instants of a JSON array of strings; whatever else is in it
 * stays as it is.
 */
#define SQL_DAYS_LATER(date, days, zone) "date_days_later(" date ", " days ", " zone ")"
#define SQL_INSTANTS_LATER(array, days, zone) "instants_days_later(" array ", " days ", " zone ")"

/* A text as it is sorted: without case and accents, as a search finds it. */
#define SQL_FOLDED(text) "text_folded(" text ")"

/* Whether the index of words finds an expression of FTS5 in a row. */
#define SQL_MATCHES(index, expression) index " MATCH " expression

#endif
