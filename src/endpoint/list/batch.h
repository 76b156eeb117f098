/*
 * Many items in one transaction: see request_exec_batch() in endpoint/endpoint.h.
 */
#ifndef ENDPOINT_BATCH_H
#define ENDPOINT_BATCH_H

struct access_sql;
struct batch_item;
struct arena;
struct request;
struct statement;
struct store;

/* Of a request that is a batch. */
struct batch_state {
	struct batch_item *item; /* in their order; each is a part of the job */
	struct arena *arena; /* the text of one that is passing */
};

/* What runs before an item's own statements. */
struct batch_statements {
	const struct statement *newest;	 /* the account's revision */
	const struct statement *matches; /* a row where the revision is one that the item wants */
};

/* Before store_start(). */
void batch_prepare(
	struct store *store, const struct access_sql *sql, struct batch_statements *questions);

/* Refuse a request because of the item that has failed in its job. Loop thread. */
void batch_refuse(struct request *request);

#endif
