/*
 * The coding gzip (RFC 1952), which a body can be sent in (RFC 9110, 8.4.1.3). One owner at a time,
 * any thread.
 */
#ifndef HTTP_GZIP_H
#define HTTP_GZIP_H

#include "base/buffer.h"

#include <stdbool.h>

/* The memory that one takes, in bytes: zlib's window and tables, and its own record. */
#define GZIP_MEMORY ((size_t)136 << 10)

struct gzip;

struct gzip *gzip_new(void);

/*
 * Code more bytes; what comes of them now or came of earlier ones is added to out. With the last
 * ones the end is written too, and nothing may follow.
 */
void gzip_add(struct gzip *gzip, struct text bytes, bool last, struct buffer *out);

/* Of any state; NULL is none. */
void gzip_free(struct gzip *gzip);

#endif
