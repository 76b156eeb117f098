/*
 * A large change is staged in slices, each in a transaction of its own, where no statement sees it:
 * see accounts.bulk in schema.sql. One small transaction makes it visible. The rows that are left
 * over, then or after a failure or a crash, are swept: see sweep.h.
 */
#include "bulk/bulk.h"

#include "access/guards.h"
#include "access/idempotency.h"
#include "bulk/sweep.h"
#include "state/request_state.h"
#include "state/server_state.h"
#include "store/rows.h"

#include <sodium.h>
#include <stdlib.h>

#define SLICE_ROWS 256 /* about ten milliseconds of the writer's */
#define SLICE_BYTES ((size_t)512 << 10)

/* ---- rows ---- */

struct bulk_rows {
	struct rows rows;
	int index[ROWS_COLUMNS]; /* of each column, among the values of an item */
};

struct bulk_rows *request_rows_new(
	struct request *request, const struct endpoint *item, const char *const *names)
{
	struct bulk_rows *rows = memory_zeroed(sizeof(*rows));
	const struct route *from = router_of(request->server->router, item);
	unsigned *columns = &rows->rows.columns;

	rows->rows.number_slot = route_slot(request->route, "number");
	for (; names[*columns] != NULL; ++*columns) {
		rows->rows.slot[*columns] = route_slot(request->route, names[*columns]);
		rows->index[*columns] = route_slot(from, names[*columns]);
	}
	return rows;
}

void request_rows_add(struct bulk_rows *rows, const struct batch_item *item)
{
	rows_add(&rows->rows, item->values, rows->index);
}

void request_rows_ask(struct bulk_rows *rows, bool (*take)(void *owner, size_t row), void *owner)
{
	rows->rows.take = take;
	rows->rows.owner = owner;
}

void request_rows_free(struct bulk_rows *rows)
{
	if (rows == NULL)
		return;
	rows_free(&rows->rows);
	free(rows);
}

/* ---- slices ---- */

static void add_list(struct request *request, enum statements which)
{
	const struct statements_list *list = &request->route->statements[which];

	for (unsigned i = 0; i < list->count; i++)
		request->run[request->job.count++] = list->statement[i];
}

static void add_finish(struct request *request)
{
	request->job.discard_rows = false;
	add_list(request, BULK_FINISH);
	if (request->idempotency.state != KEY_NONE)
		idempotency_save(request);
}

/* Add a slice to the job; the last slice of rows comes with the statements that finish. */
static void add_slice(struct request *request)
{
	struct rows *rows = request->bulk.rows;
	struct job *job = &request->job;

	job->discard_rows = true;
	if (rows != NULL) {
		job->each_of = rows;
		job->each = job->count;
		job->slice = rows_slice(rows, SLICE_ROWS, SLICE_BYTES);
		add_list(request, BULK_EACH);
	}
	add_list(request, BULK_SLICE);
	if (rows != NULL && rows->run + job->slice == rows->count)
		add_finish(request);
}

/* All of it is visible. finish has set $bulk where there are rows left to sweep. */
static void finished(struct request *request)
{
	if (request->values[SLOT_BULK].integer == 0) {
		request->bulk.sweep = NULL;
		bulk_unpark(request->server);
	}
	request->bulk.next(request);
}

static void begin_job(struct request *request, void (*next)(struct request *request))
{
	request_begin_job(request, next);
	request->job.statements = request->run;
}

/* The slice is committed: run the next one, or finish. */
static void slice_done(struct request *request)
{
	const struct rows *rows = request->bulk.rows;

	if (rows != NULL && rows->run == rows->count) {
		finished(request);
		return;
	}
	if (rows != NULL || request_value(request, "more")->integer != 0) {
		begin_job(request, slice_done);
		guards_add_bulk(request);
		add_slice(request);
	} else {
		begin_job(request, finished);
		guards_add_bulk(request);
		add_finish(request);
	}
	request_hand_over(request);
}

/* A number that no large change had before, so that the sweeper cannot confuse two. */
static void number_bulk(struct request *request)
{
	uint64_t number;

	randombytes_buf(&number, sizeof(number));
	request->values[SLOT_BULK_NUMBER] =
		(struct value){ VALUE_INTEGER, .integer = (int64_t)(number >> 1) | 1 };
}

/* Let the request wait for the end of a large change. */
static void park(struct request *request)
{
	struct request **end = &request->server->parked;

	request->bulk.parked = true;
	while (*end != NULL)
		end = &(*end)->bulk.next_parked;
	*end = request;
	request->bulk.next_parked = NULL;
	if (request->server->closed)
		bulk_close(request->server);
}

void request_exec_bulk(struct request *request, struct bulk_rows *rows,
	void (*next)(struct request *request), void (*refused)(struct request *request))
{
	request->bulk = (struct bulk_state){ .rows = rows != NULL ? &rows->rows : NULL,
		.next = next,
		.refused = refused,
		.sweep = sweep_request }; /* a COMMIT that failed may have begun it */
	number_bulk(request);
	begin_job(request, slice_done);
	guards_add_bulk_begin(request, &request->route->statements[BULK_BEGIN]);
	add_slice(request);
	if (sweep_is_ready(request->server))
		request_hand_over(request);
	else
		park(request);
}

void bulk_refuse(struct request *request)
{
	request->bulk.refuses = false;
	request->bulk.sweep = NULL;
	request->bulk.refused(request);
}

/* ---- requests that wait for the end of a large change of their account ---- */

/*
 * The large change that the job has met may have ended since: the job's result and the call of
 * bulk_unpark() come by different ways. Where one has ended in between, the request tries again.
 */
void bulk_wait(struct request *request)
{
	request->bulk.parked = false;
	if (request->bulk.ended == request->server->bulks_ended) {
		park(request);
		return;
	}
	request->job.out.length = 0;
	request_hand_over(request);
}

/* Off the list, so that they may enter it again. */
static struct request *take_parked(struct server *server)
{
	struct request *request = server->parked;

	if (request == NULL)
		return NULL;
	server->parked = request->bulk.next_parked;
	request->bulk.parked = false;
	return request;
}

void bulk_unpark(struct server *server)
{
	struct request *request, *all = server->parked;

	server->bulks_ended++;
	server->parked = NULL;
	while ((request = all) != NULL) {
		all = request->bulk.next_parked;
		request->bulk.parked = false;
		request->job.out.length = 0;
		request_hand_over(request);
	}
}

/* As from the store. */
static void come_back(struct request *request, enum store_result result)
{
	request->job.result = result;
	request->job.work.done(&request->job.work);
}

void bulk_fail(struct server *server, int64_t account, enum store_result result)
{
	struct request *request, *all = server->parked;

	server->bulks_ended++;
	server->parked = NULL;
	while ((request = all) != NULL) {
		all = request->bulk.next_parked;
		if (request->values[SLOT_ACCOUNT].integer != account) {
			park(request);
			continue;
		}
		request->bulk.parked = false;
		come_back(request, result);
	}
}

void bulk_close(struct server *server)
{
	struct request *request;

	while ((request = take_parked(server)) != NULL) {
		request->next = NULL; /* nothing was done, so it cannot end in a success */
		come_back(request, STORE_DONE);
	}
}
