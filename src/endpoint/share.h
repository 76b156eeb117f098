/*
 * Whose work a request makes, so that the store's queues can give each one its turn: the account's,
 * as far as it is known; else the client's address. Loop thread.
 */
#ifndef ENDPOINT_SHARE_H
#define ENDPOINT_SHARE_H

#include <stdint.h>

#define SHARE_TOKENS 1024 /* a power of two */

struct request;

/* Tokens whose accounts were found lately. It decides about turns alone, never about rights. */
struct share_cache {
	struct {
		uint64_t token; /* the first bytes of its hash */
		uint64_t account;
	} known[SHARE_TOKENS];
};

/* The share of a request's jobs, see struct work. */
uint64_t share_of_request(const struct request *request);

/* A job of the request is back, and may have found out the account. */
void share_learn(const struct request *request);

#endif
