/*
 * What the files about JSON share. Any thread.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/json.h"

/* How many bytes at the start of text are neither a quote, a backslash nor a control character. */
size_t json_plain_length(struct text text);

/* The value of four hex digits at the start of text; -1 where they are none. */
int json_hex(struct text text);

/*
 * The names of the members that a text has had so far, as hashes under a key that nobody outside
 * knows. Zeroed is empty.
 */
struct json_names {
	uint64_t *slot; /* open addressing; 0 is free */
	size_t size;	/* a power of two */
	size_t count;
};

/* Note a member of an object, which goes by a number; false where it is there already. */
bool json_names_add(struct json_names *names, uint32_t object, struct text name);
void json_names_free(struct json_names *names);

#endif
