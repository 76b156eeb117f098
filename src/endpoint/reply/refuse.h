/*
 * Refusals. Each of these frees the request. Loop thread.
 */
#ifndef ENDPOINT_REFUSE_H
#define ENDPOINT_REFUSE_H

#include "state/request_state.h"

/* As request_refuse(), with the job's row as a member of this name. */
void reply_problem_row(
	struct request *request, int status, const char *detail, const char *row_name);

/*
 * The request's conditions do not hold: 304, or 412 with the current row, which is in the job.
 */
void reply_precondition_failed(struct request *request);

/* 204 or 405, and the methods that are known here; head: HEAD too, where there is GET. */
void reply_allow(struct request *request, int status, unsigned methods, bool head);

#define LIMIT_OPTION_SIZE 32

/* The option of the command line that sets the limit of this name ("max_tokens"). Terminated. */
void limit_option(const char *name, char option[LIMIT_OPTION_SIZE]);

#endif
