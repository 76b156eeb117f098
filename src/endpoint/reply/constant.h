/*
 * Replies whose bytes stay the same as long as the server runs, but for the prefix of our paths
 * that clients of a proxy see. They are made once and have a strong tag (RFC 9110, 8.8.1). Loop
 * thread.
 */
#ifndef ENDPOINT_CONSTANT_H
#define ENDPOINT_CONSTANT_H

#include "base/buffer.h"

struct request;

/*
 * The mark for the prefix in a text. No text of ours has this character, and a prefix has none that
 * JSON would escape (forwarded_read_prefix()).
 */
#define CONSTANT_PREFIX "\x7f"
#define CONSTANT_HASH 16 /* bytes */

enum constant_form {
	CONSTANT_JSON,
	CONSTANT_JSON_OR_PAGE, /* JSON at a path where browsers get a page */
	CONSTANT_PAGE
};

struct constant {
	enum constant_form form;
	struct buffer text;   /* with its marks; empty where it has none */
	struct buffer bare;   /* what a client without a prefix gets; lent to replies */
	struct buffer packed; /* the same in gzip, and lent too; empty where it is short */
	unsigned char hash[CONSTANT_HASH];
};

/* Keep a text, which is taken over; without_prefix replaces the marks where there is no prefix. */
void constant_keep(struct constant *constant, enum constant_form form, struct buffer *text,
	const char *without_prefix);

/*
 * Answer with it: 200, or by the request's conditions 304 or 412. The request's endpoint heeds
 * those (ETAG_CONDITIONS).
 */
void constant_reply(struct request *request, const struct constant *constant);

void constant_free(struct constant *constant);

#endif
