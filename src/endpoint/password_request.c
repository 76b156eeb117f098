/*
 * Hashing and verifying the password of a request: see endpoint/endpoint.h.
 */
#include "request.h"

#include "access/forwarded.h"
#include "base/container_of.h"
#include "state/server_state.h"

#include <stddef.h>
#include <string.h>

static void refuse(struct request *request)
{
	request_refuse_for(request, 503, 1, "Too many passwords are being checked just now.");
}

static void hash_done(struct hash *hash)
{
	struct request *request = container_of(hash, struct request, hash);

	if (request->server->closed)
		request_close(request);
	else if (hash->state == HASH_DISPLACED)
		refuse(request);
	else if (request->hash.failed)
		request_refuse_for(
			request, 503, 1, "There is no memory to check a password just now.");
	else
		request->next(request);
}

bool request_reserve_hash(struct request *request)
{
	forwarded_write_network(request);
	if (passwords_reserve(request->server->passwords, &request->hash, request->client.network))
		return true;
	refuse(request);
	return false;
}

static void hash_exec(struct request *request, struct text password, void (*next)(struct request *))
{
	request->next = next;
	request->hash.done = hash_done;
	request->hash.password = password;
	if (passwords_exec(&request->hash))
		request_wait(request);
	else
		refuse(request);
}

void request_hash(
	struct request *request, struct text password, void (*next)(struct request *request))
{
	request->hash.verify = false;
	hash_exec(request, password, next);
}

void request_verify(struct request *request, struct text password, struct text hash,
	void (*next)(struct request *request))
{
	/* libsodium reads the whole array. */
	memset(request->hash.text, 0, sizeof(request->hash.text));
	if (hash.length >= sizeof(request->hash.text) || hash.length == 0)
		hash = text_of(password_of_nobody);
	memcpy(request->hash.text, hash.data, hash.length);
	request->hash.verify = true;
	hash_exec(request, password, next);
}

struct text request_hashed(struct request *request)
{
	return text_of(request->hash.text);
}

bool request_verified(struct request *request)
{
	return request->hash.right;
}
