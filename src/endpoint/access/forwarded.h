/*
 * The client of a request and the host that it asked for, also through a reverse proxy. Loop
 * thread.
 */
#ifndef ENDPOINT_FORWARDED_H
#define ENDPOINT_FORWARDED_H

#include "base/network.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct request;

/* That the client used, as far as a trusted proxy says so. */
enum scheme { SCHEME_UNKNOWN, SCHEME_HTTP, SCHEME_HTTPS };

/* The client of a request, and the way that it took to a trusted proxy, if it came by one. */
struct client_info {
	struct address address;	    /* zeroed where it is not known */
	bool local;		    /* both the client and its peer are this machine */
	char text[ADDRESS_SIZE];    /* the address as text, or "unknown" */
	char network[ADDRESS_SIZE]; /* see address_write_network() */
	enum scheme scheme;
	struct text forwarded_host; /* that the proxy was asked for; else empty */
	int64_t forwarded_port;	    /* the same; 0: not said */
	struct text prefix;	    /* of our paths as the proxy's clients see them; or empty */
};

/*
 * The request's client is its connection's, and there are headers of a proxy. From a trusted proxy the headers X-Forwarded-For, -Proto, -Host, -Port
 * and -Prefix count; from any other peer they are ignored. A client whose address cannot be read is
 * unknown, and not the proxy.
 */
void forwarded_read(struct request *request);

/* Set the client's network from its address. */
void forwarded_write_network(struct request *request);

#endif
