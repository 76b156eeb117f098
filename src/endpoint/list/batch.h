/*
 * Many items in one transaction: see request_exec_items() in endpoint/endpoint.h.
 */
#ifndef ENDPOINT_BATCH_H
#define ENDPOINT_BATCH_H

struct access_sql;
struct item;
struct kept;
struct request;
struct statement;
struct store;

/* Of a request that is a batch. */
struct items_state {
	struct item *item; /* in their order; each is a part of the job */
	struct kept *kept; /* the text of one that is passing */
};

/* What runs before an item's own statements. */
struct item_questions {
	const struct statement *newest;	 /* the account's revision */
	const struct statement *matches; /* a row where the revision is one that the item wants */
};

/* Before store_start(). */
void items_prepare(
	struct store *store, const struct access_sql *sql, struct item_questions *questions);

/* Refuse a request because of the item that has failed in its job. Loop thread. */
void items_refuse(struct request *request);

#endif
