/*
 * The threads that read. Short readers read short answers, a batch in one read transaction: the
 * batch is taken first and the transaction begun after, so that a client reads its own writes. What
 * takes longer there is begun again, or taken up, by one of the long readers, which hand over their
 * answers in pieces and run at a lower priority.
 */
#include "sqlite/reader.h"

#include "base/container_of.h"
#include "base/monotonic.h"
#include "base/thread.h"
#include "sqlite/job.h"
#include "sqlite/store_state.h"

#include <sys/resource.h>
#include <unistd.h>

#define BATCH_MOST 64
#define POST_AFTER 8			/* answers of a batch: the loop works on them meanwhile */
#define SHORT_BYTES ((size_t)448 << 10) /* above it an answer is long; 1,000 tasks are not */
#define PIECE_BYTES ((size_t)128 << 10) /* smaller ones cost a quarter more: threads wait for each other */
#define SHORT_NS 2000000 /* of the processor: above this a job is a long one */
#define SHORT_STEPS 2000 /* of SQLite's machine between two readings of the clock */
#define BATCH_NS 4000000 /* after which the rest of a batch is put back, for its turn */
#define LONG_NICENESS 10 /* setpriority(2) */
#define CORES_EACH 2	 /* cores for each short reader */

static struct job *job_of(struct work *work)
{
	return container_of(work, struct job, work);
}

static struct job *job_next(struct work_list *list)
{
	return job_of(work_list_remove(list));
}

static bool on_short_limit(void *owner, struct job *job)
{
	struct worker *worker = owner;

	(void)job;
	worker->overflowed = true;
	return false;
}

static int64_t thread_cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/*
 * SQLite's progress handler: not 0 interrupts the statement. It measures the thread's own time, so
 * that a busy machine makes no job a long one. Most jobs end before it is first called.
 */
static int short_takes_long(void *argument)
{
	struct worker *worker = argument;
	int64_t now;

	if (!worker->in_job)
		return 0;
	now = thread_cpu_ns();
	if (worker->cpu_start == 0)
		worker->cpu_start = now;
	worker->overflowed = now - worker->cpu_start > SHORT_NS;
	return worker->overflowed;
}

static void read_batch(struct worker *worker, struct work_list *batch)
{
	struct sqlite_store *store = worker->store;
	enum store_result result =
		sqlite_result(&worker->sqlite, sqlite_command(&worker->sqlite, COMMAND_READ));
	struct work_list answered = { 0 };
	uint64_t begun = monotonic_ns();
	uint64_t served = 0;

	while (batch->length > 0 && monotonic_ns() - begun < BATCH_NS) {
		struct job *job = job_next(batch);
		job->result = result;
		worker->cpu_start = 0;
		served = job->work.share;
		worker->in_job = true;
		if (result == STORE_DONE)
			sqlite_run_job(&worker->sqlite, job);
		worker->in_job = false;
		if (worker->overflowed) {
			worker->overflowed = false;
			sqlite_put_off_job(job);
			work_queue_add(store->base.queue[LANE_LONG], &job->work);
			continue;
		}
		work_list_add(&answered, &job->work);
		if (answered.length == POST_AFTER)
			completion_queue_post(store->base.completions, &answered);
	}
	sqlite_command(&worker->sqlite, COMMAND_COMMIT);
	if (answered.length > 0)
		completion_queue_post(store->base.completions, &answered);
	if (batch->length > 0)
		work_queue_put_back(store->base.queue[LANE_READ], batch, served);
}

static void *reader_main(void *argument)
{
	struct worker *worker = argument;

	sqlite_set_cache(&worker->sqlite);
	for (;;) {
		struct work_list batch =
			work_queue_take(worker->store->base.queue[LANE_READ], BATCH_MOST);
		if (batch.length == 0)
			return NULL;
		read_batch(worker, &batch);
	}
}

static void post_one(struct sqlite_store *store, struct job *job)
{
	struct work_list one = { 0 };

	work_list_add(&one, &job->work);
	completion_queue_post(store->base.completions, &one);
}

