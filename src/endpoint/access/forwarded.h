/*
 * The client of a request and the host that it asked for, also through a reverse proxy. Loop
 * thread.
 */
#ifndef ENDPOINT_FORWARDED_H
#define ENDPOINT_FORWARDED_H

struct request;

/*
 * The request's client is its connection's, and there are headers of a proxy. From a trusted proxy
 * the headers X-Forwarded-For, -Proto, -Host, -Port and -Prefix count; from any other peer they are
 * ignored. A client whose address cannot be read is unknown, and not the proxy.
 */
void forwarded_read(struct request *request);

/* Set the client's network from its address. */
void forwarded_write_network(struct request *request);

#endif
