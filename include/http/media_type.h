/*
 * Media types and codings: what a body is (Content-Type, Content-Encoding), and what a client
 * accepts and prefers, the weighted lists of Accept and Accept-Encoding (RFC 9110, 12.4.2, 12.5.1
 * and 12.5.3). A header may be NULL: not sent. An element of a list that does not parse is ignored.
 * Any thread.
 */
#ifndef HTTP_MEDIA_TYPE_H
#define HTTP_MEDIA_TYPE_H

#include "base/text.h"

#include <stdbool.h>

enum media { MEDIA_JSON, MEDIA_MERGE_PATCH, MEDIA_FORM, MEDIA_OTHER };

/* Read a Content-Type (RFC 9110, 8.3). NULL is JSON; a charset other than UTF-8 makes it other. */
enum media media_type_read(const char *header);

/*
 * Whether a Content-Type is one of a list of types, separated by spaces. NULL is, and so are the
 * types that clients send with any file or any body. A charset other than UTF-8 is not.
 */
bool media_type_is_listed(const char *header, const char *list);

/* Whether a Content-Encoding names a coding other than identity. */
bool media_is_coded(const char *header);

#define WEIGHT_MAX 1000 /* "q=1" */

/* The weight of a media type in an Accept, by its most specific range; 0: it is not accepted. */
int accept_type(const char *header, struct text type);

/*
 * Whether an Accept prefers a page to JSON: text/html weighs more, or as much and is named itself.
 * With no Accept, or one that takes anything, JSON is preferred.
 */
bool accept_prefers_page(const char *header);

/* Whether an Accept-Encoding accepts gzip, and does not prefer the body as it is. */
bool accept_allows_gzip(const char *header);

#endif
