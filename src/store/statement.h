/*
 * A statement as an engine runs it: where its parameters come from and what its columns become. It
 * is described once, before the store starts, on the loop's thread.
 */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include "statement_text.h"
#include "store/statement.h"

#define STATEMENTS_MAX 512

struct column {
	char *name;
	char *object;	     /* that it is in; NULL: the row itself */
	struct text opening; /* the JSON before its value, padded: `{"id":` or `,"name":` */
	struct text inner;   /* of the first in an object: its own name, after the object's */
	bool closes;	     /* the last in an object */
	enum { COLUMN_PLAIN, COLUMN_BOOL, COLUMN_JSON } form;
	int slot; /* that takes its value, or -1 */
};

struct parameter {
	int slot;
	enum value_type type; /* the slot's */
};

struct statement {
	const char *sql;
	unsigned id; /* its place in each connection's list */
	bool writes;
	const struct slot *slots; /* where it is composed; else NULL */
	int parameters;
	struct parameter *parameter;
	bool gives; /* some column has a slot */
	int columns;
	struct column *column;
};

/* By its text; a fault there ends the program. */
struct statement *statement_describe(unsigned id, const char *sql, const struct slot *slots);
void statement_free(struct statement *statement);

#endif
