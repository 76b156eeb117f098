/*
 * Where the memory of requests comes from, and the one place that frees what they own.
 */
#include "request.h"

#include "serving.h"

#include <stdlib.h>

#define POOL_MOST 256
#define POOLED_ROWS_MOST ((size_t)16 << 10)

struct request *request_new(struct request_pool *pool)
{
	struct request *request = pool->first;

	if (request == NULL)
		return memory_zeroed(sizeof(*request));
	pool->first = request->pooled;
	pool->length--;
	struct buffer out = request->job.out;
	*request = (struct request){ .job.out = out };
	return request;
}

/* A token's text, and a password's hash. */
static void wipe_secrets(struct request *request)
{
	sodium_memzero(request->new_token, sizeof(request->new_token));
	sodium_memzero(request->hash.text, sizeof(request->hash.text));
}

void request_free(struct request *request)
{
	struct request_pool *pool = &request->server->pool;

	request->server->in_flight--;
	sweep_request(request);
	passwords_release(&request->hash);
	wipe_secrets(request);
	if (request->state_drop != NULL)
		request->state_drop(request->state);
	json_decref(request->body);
	memory_drop(&request->items.kept);
	buffer_free(&request->fault.members);
	memory_drop(&request->job.kept);
	memory_drop(&request->kept);
	if (pool->length == POOL_MOST || request->job.out.capacity > POOLED_ROWS_MOST) {
		buffer_free(&request->job.out);
		free(request);
		return;
	}
	request->job.out.length = 0;
	request->pooled = pool->first;
	pool->first = request;
	pool->length++;
}

void request_pool_free(struct request_pool *pool)
{
	struct request *request;

	while ((request = pool->first) != NULL) {
		pool->first = request->pooled;
		buffer_free(&request->job.out);
		free(request);
	}
}
