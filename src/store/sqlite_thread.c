/*
 * The store's threads but for the writer's own work. One reads short answers, a batch to a read
 * transaction: the batch is taken first and the transaction begun after, so that a client reads its
 * own writes. Others read long answers, in pieces.
 */
#include "engine.h"

#include "base/thread.h"

#define BATCH_MOST 64
#define POST_AFTER 8			/* answers of a batch: the loop works on them meanwhile */
#define SHORT_BYTES ((size_t)256 << 10) /* above this an answer is a long one */
#define PIECE_BYTES ((size_t)64 << 10)

/* struct job's first member is its work. */
static struct job *job_of(struct work *work)
{
	return (struct job *)(void *)work;
}

static struct job *job_next(struct work_list *list)
{
	return job_of(work_list_remove(list));
}

static bool short_full(void *owner, struct job *job)
{
	struct worker *worker = owner;

	(void)job;
	worker->outgrown = true;
	return false;
}

/* As it was before it ran; it begins again where it holds up nobody. */
static void start_over(struct job *job)
{
	job->out.length = 0;
	job->rows = 0;
	job->written = false;
}

static void read_batch(struct worker *worker, struct work_list *batch)
{
	struct store *store = worker->store;
	enum store_result result =
		sqlite_result(&worker->sqlite, sqlite_command(&worker->sqlite, COMMAND_READ));
	struct work_list answered = { 0 };

	while (batch->length > 0) {
		struct job *job = job_next(batch);
		job->result = result;
		if (result == STORE_DONE)
			sqlite_job(&worker->sqlite, job);
		if (worker->outgrown) {
			worker->outgrown = false;
			start_over(job);
			work_queue_add(store->longs, &job->work);
			continue;
		}
		work_list_add(&answered, &job->work);
		if (answered.length == POST_AFTER)
			work_return_post(store->home, &answered);
	}
	sqlite_command(&worker->sqlite, COMMAND_COMMIT);
	if (answered.length > 0)
		work_return_post(store->home, &answered);
}

static void *reader_main(void *argument)
{
	struct worker *worker = argument;

	for (;;) {
		struct work_list batch = work_queue_take(worker->store->reads, BATCH_MOST);
		if (batch.length == 0)
			return NULL;
		read_batch(worker, &batch);
	}
}

static void post_one(struct store *store, struct job *job)
{
	struct work_list one = { 0 };

	work_list_add(&one, &job->work);
	work_return_post(store->home, &one);
}

/* A piece is full: it is the loop's turn, until it has sent the piece or given up. */
static bool long_full(void *owner, struct job *job)
{
	struct store *store = ((struct worker *)owner)->store;
	bool on = false;

	pthread_mutex_lock(&store->lock);
	if (!store->closing) {
		job->result = STORE_MORE;
		job->turn = JOB_WAITS;
		post_one(store, job);
		while (job->turn == JOB_WAITS && !store->drained)
			pthread_cond_wait(&store->resumed, &store->lock);
		on = job->turn == JOB_RUNS;
	}
	pthread_mutex_unlock(&store->lock);
	return on;
}

static void *long_main(void *argument)
{
	struct worker *worker = argument;

	for (;;) {
		struct work_list one = work_queue_take(worker->store->longs, 1);
		if (one.length == 0)
			return NULL;
		struct job *job = job_next(&one);
		sqlite_command(&worker->sqlite, COMMAND_READ);
		sqlite_job(&worker->sqlite, job);
		sqlite_command(&worker->sqlite, COMMAND_COMMIT);
		post_one(worker->store, job);
	}
}

static void start(struct store *store, struct worker *worker, void *(*body)(void *))
{
	worker->store = store;
	worker->sqlite.owner = worker;
	thread_start(&worker->thread, body, worker);
}

void engine_start(struct store *store)
{
	store->writer.store = store;
	wal_watch(&store->writer);
	start(store, &store->writer, writer_main);
	for (unsigned i = 0; i < READERS; i++) {
		struct worker *reader = &store->readers[i];
		bool is_short = i < SHORT_READERS;
		reader->sqlite.piece = is_short ? SHORT_BYTES : PIECE_BYTES;
		reader->sqlite.full = is_short ? short_full : long_full;
		start(store, reader, is_short ? reader_main : long_main);
	}
}

/*
 * From closing on no piece is handed over, and once those are drained that were, nobody waits for
 * a turn any more: so no job comes back twice at once.
 */
static void stop_long_answers(struct store *store)
{
	pthread_mutex_lock(&store->lock);
	store->closing = true;
	pthread_mutex_unlock(&store->lock);
	work_return_drain(store->home);
	pthread_mutex_lock(&store->lock);
	store->drained = true;
	pthread_mutex_unlock(&store->lock);
	pthread_cond_broadcast(&store->resumed);
}

void engine_stop(struct store *store)
{
	stop_long_answers(store);
	work_queue_close(store->writes);
	work_queue_close(store->reads);
	for (unsigned i = 0; i < SHORT_READERS; i++)
		pthread_join(store->readers[i].thread, NULL);
	work_queue_close(store->longs); /* the short readers add to it */
	for (unsigned i = SHORT_READERS; i < READERS; i++)
		pthread_join(store->readers[i].thread, NULL);
	pthread_join(store->writer.thread, NULL);
}
