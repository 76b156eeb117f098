/*
 * The API's own description (OpenAPI 3.1), as the server gives it, for tests that hold the server
 * to it. It is read once and may then be used by forked processes: what each of them notes as seen
 * is seen by all.
 */
#ifndef TESTS_DESCRIPTION_H
#define TESTS_DESCRIPTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define DESCRIPTION_PATH "/api/v1/openapi.json"

struct description {
	json_t *document;
	size_t count; /* of its operations */
	bool *seen;   /* of each operation, whether it was seen to succeed */
};

struct operation {
	const char *path, *method; /* "/api/v1/accounts/{username}", "get" */
	const json_t *about;
	size_t place; /* counted through all paths */
};

/* How much of a request is in the description. */
enum described { DESCRIBED_NOTHING, DESCRIBED_PATH, DESCRIBED_OPERATION };

/* Takes the document over. */
void description_make(struct description *description, json_t *document);

/* description_make() of what the server on this port of 127.0.0.1 gives. false: it gives none. */
bool description_fetch(struct description *description, int port);

void description_free(struct description *description);

/* The operation of that place; false: there are not so many. */
bool description_at(const json_t *document, size_t place, struct operation *operation);

/*
 * The operation of a request, by its method and its target as they were sent: percent-encoded, with
 * or without a query, a slash at the end, or the server's name in front. HEAD is GET.
 */
enum described description_find(const struct description *description, const char *method,
	const char *target, struct operation *operation);

/* Whether the target's path is this template's. */
bool description_fits(const char *template, const char *target);

/* The described response of that status, or of its class, or of any; NULL: there is none. */
const json_t *description_response(
	const struct description *description, const struct operation *operation, int status);

/* What stands there, or what it refers to ("$ref"); NULL: nothing. */
const json_t *description_follow(const struct description *description, const json_t *at);

#endif
