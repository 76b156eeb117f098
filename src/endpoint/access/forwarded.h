/*
 * Who asks, and what for, where a proxy stands in between. Loop thread.
 */
#ifndef ENDPOINT_FORWARDED_H
#define ENDPOINT_FORWARDED_H

struct request;

/*
 * Sets the request's address, and where a trusted proxy has sent it, what that says of the client:
 * X-Forwarded-For, -Proto, -Host, -Port and -Prefix. Of everybody else they are ignored. A client
 * whose address cannot be read is unknown, and not the proxy.
 */
void forwarded_read(struct request *request);

/* Sets the request's site, from its address. */
void forwarded_write_site(struct request *request);

#endif
