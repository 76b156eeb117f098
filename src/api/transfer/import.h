/*
 * The import of a file. It is read to its end on another thread, before anything is written. Its tasks
 * are packed as rows, which take about as much memory as the file; what they refer to is resolved
 * when all of it, and what the account has, is known.
 */
#ifndef API_IMPORT_H
#define API_IMPORT_H

#include "endpoint/endpoint.h"

/* Of the endpoint that has the values, and the statements, that this sets and runs. Loop thread. */
void import_start(struct request *request);

/* The endpoints, without a route, that a task and a list of a file are for: see table_row(). */
#define IMPORT_TASK "/import/task"
#define IMPORT_LIST "/import/list"

#endif
