/*
 * Many items in one transaction: see request_exec_batch() in endpoint/endpoint.h.
 */
#ifndef ENDPOINT_BATCH_H
#define ENDPOINT_BATCH_H

struct access_sql;
struct batch_statements;
struct request;
struct store;

/* Before store_start(). */
void batch_prepare(
	struct store *store, const struct access_sql *sql, struct batch_statements *questions);

/* Refuse a request because of the item that has failed in its job. Loop thread. */
void batch_refuse(struct request *request);

#endif
