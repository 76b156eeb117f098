/*
 * The input of a request: its query and its body become values.
 */
#ifndef ENDPOINT_BODY_H
#define ENDPOINT_BODY_H

#include "state/faults.h"

#include <jansson.h>

struct request;

/* Read the query. False where it has a fault, which is left in the request. Loop thread. */
bool input_read_query(struct request *request);

/* Read the body; its faults are left in the request. Any thread that has the request. */
void input_read_body(struct request *request);

/* Set the values of an object's members; a required one that is missing is a fault. Any thread. */
void input_read_members(const struct input_target *target, const json_t *object);

/* The same for an object as text, which is sound JSON of the request's body. */
void input_read_object(const struct input_target *target, struct text object);

#endif
