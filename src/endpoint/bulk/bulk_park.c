/*
 * The requests that wait for the end of a large change of their account.
 */
#include "bulk/bulk.h"

#include "request_state.h"
#include "server_internal.h"

void bulk_park(struct request *request)
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

/*
 * What the store has seen may be over: its answer comes by another way than the word of the end, and
 * may come after it. Who looked before an end that has been told of since looks again.
 */
void bulk_wait(struct request *request)
{
	request->bulk.parked = false;
	if (request->bulk.ended == request->server->bulks_ended) {
		bulk_park(request);
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
			bulk_park(request);
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
		request->next = NULL; /* nothing was done, and no reply says so */
		come_back(request, STORE_DONE);
	}
}
