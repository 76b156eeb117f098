/*
 * Pages that the server writes itself. The request is freed by each of these. Loop thread.
 */
#ifndef ENDPOINT_HTML_PAGE_H
#define ENDPOINT_HTML_PAGE_H

#include "state/request_state.h"

/* A problem as a page. */
void reply_page_problem(struct request *request, int status, const char *detail);

/* The way back from a form (RFC 9110, 15.4.4); location is relative to the request's path. */
void reply_see_other(struct request *request, const char *location);

/*
 * Lead from a page's path with a slash at its end to the one without, since the page's links are
 * relative; path is as it was sent.
 */
void reply_without_slash(struct request *request, struct text path);

#endif
