/*
 * Lists of strings: an array in JSON; in a form a text with commas. Any thread.
 */
#ifndef ENDPOINT_STRINGS_H
#define ENDPOINT_STRINGS_H

#include "endpoint/endpoint.h"
#include "types/raw_value.h"

/*
 * Call add() with each string: those of a list "home, garden", without the white space around a
 * comma; null and an empty text have none. It returns NULL, or what is wrong with a string as a
 * sentence, which ends the reading. NULL, or that sentence.
 */
const char *strings_read(const struct raw_value *raw,
	const char *(*add)(void *list, struct text string), void *list);

#endif
