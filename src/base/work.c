/*
 * Hand-overs between the loop and the threads: two lists under their locks, swapped whole, and one
 * event that wakes the loop however many pieces came back.
 */
#include "base/work.h"

#include "base/memory.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/queue.h>

#define BUCKETS 256
#define SECOND_NS UINT64_C(1000000000)
#define FOREVER UINT64_MAX

/* The work of one share that waits, and how much of it is taken. */
struct share {
	uint64_t key;
	struct share *next_in_bucket;
	TAILQ_ENTRY(share) turn; /* among those that have work to be taken */
	bool has_turn;
	struct work_list list;
	unsigned running;
};

struct work_queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct share *bucket[BUCKETS];
	struct share *spare; /* unused ones, by next_in_bucket */
	TAILQ_HEAD(, share) turns;
	unsigned length;
	unsigned sleepers; /* threads that wait: only those need a signal */
	unsigned running_max;
	bool closed;
};

struct completion_queue {
	pthread_mutex_t lock;
	struct work_list list;
	struct event *wake;
};

static void list_append(struct work_list *to, struct work_list *from)
{
	if (from->first == NULL)
		return;
	if (to->first == NULL)
		to->first = from->first;
	else
		to->last->next = from->first;
	to->last = from->last;
	to->length += from->length;
	*from = (struct work_list){ 0 };
}

struct work_queue *work_queue_new(void)
{
	struct work_queue *queue = memory_zeroed(sizeof(*queue));
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->filled, NULL);
	TAILQ_INIT(&queue->turns);
	return queue;
}

void work_queue_limit(struct work_queue *queue, unsigned running_max)
{
	queue->running_max = running_max;
}

static void free_shares(struct share *share)
{
	while (share != NULL) {
		struct share *next = share->next_in_bucket;
		free(share);
		share = next;
	}
}

