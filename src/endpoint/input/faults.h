/*
 * The faults of a request's input. Any thread that has the request.
 */
#ifndef ENDPOINT_FAULTS_H
#define ENDPOINT_FAULTS_H

#include "base/buffer.h"
#include "base/text.h"

#include <stdbool.h>

struct input_target;
struct request;

/* The first fault that has a status of its own, and the list of faults in members (422). */
struct fault {
	int status; /* 0: none */
	const char *detail;
	struct buffer members; /* JSON objects with commas between them */
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
