/*
 * Values out of JSON text, piece by piece. But for json_read_object() the text must have passed
 * json_scan(). Any thread.
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/text.h"

#include <jansson.h>

/*
 * A position in an object or array. Names and strings come as they are written in the text:
 * json_unescape() makes them what they mean.
 */
struct json_cursor {
	struct text rest;
};

struct json_cursor json_enter(struct text container);
bool json_next_member(struct json_cursor *cursor, struct text *name, struct text *value);
bool json_next_element(struct json_cursor *cursor, struct text *value);

/* The value of a member; its length is 0 where the object has none of that name. */
struct text json_find(struct text object, const char *name);

/* The value, to be freed by the caller; an empty one of an object or array. */
json_t *json_read_flat(struct text value);

/*
 * The elements of an array, each as json_read_flat() makes it, without strings that repeat an
 * earlier one. It ends after so many, and after an element that is no string. To be freed by the
 * caller.
 */
json_t *json_read_strings(struct text array, size_t most);

/*
 * Parse one JSON object. NULL where text is not UTF-8 JSON, not an object, nested deeper than
 * depth (the outermost object is 1), or has a duplicate member, a lone surrogate or a NUL in it;
 * then *why says which. The caller frees the object with json_decref().
 */
json_t *json_read_object(struct text text, unsigned depth, const char **why);

#endif
