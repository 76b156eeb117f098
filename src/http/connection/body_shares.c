/*
 * A hash table with chains of the accounts whose large bodies are in memory. Few have some at a time.
 */
#include "connection/body_shares.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

#define MIB(n) ((uint64_t)(n) << 20)
#define LARGE_MAX MIB(256) /* if there is enough memory */
#define LARGE_MIN MIB(80)  /* the longest import, and some for the others */
#define SHARE_MAX MIB(64)
#define OTHERS_MIN MIB(16) /* that one account leaves to the others */
#define UNIDENTIFIED_MAX MIB(64)

static uint64_t clamp(uint64_t min, uint64_t bytes, uint64_t max)
{
	return bytes < min ? min : bytes < max ? bytes : max;
}

struct byte_limits connection_byte_limits(uint64_t memory)
{
	uint64_t large = clamp(LARGE_MIN, memory / 8, LARGE_MAX);

	return (struct byte_limits){ .large = large,
		.share = clamp(0, large - OTHERS_MIN, SHARE_MAX),
		.unidentified = clamp(MIB(1), memory / 16, UNIDENTIFIED_MAX),
		.unsent = clamp(MIB(1), memory / 8, LARGE_MAX) };
}

/* The large bodies of one account, as long as a connection has some of them. */
struct body_share {
	struct body_share *next;
	int64_t account;
	uint64_t reserved; /* bytes */
	unsigned holders;  /* connections */
};

static struct body_share **bucket_of(struct body_shares *shares, int64_t account)
{
	return &shares->bucket[(uint64_t)account % BODY_SHARE_BUCKETS];
}

static struct body_share *hold(struct body_shares *shares, int64_t account)
{
	struct body_share **bucket = bucket_of(shares, account);
	struct body_share *share = *bucket;

	while (share != NULL && share->account != account)
		share = share->next;
	if (share == NULL) {
		share = memory_zeroed(sizeof(*share));
		share->account = account;
		share->next = *bucket;
		*bucket = share;
	}
	share->holders++;
	return share;
}

static void drop_holder(struct body_shares *shares, struct body_share *share)
{
	struct body_share **at = bucket_of(shares, share->account);

	if (--share->holders > 0)
		return;
	assert(share->reserved == 0);
	while (*at != share)
		at = &(*at)->next;
	*at = share->next;
	free(share);
}

static void leave(struct connection *connection)
{
	if (connection->share != NULL)
		drop_holder(&connection->all->shares, connection->share);
	connection->share = NULL;
}

void body_share_enter(struct connection *connection, int64_t account)
{
	struct body_share *share = hold(&connection->all->shares, account);

	if (connection->share != NULL)
		connection->share->reserved -= connection->reserved;
	leave(connection);
	share->reserved += connection->reserved;
	connection->share = share;
}

bool body_share_has_room(const struct connection *connection, uint64_t more)
{
	const struct body_share *share = connection->parser.admitted ? connection->share : NULL;
	const struct byte_limits *limits = &connection->all->limits;

	return connection->all->reserved + more <= limits->large &&
	       (share == NULL || share->reserved + more <= limits->share);
}

bool body_share_reserve(struct connection *connection, uint64_t more)
{
	if (!body_share_has_room(connection, more))
		return parser_refuse(&connection->parser, 503, BODY_NO_ROOM);
	connection->all->reserved += more;
	connection->share->reserved += more;
	connection->reserved += more;
	connection->parser.body_reserved += more;
	return true;
}

void body_share_release(struct connection *connection, uint64_t kept)
{
	uint64_t less = connection->reserved - kept;

	connection->all->reserved -= less;
	connection->reserved = kept;
	if (connection->share != NULL)
		connection->share->reserved -= less;
	if (kept == 0 && !connection->parser.admitted)
		leave(connection);
}
