/*
 * Whether a text has the same member twice in one object. Any thread.
 */
#ifndef BASE_JSON_NAMES_H
#define BASE_JSON_NAMES_H

#include "base/json.h"

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
