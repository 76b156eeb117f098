/*
 * How many bytes of large bodies each account has on their way. Loop thread.
 */
#ifndef HTTP_SHARE_H
#define HTTP_SHARE_H

#include <stdint.h>

#define SHARE_BUCKETS 256

struct share {
	struct share *next;
	int64_t account;
	uint64_t held;	  /* bytes; whoever holds them adds and subtracts */
	unsigned holders; /* connections that have this share */
};

/* Zeroed is empty. */
struct shares {
	struct share *bucket[SHARE_BUCKETS];
};

/* The share of an account, for one holder more; and one less, when the share may go. */
struct share *shares_enter(struct shares *shares, int64_t account);
void shares_leave(struct shares *shares, struct share *share);

#endif
