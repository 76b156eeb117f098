/*
 * Where a browser says that a request comes from (Sec-Fetch-Site, and Origin as RFC 6454 has it):
 * our own page, or another site. Loop thread.
 */
#ifndef ENDPOINT_ORIGIN_H
#define ENDPOINT_ORIGIN_H

struct request;

/* Sets the request's same_origin and cross_site. What is no browser says neither. */
void origin_read(struct request *request);

/*
 * Of a request that comes from another site: why it gets no cookie, as a sentence that names both
 * hosts; kept by the request. The log has it too, once a minute.
 */
const char *origin_refuse_cookie(struct request *request);

#endif
