/*
 * What is known of a prepared statement, and statements that are written for one job. Any thread.
 */
#ifndef STORE_STATEMENT_PUBLIC_H
#define STORE_STATEMENT_PUBLIC_H

#include "store/job.h"

#include <limits.h>

/* Whether it can change the database. */
bool store_statement_writes(const struct statement *statement);

/* The value of a name, by its number among those of the step's kind. */
static inline struct value *step_value(const struct job_step *step, unsigned name)
{
	return &step->values[step->slot[name]];
}

/* Set it to a copy of a text. */
void step_set_text(struct job_step *step, unsigned name, struct text text);

/* Say why the job stops; both strings are constant. Returns false. */
bool step_refuse(struct job_step *step, int status, const char *member, const char *detail);

/*
 * The name of a member of the rows' JSON, counted from 0; without data after the last. An object
 * that some columns make up is one member, of the object's name.
 */
struct text store_statement_member(const struct statement *statement, unsigned index);

/*
 * Members that a column "name:members" has as its text, all of them with their names: `"x":1,"y":2`.
 * Where it is NULL, absent is written instead.
 */
struct member_group {
	const char *name;
	const char *members; /* their names, with commas between them */
	const char *absent;
};

/* Before the first store_prepare(). The last group has no name; they stay. Loop thread. */
void store_define_members(const struct member_group *groups);

/*
 * A statement written for one job, with the columns of another one, the first so many of them. sql
 * must be made of constants alone: what a client sent goes into values. Its parameters are found by
 * their names when it runs. It lives in arena.
 */
#define COLUMNS_ALL INT_MAX
const struct statement *store_prepare_dynamic(const struct statement *like, int columns,
	const char *sql, const struct slot *slots, struct arena **arena);

#endif
