/*
 * What a request is made of: its memory, its values, the account or address that its jobs count
 * for, and its way to the store.
 */
#include "state/request_state.h"

#include "base/container_of.h"
#include "http/connection.h"
#include "http/gzip.h"
#include "state/server_state.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define POOL_MAX 256
#define POOLED_ROWS_MAX ((size_t)16 << 10)
#define SHARE_ADDRESS (UINT64_C(1) << 62) /* accounts are numbered from 1 on */

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
	sodium_memzero(request->session.new_token, sizeof(request->session.new_token));
	sodium_memzero(request->hash.text, sizeof(request->hash.text));
}

void request_free(struct request *request)
{
	struct request_pool *pool = &request->server->pool;

	request->server->in_flight--;
	if (request->bulk.sweep != NULL)
		request->bulk.sweep(request);
	if (request->hash.state == HASH_RESERVED)
		passwords_release(&request->hash);
	wipe_secrets(request);
	if (request->handler.drop != NULL)
		request->handler.drop(request->handler.state);
	json_decref(request->input.body);
	if (request->coding.gzip != NULL)
		gzip_free(request->coding.gzip);
	buffer_free(&request->coding.coded);
	arena_free(&request->batch.arena);
	buffer_free(&request->input.fault.members);
	buffer_free(&request->reply.headers);
	arena_free(&request->job.arena);
	arena_free(&request->arena);
	if (pool->length == POOL_MAX || request->job.out.capacity > POOLED_ROWS_MAX) {
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

struct value *request_value(struct request *request, const char *name)
{
	int slot = route_slot(request->route, name);

	assert(slot >= 0);
	return &request->values[slot];
}

bool request_has_query(const struct request *request)
{
	return request->target.query.length > 0;
}

bool request_given(struct request *request, const char *name)
{
	const struct input *input = request->route->endpoint->input;
	int i = 0;

	/* Most differ in the first letter: no call for those. */
	while (i < ENDPOINT_INPUTS && input[i].name != NULL &&
		(input[i].name[0] != name[0] || strcmp(input[i].name, name) != 0))
		i++;
	assert(i < ENDPOINT_INPUTS && input[i].name != NULL);
	return request->values[request->route->input_slot[i].given].integer != 0;
}

void request_keep_state(struct request *request, void *state, void (*drop)(void *state))
{
	request->handler.state = state;
	request->handler.drop = drop;
}

void *request_state(struct request *request)
{
	return request->handler.state;
}

uint64_t request_rows(const struct request *request)
{
	return request->job.rows;
}

static uint64_t token_start(const struct request *request)
{
	uint64_t start;

	memcpy(&start, request->session.token, sizeof(start));
	return start;
}

static uint64_t share_of_address(const struct request *request)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES];
	struct address network = address_network(&request->client.address);
	uint64_t hash;

	crypto_shorthash((unsigned char *)&hash, network.bytes, sizeof(network.bytes), key);
	return SHARE_ADDRESS | hash >> 2;
}

uint64_t share_of_request(const struct request *request)
{
	const struct value *account = &request->values[SLOT_ASKER];
	const struct share_cache *cache = &request->server->shares;

	/* At a login the account is named, but the client is not known to own it. */
	if (request->session.credentials == CREDENTIALS_NONE)
		return share_of_address(request);
	if (account->type == VALUE_INTEGER)
		return (uint64_t)account->integer;
	uint64_t token = token_start(request);
	size_t index = token & (SHARE_TOKENS - 1);

	/* An unknown token may be invented: it must not get a share of its own. */
	return cache->known[index].token == token ? cache->known[index].account
						  : share_of_address(request);
}

void share_learn(const struct request *request)
{
	const struct value *account = &request->values[SLOT_ASKER];

	if (request->session.credentials == CREDENTIALS_NONE || account->type != VALUE_INTEGER)
		return;
	uint64_t token = token_start(request);
	size_t index = token & (SHARE_TOKENS - 1);

	request->server->shares.known[index].token = token;
	request->server->shares.known[index].account = (uint64_t)account->integer;
}

void request_wait(struct request *request)
{
	struct connection *connection =
		connection_of(request->server->connections, request->evhttp);

	if (connection != NULL)
		connection_suspend_reading(connection);
}

void request_begin_job(struct request *request, void (*next)(struct request *request))
{
	struct job *job = &request->job;
	struct buffer out = job->out;
	struct arena *arena = job->arena;

	request->next = next;
	request->precondition.status = 0;
	*job = (struct job){ .work.done = request->server->job_done, .out = out, .arena = arena };
	job->out.length = 0;
	job->values = request->values;
}

void request_hand_over(struct request *request)
{
	request_wait(request);
	request->job.work.share = share_of_request(request);
	request->bulk.ended = request->server->bulks_ended;
	store_exec(request->server->store, &request->job);
}

static void run_background(struct job *job)
{
	struct request *request = container_of(job, struct request, job);

	request->background(request);
}

void request_begin_background(struct request *request, void (*work)(struct request *request),
	void (*next)(struct request *request))
{
	request_begin_job(request, next);
	request->background = work;
	request->job.aside = run_background;
	request->job.long_running = true;
}

void request_run_in_background(struct request *request, void (*work)(struct request *request),
	void (*next)(struct request *request))
{
	request_begin_background(request, work, next);
	request_hand_over(request);
}

struct text request_random(struct request *request, size_t bytes)
{
	unsigned char *random = arena_alloc(&request->arena, bytes);
	char *digits = arena_alloc(&request->arena, 2 * bytes + 1);

	randombytes_buf(random, bytes);
	sodium_bin2hex(digits, 2 * bytes + 1, random, bytes);
	return (struct text){ digits, 2 * bytes };
}
