/*
 * How many bytes of large bodies each account has on their way. Loop thread.
 */
#ifndef HTTP_BODY_SHARE_H
#define HTTP_BODY_SHARE_H

#include <stdint.h>

#define BODY_SHARE_BUCKETS 256

struct body_share {
	struct body_share *next;
	int64_t account;
	uint64_t held;	  /* bytes; whoever holds them adds and subtracts */
	unsigned holders; /* connections that have this share */
};

/* Zeroed is empty. */
struct body_shares {
	struct body_share *bucket[BODY_SHARE_BUCKETS];
};

/* The share of an account, for one holder more; and one less, when the share may go. */
struct body_share *body_shares_enter(struct body_shares *shares, int64_t account);
void body_shares_leave(struct body_shares *shares, struct body_share *share);

#endif
