/*
 * The client of a request and the host that it asked for, also through a reverse proxy. Loop
 * thread.
 */
#ifndef ENDPOINT_FORWARDED_H
#define ENDPOINT_FORWARDED_H

struct request;

/*
 * Set the request's client. From a trusted proxy the headers X-Forwarded-For, -Proto, -Host, -Port
 * and -Prefix count; from any other peer they are ignored. A client whose address cannot be read is
 * unknown, and not the proxy.
 */
void forwarded_read(struct request *request);

/* Sets the request's site, from its address. */
void forwarded_write_site(struct request *request);

#endif
