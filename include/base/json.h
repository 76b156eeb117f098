/*
 * JSON text out (RFC 8259), written straight into a buffer, and strict JSON in. Any thread.
 *
 * What somebody has sent is scanned first: whether it is well-formed is known before anything is
 * built, at a cost that is linear in its length and in little memory. What is of use is then read
 * out of the text, piece by piece.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buffer.h"
#include "base/text.h"

#include <jansson.h>
#include <stdint.h>

/* The text as a JSON string with its quotes; text must be UTF-8. */
void json_write_text(struct buffer *buffer, struct text text);

void json_write_integer(struct buffer *buffer, int64_t number);

/* A short decimal form that reads back as the same number; number must be finite. */
void json_write_real(struct buffer *buffer, double number);

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

/* What is wrong, as a constant sentence that never quotes the text. */
const char *json_sentence(enum json_fault fault);

#define JSON_DEPTH_MOST 2048

/* One value at the front of a text. */
struct json_scan {
	struct text text; /* set by the caller, as the next two are */
	unsigned depth;	  /* how many objects and arrays may stand in each other; JSON_DEPTH_MOST */
	size_t values;	  /* how many there may be, inner ones counted too; what is left of them */
	size_t length;	  /* of the value, with the white space before it */
	unsigned deepest; /* how many did stand in each other */
};

/*
 * Find out whether a JSON value stands at the front of the text: by RFC 8259, in UTF-8, without a
 * NUL, a lone surrogate or a member that is there twice. What follows the value is not looked at.
 * Members are told apart by a keyed hash of 64 bits, and nothing is kept but eight bytes for each.
 */
enum json_fault json_scan(struct json_scan *scan);

/* The same of a text that is one object and nothing else. */
enum json_fault json_scan_object(struct text text, unsigned depth, size_t values);

/*
 * The way through an object or array that was found sound. Names and strings are as they stand in
 * the text: json_unescape() makes them what they mean.
 */
struct json_cursor {
	struct text rest;
};

struct json_cursor json_enter(struct text container);
bool json_next_member(struct json_cursor *cursor, struct text *name, struct text *value);
bool json_next_element(struct json_cursor *cursor, struct text *value);

/* The value of a member; its length is 0 where the object has none of that name. */
struct text json_find(struct text object, const char *name);

/* Between the quotes of a string: what it means, in buffer where it has an escape. */
struct text json_unescape(struct text raw, struct buffer *buffer);

/* A sound value, to be freed by the caller; of an object or array an empty one. */
json_t *json_read_flat(struct text value);

/*
 * The elements of a sound array, each as json_read_flat() has it, but for strings that were there
 * before. It ends behind that many, and behind what is no string.
 */
json_t *json_read_strings(struct text array, size_t most);

/*
 * Parse one JSON object. NULL where text is not UTF-8 JSON, not an object, nested deeper than
 * depth (the outermost object is 1), or has a duplicate member, a lone surrogate or a NUL in it;
 * then *why says which. The caller frees the object with json_decref().
 */
json_t *json_read_object(struct text text, unsigned depth, const char **why);

#endif
