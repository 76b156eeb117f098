/*
 * application/x-www-form-urlencoded, of bodies and of queries. Any thread.
 */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "base/memory.h"
#include "base/text.h"

/*
 * Cut the next "name=value" off text. False at its end. Both are decoded: borrowed from text if
 * they need no decoding, else allocated in kept. *well: whether they are percent-encoded UTF-8
 * without NUL.
 */
bool form_next(
	struct arena **arena, struct text *text, struct text *name, struct text *value, bool *well);

#endif
