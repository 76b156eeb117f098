/*
 * What is wrong with a request's input: it is collected in the request, and answered together. Any
 * thread that has the request.
 */
#ifndef ENDPOINT_FAULTS_H
#define ENDPOINT_FAULTS_H

#include "request.h"

struct input_target;

/* Note a fault with a status of its own, unless an earlier one stands. */
void input_fault(struct request *request, int status, const char *detail);

/*
 * A fault (400) of a parameter of the query, which the problem names; wrong goes on from there: "is
 * given twice".
 */
void input_parameter_fault(struct request *request, struct text name, const char *wrong);

/* A fault (422) of a member of the object. */
void input_member_fault(const struct input_target *target, struct text member, const char *detail);

#endif
