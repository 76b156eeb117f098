/*
 * JSON Schema (2020-12), as far as the API's description uses it for replies; its keywords are the
 * rows of the tables in schema.c and schema_value.c. A keyword beside these is an error, so that
 * nothing is taken for checked that is not.
 *
 * One thing is stricter than the standard: an object has no members but those that its schema
 * describes (as if "unevaluatedProperties": false stood in each), unless it has
 * "additionalProperties": true, or a schema for them. The schema `true` describes anything.
 */
#ifndef TESTS_SCHEMA_H
#define TESTS_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

struct schema {
	const json_t *document; /* what the references point into */
	char why[512];		/* after a false: the first thing that is wrong */
	bool broken;		/* after a false: it is the schema that cannot be used */
	char at[256];		/* private: where in the value, as a JSON pointer */
};

/* What "#/a/b" points at; NULL where it points at nothing. */
const json_t *schema_resolve(const json_t *document, const char *reference);

/* Whether the value, with all that is in it, is as the schema says. */
bool schema_describes(struct schema *schema, const json_t *rule, const json_t *value);

#endif
