/*
 * A table with chains: there are as many shares as accounts that send something large just now.
 */
#include "http/body_share.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

static struct body_share **bucket_of(struct body_shares *shares, int64_t account)
{
	return &shares->bucket[(uint64_t)account % BODY_SHARE_BUCKETS];
}

struct body_share *body_shares_enter(struct body_shares *shares, int64_t account)
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

void body_shares_leave(struct body_shares *shares, struct body_share *share)
{
	struct body_share **at = bucket_of(shares, share->account);

	if (--share->holders > 0)
		return;
	assert(share->held == 0);
	while (*at != share)
		at = &(*at)->next;
	*at = share->next;
	free(share);
}
