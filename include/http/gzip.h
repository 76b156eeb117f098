/*
 * The coding gzip (RFC 1952), which a body can be sent in (RFC 9110, 8.4.1.3). One owner at a time,
 * any thread.
 */
#ifndef HTTP_GZIP_H
#define HTTP_GZIP_H

#include "base/buffer.h"

#include <stdbool.h>

struct gzip;

/* It takes 136 KiB of memory, most of them for zlib's window and tables. */
struct gzip *gzip_new(void);

/*
 * Code more bytes; what comes of them now or came of earlier ones is added to out. With the last
 * ones the end is written too, and nothing may follow.
 */
void gzip_add(struct gzip *gzip, struct text bytes, bool last, struct buffer *out);

/* Of any state; NULL is none. */
void gzip_free(struct gzip *gzip);

#endif
