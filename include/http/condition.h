/*
 * Conditions of a request (RFC 9110, 13): If-Match and If-None-Match. Any thread.
 */
#ifndef HTTP_CONDITION_H
#define HTTP_CONDITION_H

#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>

#define CONDITION_INLINE 128 /* bytes of a list that is copied, terminated */

/* "*", or a list of any number of tags, as it was sent. */
struct condition {
	bool given;
	bool any;	  /* "*" */
	const char *tags; /* a long list, borrowed from the request; NULL: it is in inline_tags */
	char inline_tags[CONDITION_INLINE];
};

/*
 * Read such a header, which may be NULL. If it has CONDITION_INLINE bytes or more, it has to live
 * as long as the condition. False if it is neither "*" nor a list of tags.
 */
bool condition_read(struct condition *condition, const char *header);

/*
 * Whether one of the tags is this one, given without quotes. A weak tag matches too: our tags are
 * of the content before any coding, which we apply or a proxy.
 */
bool condition_has_tag(const struct condition *condition, struct text tag);

/* Whether this tag, given without quotes, is in the list, and each time marked as weak. */
bool condition_is_weak(const struct condition *condition, struct text tag);

/*
 * The revisions that such a list names, as ",r5,r7,": for a statement. Empty if it is "*".
 * Allocated in kept.
 */
struct text condition_revisions(const struct condition *condition, struct arena **arena);

#endif
