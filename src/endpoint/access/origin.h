/*
 * The origin of a request as a browser tells it (Sec-Fetch-Site; Origin, RFC 6454): our own page,
 * or another site. Loop thread.
 */
#ifndef ENDPOINT_ORIGIN_H
#define ENDPOINT_ORIGIN_H

struct request;

/* Sets the request's same_origin and cross_site. What is no browser says neither. */
void origin_read(struct request *request);

/*
 * Why a request from another site gets no cookie: a sentence that names both hosts, kept by the
 * request. It is logged, too, once a minute at most.
 */
const char *origin_refuse_cookie(struct request *request);

#endif