void work_queue_free(struct work_queue *queue)
{
	for (unsigned i = 0; i < BUCKETS; i++)
		free_shares(queue->bucket[i]);
	free_shares(queue->spare);
	pthread_cond_destroy(&queue->filled);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

/* ---- the shares, all under the lock ---- */

/*
 * The high bits of a product by an odd constant depend on all bits of the key (Fibonacci hashing).
 */
static struct share **bucket_of(struct work_queue *queue, uint64_t key)
{
	return &queue->bucket[(key * UINT64_C(0x9E3779B97F4A7C15)) >> 56];
}

static struct share *share_of(struct work_queue *queue, uint64_t key)
{
	struct share **bucket = bucket_of(queue, key);
	struct share *share = *bucket;

	while (share != NULL && share->key != key)
		share = share->next_in_bucket;
	if (share != NULL)
		return share;
	share = queue->spare;
	if (share != NULL)
		queue->spare = share->next_in_bucket;
	else
		share = memory_zeroed(sizeof(*share));
	*share = (struct share){ .key = key, .next_in_bucket = *bucket };
	*bucket = share;
	return share;
}

/* A share without work, waiting or taken, is removed. */
static void share_drop_unused(struct work_queue *queue, struct share *share)
{
	struct share **at = bucket_of(queue, share->key);

	if (share->list.length > 0 || share->running > 0)
		return;
	while (*at != share)
		at = &(*at)->next_in_bucket;
	*at = share->next_in_bucket;
	share->next_in_bucket = queue->spare;
	queue->spare = share;
}

static bool share_may_run(const struct work_queue *queue, const struct share *share)
{
	bool limited = queue->running_max > 0 && share->key != 0;

	return share->list.length > 0 && (!limited || share->running < queue->running_max);
}

/* If it has work that may be taken, it gets a turn, after the others. */
static void share_queue_up(struct work_queue *queue, struct share *share)
{
	if (share->has_turn || !share_may_run(queue, share))
		return;
	share->has_turn = true;
	TAILQ_INSERT_TAIL(&queue->turns, share, turn);
}

/* It has the next turn, if it may run. */
static void share_go_first(struct work_queue *queue, struct share *share)
{
	if (share->has_turn)
		TAILQ_REMOVE(&queue->turns, share, turn);
	share->has_turn = share_may_run(queue, share);
	if (share->has_turn)
		TAILQ_INSERT_HEAD(&queue->turns, share, turn);
}

static void share_go_last(struct work_queue *queue, struct share *share)
{
	if (share->has_turn) {
		TAILQ_REMOVE(&queue->turns, share, turn);
		TAILQ_INSERT_TAIL(&queue->turns, share, turn);
	}
	share_drop_unused(queue, share);
}

/* The next piece, of the share whose turn it is. */
static struct work *take_turn(struct work_queue *queue)
{
	struct share *share = TAILQ_FIRST(&queue->turns);
	struct work *work = work_list_remove(&share->list);

	TAILQ_REMOVE(&queue->turns, share, turn);
	queue->length--;
	share->has_turn = false;
	if (queue->running_max > 0)
		share->running++;
	share_queue_up(queue, share);
	share_drop_unused(queue, share);
	return work;
}

/* ---- the queue ---- */

static void unlock_and_wake(struct work_queue *queue)
{
	bool wake = queue->sleepers > 0 && !TAILQ_EMPTY(&queue->turns);

	pthread_mutex_unlock(&queue->lock);
	if (wake)
		pthread_cond_signal(&queue->filled);
}

void work_queue_add_list(struct work_queue *queue, struct work_list *list)
{
	struct work *work;

	pthread_mutex_lock(&queue->lock);
	queue->length += list->length;
	while ((work = work_list_remove(list)) != NULL) {
		struct share *share = share_of(queue, work->share);
		work_list_add(&share->list, work);
		share_queue_up(queue, share);
	}
	unlock_and_wake(queue);
}

void work_queue_add(struct work_queue *queue, struct work *work)
{
	struct work_list one = { 0 };

	work_list_add(&one, work);
	work_queue_add_list(queue, &one);
}

/*
 * Last piece first, so that in the end the first one is the next of its share, and its share the
 * next.
 */
void work_queue_put_back(struct work_queue *queue, struct work_list *list, uint64_t served)
{
	struct work *work, *backwards = NULL;

	while ((work = work_list_remove(list)) != NULL) {
		work->next = backwards;
		backwards = work;
	}
	pthread_mutex_lock(&queue->lock);
	while ((work = backwards) != NULL) {
		struct share *share = share_of(queue, work->share);
		struct work_list whole = { 0 };
		backwards = work->next;
		work_list_add(&whole, work);
		list_append(&whole, &share->list);
		share->list = whole;
		share->running -= queue->running_max > 0;
		queue->length++;
		share_go_first(queue, share);
	}
	share_go_last(queue, share_of(queue, served));
	unlock_and_wake(queue);
}

void work_queue_release(struct work_queue *queue, uint64_t key)
{
	pthread_mutex_lock(&queue->lock);
	struct share *share = share_of(queue, key);
	share->running--;
	share_queue_up(queue, share);
	share_drop_unused(queue, share);
	unlock_and_wake(queue);
}

/* Under the lock. Until there is work, the queue has ended, or that time has come. */
static void queue_wait(struct work_queue *queue, uint64_t until)
{
	struct timespec end = { (time_t)(until / SECOND_NS), (long)(until % SECOND_NS) };
	int error = 0;

	queue->sleepers++;
	while (error == 0 && TAILQ_EMPTY(&queue->turns) && !(queue->closed && queue->length == 0))
		error = until == FOREVER ? pthread_cond_wait(&queue->filled, &queue->lock)
					 : pthread_cond_clockwait(&queue->filled, &queue->lock,
						   CLOCK_MONOTONIC, &end);
	queue->sleepers--;
}

/* A thread that leaves work wakes the next one; the last one in a closed queue wakes all. */
bool work_queue_take_until(
	struct work_queue *queue, unsigned most, uint64_t until, struct work_list *taken)
{
	*taken = (struct work_list){ 0 };
	pthread_mutex_lock(&queue->lock);
	queue_wait(queue, until);
	while (taken->length < most && !TAILQ_EMPTY(&queue->turns))
		work_list_add(taken, take_turn(queue));
	bool ended = queue->closed && queue->length == 0;
	if (ended)
		pthread_cond_broadcast(&queue->filled);
	unlock_and_wake(queue);
	return taken->length > 0 || !ended;
}

struct work_list work_queue_take(struct work_queue *queue, unsigned most)
{
	struct work_list taken;

	work_queue_take_until(queue, most, FOREVER, &taken);
	return taken;
}

unsigned work_queue_length(struct work_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	unsigned length = queue->length;
	pthread_mutex_unlock(&queue->lock);
	return length;
}

void work_queue_close(struct work_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->closed = true;
	pthread_mutex_unlock(&queue->lock);
	pthread_cond_broadcast(&queue->filled);
}

void completion_queue_drain(struct completion_queue *completions)
{
	struct work_list back = { 0 };
	struct work *work;

	pthread_mutex_lock(&completions->lock);
	list_append(&back, &completions->list);
	pthread_mutex_unlock(&completions->lock);
	while ((work = work_list_remove(&back)) != NULL)
		work->done(work);
}

static void completion_woken(evutil_socket_t fd, short what, void *completions)
{
	(void)fd;
	(void)what;
	completion_queue_drain(completions);
}

struct completion_queue *completion_queue_new(struct event_base *base)
{
	struct completion_queue *completions = memory_zeroed(sizeof(*completions));
	pthread_mutex_init(&completions->lock, NULL);
	completions->wake = event_new(base, -1, EV_PERSIST, completion_woken, completions);
	return completions;
}

void completion_queue_free(struct completion_queue *completions)
{
	event_free(completions->wake);
	pthread_mutex_destroy(&completions->lock);
	free(completions);
}

void completion_queue_post(struct completion_queue *completions, struct work_list *list)
{
	pthread_mutex_lock(&completions->lock);
	bool first = completions->list.length == 0;
	list_append(&completions->list, list);
	pthread_mutex_unlock(&completions->lock);
	if (first)
		event_active(completions->wake, 0, 0);
}
