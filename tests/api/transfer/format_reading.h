/*
 * Files in and out of a format, for the tests of all of them: what is read as one JSON value, and
 * tasks of all sorts that must come back as they went.
 */
#ifndef TESTS_FORMAT_READING_H
#define TESTS_FORMAT_READING_H

#include "src/api/transfer/format.h"

/*
 * What reading a text gives, to be freed by the caller: an object with "records" (a task's members,
 * false for what was skipped, "/line/7: why" for a bad one, "/line/7! why" for a broken one) and
 * "reports" ("/line/7: sentence").
 */
json_t *format_reading(const struct format *format, struct text text);

/* Fail the test where reading the text does not give these records and reports (JSON arrays). */
void format_check(
	const struct format *format, struct text text, const char *records, const char *reports);

/* The same of records alone. */
void format_check_records(const struct format *format, struct text text, const char *records);

/* The members that tests choose; the others are always the same. */
struct format_task {
	const char *name;
	const char *note;
	const char *due_date;	    /* may be NULL */
	const char *completed_date; /* NULL: not completed; "": without a date */
	int priority;
	const char *tags; /* a JSON array */
	double position;
};

/* A file of these tasks, to be freed by the caller. */
struct buffer format_file(
	const struct format *format, const struct format_task *tasks, size_t count);

/* Write these tasks and read them: each is as it was, and nothing is reported. */
void format_check_tasks(const struct format *format, const struct format_task *tasks, size_t count);

/* The same of as many tasks at random. */
void format_check_round_trip(const struct format *format, uint64_t seed, size_t count);

/*
 * Write one task with a value for each member of TASK_FIELDS, and read it: no member is lost, or
 * has the value of another one.
 */
void format_check_members(const struct format *format);

#endif
