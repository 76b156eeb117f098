/*
 * Running a job on a connection.
 */
#ifndef STORE_SQLITE_JOB_H
#define STORE_SQLITE_JOB_H

#include "sqlite/connection.h"

/*
 * Run all of a job's statements and set its result. No transaction is begun or ended here, but a
 * savepoint is set before the first change, where the job needs one: job->savepoint says so. The
 * connection's thread.
 */
void sqlite_run_job(struct sqlite *sqlite, struct job *job);

/* Make ready to be run again by another thread a job of which a part was run. Any thread. */
void sqlite_put_off_job(struct job *job);

#endif
