/*
 * A table with chains: there are as many shares as accounts that send something large just now.
 */
#include "share.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

static struct share **bucket_of(struct shares *shares, int64_t account)
{
	return &shares->bucket[(uint64_t)account % SHARE_BUCKETS];
}

struct share *shares_enter(struct shares *shares, int64_t account)
{
	struct share **bucket = bucket_of(shares, account);
	struct share *share = *bucket;

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

void shares_leave(struct shares *shares, struct share *share)
{
	struct share **at = bucket_of(shares, share->account);

	if (--share->holders > 0)
		return;
	assert(share->held == 0);
	while (*at != share)
		at = &(*at)->next;
	*at = share->next;
	free(share);
}
