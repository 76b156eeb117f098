/*
 * application/x-www-form-urlencoded, of bodies and of queries. Any thread.
 */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "base/memory.h"
#include "base/text.h"

/*
 * Cut the next "name=value" off text; false at its end. Both are decoded, borrowed where that
 * changes nothing, else kept. well: whether they are percent-encoded UTF-8 without NUL.
 */
bool form_next(
	struct kept **kept, struct text *text, struct text *name, struct text *value, bool *well);

#endif
