/*
 * Random requests, as a client would send them that knows the API's tables and has no manners: most
 * of them well-formed, many of them refused. The same seed gives the same requests as long as the
 * replies are the same.
 */
#ifndef TESTS_FUZZ_API_REQUEST_H
#define TESTS_FUZZ_API_REQUEST_H

#include "base/buffer.h"
#include "endpoint/endpoint.h"

#include <stdint.h>

#define API_PATH_SIZE 500

/* What is known of the server, and who asks. */
struct api_client {
	uint64_t random;
	int port;
	const char *name;  /* the account */
	const char *token; /* its own */
	const char *other; /* another account's token */
	char next[512];	   /* where the last page's Link leads; "" */
	char tag[64];	   /* the last ETag; "" */
	unsigned newest;   /* the last id that was made; 0 */
	const struct endpoint *const *rows;
	unsigned count;
};

struct api_request {
	char method[16];
	char path[API_PATH_SIZE]; /* with its query */
	struct buffer bytes;	  /* the whole request, to be freed */
	bool own;		  /* with the account's own token */
};

void api_request_make(struct api_client *client, struct api_request *request);

#endif
