/*
 * The input of a request: its query and its body become values.
 */
#ifndef ENDPOINT_BODY_H
#define ENDPOINT_BODY_H

#include "input/faults.h"

#include <jansson.h>

struct arena;
struct route;
struct value;

/* What a request has sent, as far as it is not in its values. */
struct input_state {
	struct text json;   /* the body, where it is sound JSON */
	json_t *body;	    /* an array of what was built of it; owned */
	struct fault fault; /* what is wrong with the input, answered when its time comes */
	bool coded;	    /* the body has a Content-Encoding, which is not understood */
};

/* Read the query. False where it has a fault, which is left in the request. Loop thread. */
bool input_read_query(struct request *request);

/* Read the body; its faults are left in the request. Any thread that has the request. */
void input_read_body(struct request *request);

/* What the members of an object become: values of the request itself, or of an item of a batch. */
struct input_target {
	struct request *request; /* collects the faults */
	const struct route *route;
	struct value *values;
	const char *pointer; /* to the object (RFC 6901) */
	bool whole;	     /* faults point at the object, and name the member */
	struct arena **arena;  /* owns the text */
};

/* Set the values of an object's members; a required one that is missing is a fault. Any thread. */
void input_read_members(const struct input_target *target, const json_t *object);

/* The same for an object as text, which is sound JSON of the request's body. */
void input_read_object(const struct input_target *target, struct text object);

#endif
