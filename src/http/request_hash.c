/*
 * A request's password, to the hashing thread and back.
 */
#include "request.h"

#include "serving.h"

#include <stddef.h>
#include <string.h>

static void hash_done(struct work *work)
{
	struct request *request =
		(struct request *)(void *)((char *)work - offsetof(struct request, hash));

	passwords_release(request->server->passwords, &request->hash);
	if (request->server->closed)
		request_close(request);
	else if (request->hash.failed)
		request_refuse_for(
			request, 503, 1, "There is no memory to check a password just now.");
	else
		request->next(request);
}

bool request_reserve_hash(struct request *request)
{
	if (passwords_reserve(request->server->passwords, &request->hash))
		return true;
	request_refuse_for(request, 503, 1, "Too many passwords are being checked just now.");
	return false;
}

static void hash_exec(struct request *request, struct text password, void (*next)(struct request *))
{
	request->next = next;
	request->hash.work.done = hash_done;
	request->hash.password = password;
	request_wait(request);
	passwords_exec(request->server->passwords, &request->hash);
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
	memcpy(request->hash.text, hash.at, hash.length);
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
