/*
 * Input of a request: its query and its body become values. Loop thread.
 */
#ifndef HTTP_INPUT_H
#define HTTP_INPUT_H

#include "request.h"

/* Read the query; false where that was refused (400), and the request is gone. */
bool input_read_query(struct request *request);

/* Read the body; what is wrong with it is left in the request's fault. */
void input_read_body(struct request *request);

/* Note a fault, unless an earlier one stands. */
void input_fault(struct request *request, int status, const char *detail);

#endif
