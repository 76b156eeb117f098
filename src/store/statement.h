/*
 * A statement as an engine runs it: where its parameters come from and what its columns become. It
 * is described once, before the store starts, on the loop's thread.
 */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include "statement_text.h"
#include "store/statement.h"

#define STATEMENTS_MAX 1024

struct column {
	char *name;	     /* of COLUMN_MEMBERS all of them, with commas between */
	char *object;	     /* that it is in; NULL: the row itself */
	struct text opening; /* the JSON before its value, padded: `{"id":` or `,"name":` */
	struct text inner;   /* of the first in an object: its own name, after the object's */
	bool closes;	     /* the last in an object */
	int left_out; /* so many columns are, it among them, if it is NULL; 0: none */
	int object_slot;     /* of the first in an object: the slot that takes it; or -1 */
	enum { COLUMN_PLAIN, COLUMN_BOOL, COLUMN_JSON, COLUMN_MEMBERS, COLUMN_MADE } form;
	struct text absent; /* of COLUMN_MEMBERS: stands for NULL, if that is not left out */
	int base;	    /* of COLUMN_MADE: the slot of what its text begins with */
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
	const struct job_step_kind *step; /* that follows it, or NULL */
	int *step_slot;			  /* of each of its names */
	int parameters;
	struct parameter *parameter;
	bool gives; /* some column has a slot */
	int columns;
	struct column *column;
};

/* By its text; a fault there ends the program. */
struct statement *statement_describe(unsigned id, const char *sql, const struct slot *slots);
void statement_free(struct statement *statement);

/* Let a function follow it. */
void statement_set_step(struct statement *statement, const struct slot *slots,
	const struct job_step_kind *step);

#endif
