/*
 * Input of a request: its query and its body become values. Loop thread.
 */
#ifndef ENDPOINT_INPUT_H
#define ENDPOINT_INPUT_H

#include "base/buffer.h"
#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>

struct kept;
struct request;
struct route;
struct value;

/* The first fault that has a status of its own, and the list of faults in members (422). */
struct fault {
	int status; /* 0: none */
	const char *detail;
	struct buffer members; /* JSON objects with commas between them */
};

/* What a request has sent, as far as it is not in its values. */
struct input_state {
	struct text json;   /* the body, where it is sound JSON */
	json_t *body;	    /* an array of what was built of it; owned */
	struct fault fault; /* what is wrong with the input, answered when its time comes */
	bool coded;	    /* the body has a Content-Encoding, which is not understood */
};

/* Read the query; false where something is wrong with it, which is left in the request's fault. */
bool input_read_query(struct request *request);

/* Read the body; what is wrong with it is left in the request's fault. */
void input_read_body(struct request *request);

/* Where the members of an object go: the request's own, or those of an item within it. */
struct intake {
	struct request *request; /* that keeps text and collects faults */
	const struct route *route;
	struct value *values;
	const char *pointer; /* RFC 6901: to the object */
	bool whole;	     /* faults point at the object itself */
	struct kept **kept;  /* that text goes to */
};

/* Make values of an object's members, and find those that are missing. Any thread. */
void input_read_members(const struct intake *intake, const json_t *object);

/* The same of an object that stands in the request's own body. */
void input_read_object(const struct intake *intake, struct text object);

/* input_fault.c: a fault of a member of the object. */
void input_member_fault(const struct intake *intake, struct text member, const char *detail);

/*
 * input_fault.c: a fault (400) of a parameter of the query, which the problem names; wrong goes on from
 * there: "is given twice".
 */
void input_parameter_fault(struct request *request, struct text name, const char *wrong);

/* input_fault.c: note a fault, unless an earlier one stands. */
void input_fault(struct request *request, int status, const char *detail);

#endif