/* A piece is full: wait until the loop has sent it, or has given up. */
static bool on_long_chunk(void *owner, struct job *job)
{
	struct sqlite_store *store = ((struct worker *)owner)->store;
	bool on = false;

	if (job->encode != NULL && !job->encode(job, false))
		return true;
	pthread_mutex_lock(&store->lock);
	if (!store->closing) {
		job->result = STORE_PARTIAL;
		job->stream_state = STREAM_PAUSED;
		post_one(store, job);
		while (job->stream_state == STREAM_PAUSED && !store->drained)
			pthread_cond_wait(&store->resumed, &store->lock);
		on = job->stream_state == STREAM_RUNNING;
	}
	pthread_mutex_unlock(&store->lock);
	return on;
}

/* Once it is posted the job belongs to its owner, who may free it. */
static void end_long(struct sqlite_store *store, struct job *job)
{
	uint64_t share = job->work.share;

	post_one(store, job);
	work_queue_release(store->base.queue[LANE_LONG], share);
	atomic_store(&store->untrimmed, true);
}

static void *long_main(void *argument)
{
	struct worker *worker = argument;
	bool is_set = false;

	setpriority(PRIO_PROCESS, (id_t)gettid(), LONG_NICENESS);
	for (;;) {
		struct work_list one = work_queue_take(worker->store->base.queue[LANE_LONG], 1);
		if (one.length == 0)
			return NULL;
		if (!is_set)
			sqlite_set_cache(&worker->sqlite);
		is_set = true;
		struct job *job = job_next(&one);
		sqlite_command(&worker->sqlite, COMMAND_READ);
		sqlite_run_job(&worker->sqlite, job);
		sqlite_command(&worker->sqlite, COMMAND_COMMIT);
		/* The pages of a long answer are of no use to the next one. */
		sqlite3_db_release_memory(worker->sqlite.db);
		end_long(worker->store, job);
	}
}

/* The loop and the writer need cores, too. */
unsigned readers_short_count(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (cores < CORES_EACH)
		return 1;
	return cores / CORES_EACH < SHORT_READERS_MAX ? (unsigned)(cores / CORES_EACH)
						      : SHORT_READERS_MAX;
}

static void start(struct sqlite_store *store, struct worker *worker, void *(*body)(void *))
{
	worker->store = store;
	worker->sqlite.owner = worker;
	thread_start(&worker->thread, body, worker);
}

static void start_short(struct sqlite_store *store, struct worker *reader)
{
	reader->sqlite.limit = SHORT_BYTES;
	reader->sqlite.on_limit = on_short_limit;
	sqlite3_progress_handler(reader->sqlite.db, SHORT_STEPS, short_takes_long, reader);
	start(store, reader, reader_main);
}

static void start_long(struct sqlite_store *store, struct worker *reader)
{
	reader->sqlite.limit = PIECE_BYTES;
	reader->sqlite.in_pieces = true;
	reader->sqlite.on_limit = on_long_chunk;
	start(store, reader, long_main);
}

void readers_start(struct sqlite_store *store)
{
	for (unsigned i = 0; i < store->short_readers; i++)
		start_short(store, &store->readers[i]);
	for (unsigned i = SHORT_READERS_MAX; i < READERS; i++)
		start_long(store, &store->readers[i]);
}

/*
 * From closing on no piece is handed over. Once those are drained that were, no thread waits for
 * the loop any more: so no job comes back twice at once.
 */
static void stop_long_answers(struct sqlite_store *store)
{
	pthread_mutex_lock(&store->lock);
	store->closing = true;
	pthread_mutex_unlock(&store->lock);
	completion_queue_drain(store->base.completions);
	pthread_mutex_lock(&store->lock);
	store->drained = true;
	pthread_mutex_unlock(&store->lock);
	pthread_cond_broadcast(&store->resumed);
}

void readers_stop(struct sqlite_store *store)
{
	stop_long_answers(store);
	work_queue_close(store->base.queue[LANE_READ]);
	for (unsigned i = 0; i < store->short_readers; i++)
		pthread_join(store->readers[i].thread, NULL);
	work_queue_close(store->base.queue[LANE_LONG]); /* the short readers add to it */
	for (unsigned i = SHORT_READERS_MAX; i < READERS; i++)
		pthread_join(store->readers[i].thread, NULL);
}
