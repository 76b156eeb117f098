/*
 * A large change is staged slice by slice, each in a transaction of its own, where nobody sees it:
 * see accounts.bulk in schema.sql. One small transaction makes it visible. What is left behind then,
 * or where something went wrong, or where the server was killed, is swept: see sweep.h.
 */
#include "bulk/bulk.h"

#include "access/admission.h"
#include "bulk/sweep.h"
#include "request_state.h"
#include "server_internal.h"
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

void request_rows_add(struct bulk_rows *rows, const struct item *item)
{
	rows_add(&rows->rows, item->values, rows->index);
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
	request->job.quiet = false;
	add_list(request, BULK_FINISH);
	admission_keep(request);
}

/* Behind what is in the job already; with the last slice of rows comes the end of it all. */
static void add_slice(struct request *request)
{
	struct rows *rows = request->bulk.rows;
	struct job *job = &request->job;

	job->quiet = true;
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

/* All of it is visible. Where something is left behind, finish has said so in $bulk. */
static void finished(struct request *request)
{
	request->bulk.begun = request->values[SLOT_BULK].integer != 0;
	if (!request->bulk.begun)
		bulk_unpark(request->server);
	request->bulk.next(request);
}

static void begin_job(struct request *request, void (*next)(struct request *request))
{
	request_begin_job(request, next);
	request->job.statements = request->run;
}

/* What was staged is committed: on with the next slice, or with the end. */
static void slice_done(struct request *request)
{
	const struct rows *rows = request->bulk.rows;

	if (rows != NULL && rows->run == rows->count) {
		finished(request);
		return;
	}
	if (rows != NULL || request_value(request, "more")->integer != 0) {
		begin_job(request, slice_done);
		admission_bulk(request);
		add_slice(request);
	} else {
		begin_job(request, finished);
		admission_bulk(request);
		add_finish(request);
	}
	request_hand_over(request);
}

/* Whose it is, so that nothing else is ever swept in its place: a number that none had before. */
static void number_bulk(struct request *request)
{
	uint64_t number;

	randombytes_buf(&number, sizeof(number));
	request->values[SLOT_BULK_NUMBER] =
		(struct value){ VALUE_INTEGER, .integer = (int64_t)(number >> 1) | 1 };
}

void request_exec_bulk(struct request *request, struct bulk_rows *rows,
	void (*next)(struct request *request), void (*refused)(struct request *request))
{
	request->bulk = (struct bulk_state){ .rows = rows != NULL ? &rows->rows : NULL,
		.next = next,
		.refused = refused,
		.begun = true }; /* a COMMIT that failed may have begun it */
	number_bulk(request);
	begin_job(request, slice_done);
	admission_begin(request, &request->route->statements[BULK_BEGIN]);
	add_slice(request);
	if (sweep_is_ready(request->server))
		request_hand_over(request);
	else
		bulk_park(request);
}

void bulk_refuse(struct request *request)
{
	request->bulk.refuses = request->bulk.begun = false;
	request->bulk.refused(request);
}
