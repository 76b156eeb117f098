/*
 * What all replies share: statuses, constant headers, ETags, and problem documents. Any thread.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "base/buffer.h"

#include <stdint.h>

/*
 * The constant headers of a reply. Each follows the end of the line before it, so that they can be
 * strung together. A reply without a body has no type: only COMMON_HEADERS or API_HEADERS.
 */
#define COMMON_HEADERS "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer"
#define CACHED_HEADERS(how)                                                                        \
	COMMON_HEADERS "\r\nCache-Control: " how "\r\nAccess-Control-Expose-Headers: "             \
		       "Accept-Encoding, Accept-Patch, ETag, Idempotent-Replayed, Link, "          \
		       "Location, Retry-After, X-Request-Id\r\nAccess-Control-Allow-Origin: *"
/* Any reply that may be long can be coded: see reply/coding.c. */
#define VARY_HEADER "\r\nVary: Accept-Encoding"
#define API_HEADERS CACHED_HEADERS("private, no-cache") VARY_HEADER
#define NO_STORE_HEADERS CACHED_HEADERS("no-store")

#define CONTENT_TYPE(media) "\r\nContent-Type: " media
#define JSON_TYPE CONTENT_TYPE("application/json; charset=\"utf-8\"")
#define PROBLEM_TYPE CONTENT_TYPE("application/problem+json")
#define HTML_TYPE CONTENT_TYPE("text/html; charset=utf-8")

#define PAGE_HEADERS                                                                               \
	COMMON_HEADERS "\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; "      \
		       "style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "   \
		       "form-action 'self'; frame-ancestors 'none'"

#define HTML_HEADERS HTML_TYPE PAGE_HEADERS "\r\nCache-Control: no-store" VARY_HEADER

#define PATCH_TYPES "application/merge-patch+json, application/json" /* RFC 5789, 3.1 */

/* More than the server has statuses: the rest count as one. */
#define REPLY_STATUSES 32

#define ETAG_SIZE 32 /* bytes of a revision's ETag, terminated */

/* An index below REPLY_STATUSES for each status; and the status of an index, 0 if it has none. */
unsigned reply_status_index(int status);
int reply_status_at(unsigned index);

/* The reason phrase of a status (RFC 9110, 15), which is also a problem's title. */
const char *reply_reason(int status);

/* The ETag of a revision (RFC 9110, 8.8.3), with its quotes; and the part of it within them. */
void reply_tag(int64_t revision, char tag[ETAG_SIZE]);
struct text reply_unquoted_tag(int64_t revision, char tag[ETAG_SIZE]);

/* The time as the Date header has it (RFC 9110, 5.6.7), until the next call. Loop thread. */
struct text reply_date(void);

/* Write a problem document (RFC 9457) but its end: the caller adds members of its own, and "}". */
void reply_open_problem(struct buffer *out, int status, const char *detail);

#endif
