/*
 * Conditions of a request (RFC 9110, 13): If-Match and If-None-Match, of revisions. Any thread.
 */
#ifndef HTTP_CONDITION_H
#define HTTP_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

#define CONDITION_TAGS 32
#define ETAG_SIZE 32 /* bytes of a tag's text, terminated */

struct condition {
	bool given;
	bool any; /* "*" */
	unsigned count;
	int64_t revision[CONDITION_TAGS]; /* of the strong tags that are ours */
	bool weak[CONDITION_TAGS];
};

/* Read such a header, which may be NULL. False where it is neither "*" nor a list of tags. */
bool condition_read(struct condition *condition, const char *header);

/* Whether one of the tags is the revision's; weak ones count only where they may (8.8.3.2). */
bool condition_matches(const struct condition *condition, int64_t revision, bool weak);

/* The tag of a revision, with its quotes. */
void condition_tag(int64_t revision, char tag[ETAG_SIZE]);

#endif
