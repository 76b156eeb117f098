/*
 * Whether a text is JSON (RFC 8259). It is known before anything is built, at a cost that is linear
 * in the length of the text and in little memory. Any thread.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/text.h"

enum json_fault {
	JSON_SOUND,
	JSON_ENDS_EARLY,
	JSON_GOES_ON, /* something follows the end of the value */
	JSON_MALFORMED,
	JSON_NOT_UTF8,
	JSON_HAS_MARK, /* a byte order mark at its beginning */
	JSON_HAS_NUL,
	JSON_SURROGATE,	   /* one without its other half */
	JSON_OUT_OF_RANGE, /* a number; integers have 64 bits */
	JSON_TOO_DEEP,
	JSON_TWICE, /* the same member in one object */
	JSON_TOO_MANY,
	JSON_NO_OBJECT,
};

/* The fault as a constant sentence, which never quotes the text. */
const char *json_sentence(enum json_fault fault);

#define JSON_DEPTH_MOST 2048

/* One value at the front of a text. */
struct json_scan {
	struct text text; /* set by the caller, as the next two are */
	unsigned depth;	  /* how many objects and arrays may stand in each other; JSON_DEPTH_MOST */
	size_t values;	  /* how many there may be, inner ones counted too; what is left of them */
	size_t length;	  /* result: of the value, with the white space before it */
	unsigned deepest; /* result: how many did stand in each other */
};

/*
 * Check that the text begins with a JSON value (RFC 8259): in UTF-8, without a NUL, a lone
 * surrogate or two members of one name. What follows the value is not read. Members are told apart
 * by a keyed hash of 64 bits, so that a member costs eight bytes.
 */
enum json_fault json_scan(struct json_scan *scan);

/* The same of a text that is one object and nothing else. */
enum json_fault json_scan_object(struct text text, unsigned depth, size_t values);

#endif
