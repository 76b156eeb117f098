/* What the keywords of a schema have in common, for the files that read them. */
#ifndef TESTS_SCHEMA_KEYWORD_H
#define TESTS_SCHEMA_KEYWORD_H

#include "schema.h"

struct keyword;

/* A keyword where it stands, and the value that it is about. */
struct place {
	const struct keyword *keyword;
	const json_t *given; /* what the schema says behind the keyword */
	const json_t *rule;  /* the schema that the keyword is a part of */
	const json_t *value;
	json_t *known; /* the value's members that have been described so far */
};

struct keyword {
	const char *name;
	bool (*match)(struct schema *schema, const struct place *place);
	double (*measure)(const json_t *value); /* for a limit; NAN: it does not apply */
};

/* Notes the cause unless a deeper one is noted already; the value is false, to be returned. */
bool schema_fail(struct schema *schema, const json_t *value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As schema_fail(), where the keyword itself makes no sense. */
bool schema_break(struct schema *schema, const struct place *place);

/* The keywords that look at a value and no further; NULL: it is none of them. */
const struct keyword *schema_value_keyword(const char *name);

#endif
