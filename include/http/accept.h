/*
 * What a client takes, and what it would rather have: the weighted lists of Accept and
 * Accept-Encoding (RFC 9110, 12.4.2, 12.5.1 and 12.5.3). A header may be NULL, for not sent; an
 * element that does not parse is as one that is not there. Any thread.
 */
#ifndef HTTP_ACCEPT_H
#define HTTP_ACCEPT_H

#include "base/text.h"

#include <stdbool.h>

#define WEIGHT_MOST 1000 /* "q=1" */

/* The weight of a media type in an Accept, by its most precise range; 0 where it is not taken. */
int accept_type(const char *header, struct text type);

/*
 * Whether a page is preferred to JSON: it weighs more, or as much and is named itself. Who takes
 * anything gets JSON, as who sends no Accept.
 */
bool accept_prefers_page(const char *header);

/* Whether an Accept-Encoding takes gzip, and would not rather have the body as it is. */
bool accept_takes_gzip(const char *header);

#endif
