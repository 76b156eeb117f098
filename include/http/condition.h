/*
 * Conditions of a request (RFC 9110, 13): If-Match and If-None-Match. Any thread.
 */
#ifndef HTTP_CONDITION_H
#define HTTP_CONDITION_H

#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define ETAG_SIZE 32	    /* bytes of a revision's tag, terminated */
#define CONDITION_BRIEF 128 /* bytes of a list that is copied, terminated */

/* A list of any number of tags, as it was sent. */
struct condition {
	bool given;
	bool any;	  /* "*" */
	const char *tags; /* a long list, borrowed; NULL: it is in brief */
	char brief[CONDITION_BRIEF];
};

/*
 * Read such a header, which may be NULL; one that is CONDITION_BRIEF bytes or longer has to stay as
 * long as the condition. False where it is neither "*" nor a list of tags.
 */
bool condition_read(struct condition *condition, const char *header);

/*
 * Whether one of the tags is this one, which is given without quotes. A tag that a proxy has made
 * weak counts too: what is tagged here does not depend on the coding that the proxy has put on it.
 */
bool condition_names(const struct condition *condition, struct text tag);

/* The same of the tag of a revision. */
bool condition_matches(const struct condition *condition, int64_t revision);

/*
 * The revisions that such a list names, as ",r5,r7,": for a statement. Empty where it is "*". In memory
 * that lives in kept.
 */
struct text condition_revisions(const struct condition *condition, struct kept **kept);

/* The tag of a revision, with its quotes; and in the same room without them. */
void condition_tag(int64_t revision, char tag[ETAG_SIZE]);
struct text condition_bare_tag(int64_t revision, char tag[ETAG_SIZE]);

#endif
