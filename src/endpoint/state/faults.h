/*
 * The faults of a request's input. Any thread that has the request.
 */
#ifndef ENDPOINT_FAULTS_H
#define ENDPOINT_FAULTS_H

#include "base/text.h"

#include <stdbool.h>

struct arena;
struct request;
struct route;
struct value;

/* What the members of an object become: values of the request itself, or of an item of a batch. */
struct input_target {
	struct request *request; /* collects the faults */
	const struct route *route;
	struct value *values;
	const char *pointer; /* to the object (RFC 6901) */
	bool whole;	     /* faults point at the object, and name the member */
	struct arena **arena;  /* owns the text */
};

/* A fault with a status of its own, and a constant sentence; the first one counts. */
void input_fault(struct request *request, int status, const char *detail);

/*
 * A fault (400) of a parameter of the query; wrong follows its name in the sentence: "is given
 * twice".
 */
void input_parameter_fault(struct request *request, struct text name, const char *wrong);

/* A fault (422) of a member of the object, which detail says in a sentence. */
void input_member_fault(const struct input_target *target, struct text member, const char *detail);

#endif
