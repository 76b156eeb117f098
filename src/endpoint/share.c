#include "share.h"

#include "request.h"
#include "serving.h"

#include <sodium.h>
#include <string.h>

#define SHARE_ADDRESS (UINT64_C(1) << 62) /* accounts are numbered from 1 on */

static uint64_t token_start(const struct request *request)
{
	uint64_t start;

	memcpy(&start, request->token, sizeof(start));
	return start;
}

/* An IPv6 network of 64 bits is one client, as it is everywhere here. */
static uint64_t share_of_address(const struct request *request)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES];
	const unsigned char *bytes = request->client_address.bytes;
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	bool four = memcmp(bytes, mapped, sizeof(mapped)) == 0;
	uint64_t hash;

	crypto_shorthash((unsigned char *)&hash, bytes,
		four ? sizeof(request->client_address.bytes) : 8, key);
	return SHARE_ADDRESS | hash >> 2;
}

uint64_t share_of_request(const struct request *request)
{
	const struct value *account = &request->values[SLOT_ASKER];
	const struct share_cache *cache = &request->server->shares;

	/* Who logs in has named an account, which is not yet theirs. */
	if (request->credentials == CREDENTIALS_NONE)
		return share_of_address(request);
	if (account->type == VALUE_INTEGER)
		return (uint64_t)account->integer;
	uint64_t token = token_start(request);
	size_t index = token & (SHARE_TOKENS - 1);

	/* A token may be invented: nobody has a share for each. */
	return cache->known[index].token == token ? cache->known[index].account
						  : share_of_address(request);
}

void share_learn(const struct request *request)
{
	const struct value *account = &request->values[SLOT_ASKER];

	if (request->credentials == CREDENTIALS_NONE || account->type != VALUE_INTEGER)
		return;
	uint64_t token = token_start(request);
	size_t index = token & (SHARE_TOKENS - 1);

	request->server->shares.known[index].token = token;
	request->server->shares.known[index].account = (uint64_t)account->integer;
}
