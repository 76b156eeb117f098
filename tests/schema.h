/*
 * JSON Schema (2020-12), as far as the API's description uses it for replies: $ref, allOf, anyOf,
 * type, const, enum, format of a date, properties, required, items. A keyword beside these is an
 * error, so that nothing is taken for checked that is not.
 */
#ifndef TESTS_SCHEMA_H
#define TESTS_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

struct schema {
	const json_t *document; /* what the references point into */
	char why[512];		/* after a false: the first thing that is wrong */
};

/* What "#/a/b" points at; NULL where it points at nothing. */
const json_t *schema_resolve(const json_t *document, const char *reference);

/*
 * Whether the value is as the schema says, and each object in it has exactly the members that the
 * schema names: none is missing and none is more.
 */
bool schema_describes(struct schema *schema, const json_t *rule, const json_t *value);

#endif
