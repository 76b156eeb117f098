/*
 * What all replies share: statuses, constant headers, and problem documents. Any thread.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "base/buffer.h"

#include <stdbool.h>

/*
 * The constant headers of a reply, as the value of the first one with the others as lines after it.
 * The first is the Content-Type of JSON, of a problem or of a page. In BARE_HEADERS it is
 * X-Content-Type-Options, for a reply without a type, and in EMPTY_HEADERS, for one without a body,
 * Access-Control-Allow-Origin.
 */
#define BARE_HEADERS "nosniff\r\nReferrer-Policy: no-referrer"
#define COMMON_HEADERS "\r\nX-Content-Type-Options: " BARE_HEADERS
#define CACHED_HEADERS(how)                                                                        \
	COMMON_HEADERS "\r\nCache-Control: " how "\r\nAccess-Control-Expose-Headers: "             \
		       "Accept-Encoding, Accept-Patch, ETag, Idempotent-Replayed, Link, "          \
		       "Location, Retry-After, "                                                   \
		       "X-Request-Id"
/* Any reply that may be long can be coded: see reply/coding.c. */
#define VARY_HEADER "\r\nVary: Accept-Encoding"
#define API_HEADERS CACHED_HEADERS("private, no-cache") VARY_HEADER
#define ANY_ORIGIN "\r\nAccess-Control-Allow-Origin: *"

#define JSON_TYPE "application/json; charset=\"utf-8\""
#define PROBLEM_TYPE "application/problem+json"
#define JSON_HEADERS JSON_TYPE API_HEADERS ANY_ORIGIN
#define PROBLEM_HEADERS PROBLEM_TYPE API_HEADERS ANY_ORIGIN
#define NO_STORE_HEADERS CACHED_HEADERS("no-store") ANY_ORIGIN
#define EMPTY_HEADERS "*" API_HEADERS

#define PAGE_HEADERS                                                                               \
	COMMON_HEADERS "\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; "      \
		       "style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "   \
		       "form-action 'self'; frame-ancestors 'none'"

#define HTML_HEADERS "text/html; charset=utf-8" PAGE_HEADERS "\r\nCache-Control: no-store" VARY_HEADER

#define PATCH_TYPES "application/merge-patch+json, application/json" /* RFC 5789, 3.1 */

/* More than the server has statuses: the rest count as one. */
#define REPLY_STATUSES 32

/* An index below REPLY_STATUSES for each status; and the status of an index, 0 if it has none. */
unsigned reply_status_index(int status);
int reply_status_at(unsigned index);

/* The reason phrase of a status (RFC 9110, 15), which is also a problem's title. */
const char *reply_reason(int status);

/* Write a problem document (RFC 9457) but its end: the caller adds members of its own, and "}". */
void reply_open_problem(struct buffer *out, int status, const char *detail);

#endif
