/*
 * What is known of a prepared statement, and statements that are written for one job. Any thread.
 */
#ifndef STORE_STATEMENT_PUBLIC_H
#define STORE_STATEMENT_PUBLIC_H

#include "store/job.h"

/* Whether it can change the database. */
bool store_statement_writes(const struct statement *statement);

/* The value of a name that the statement's slots have. */
struct value *step_value(const struct job_step *step, const char *name);

/* Set it to a copy of a text. */
void step_set_text(struct job_step *step, const char *name, struct text text);

/* Say why the job stops; both strings are constant. Returns false. */
bool step_refuse(struct job_step *step, int status, const char *member, const char *detail);

/* The name of a member of the rows' JSON, counted from 0; NULL after the last. */
const char *store_statement_member(const struct statement *statement, unsigned index);

/*
 * A statement written for one job, with the columns of another one. sql must be made of constants
 * alone: what a client sent goes into values. Its parameters are found by their names when it runs.
 * It lives in kept.
 */
const struct statement *store_prepare_dynamic(const struct statement *like, const char *sql,
	const struct slot *slots, struct arena **arena);

#endif
