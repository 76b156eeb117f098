/*
 * Hand-over of work between the loop and threads. A piece of work goes to a thread by a work queue
 * and comes back by a completion queue. It is embedded in the object that it is about, so that
 * nothing is allocated, and it belongs to one side at a time.
 */
#ifndef BASE_WORK_H
#define BASE_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;

struct work {
	struct work *next;		 /* the queue's */
	void (*done)(struct work *work); /* called once on the loop, when the work has come back */
	uint64_t share;			 /* of a queue, see below; 0: the server's own */
};

/* A first-in, first-out list of work. Zeroed is empty. */
struct work_list {
	struct work *first;
	struct work *last;
	unsigned length;
};

static inline void work_list_add(struct work_list *list, struct work *work)
{
	work->next = NULL;
	if (list->first == NULL)
		list->first = work;
	else
		list->last->next = work;
	list->last = work;
	list->length++;
}

/* The first; NULL where there is none. */
static inline struct work *work_list_remove(struct work_list *list)
{
	struct work *work = list->first;

	if (work == NULL)
		return NULL;
	list->first = work->next;
	list->length--;
	if (list->first == NULL)
		list->last = NULL;
	return work;
}

/*
 * To the threads. Work of one share (an account's, for one) is first in, first out; the shares take
 * turns, one piece each (fair queueing, RFC 970), so that none waits for all the work of another.
 */
struct work_queue;

struct work_queue *work_queue_new(void);
void work_queue_free(struct work_queue *queue); /* closed, empty, and no thread left in it */

/*
 * At most so many pieces of one share are taken and not yet released. Before there is work. The
 * share 0 has no such limit.
 */
void work_queue_limit(struct work_queue *queue, unsigned running_max);

/* Any thread; never waits for the work. The list is taken over. */
void work_queue_add(struct work_queue *queue, struct work *work);
void work_queue_add_list(struct work_queue *queue, struct work_list *list);

/*
 * Wait for work and take at most as many pieces as said, by turns of the shares. An empty list
 * means that the queue was closed and holds nothing more.
 */
struct work_list work_queue_take(struct work_queue *queue, unsigned most);

/*
 * The same, but wait no longer than until that time by monotonic_ns(): the list may then be empty.
 * False: the queue was closed and holds nothing more.
 */
bool work_queue_take_until(
	struct work_queue *queue, unsigned most, uint64_t until, struct work_list *taken);

/*
 * Put back what was taken and not begun, since a piece of the share served has taken long: it comes
 * next, in the same order, but that share's turn comes after all others'. The list is taken over.
 */
void work_queue_put_back(struct work_queue *queue, struct work_list *list, uint64_t served);

/* A piece of the share that was taken has ended: only where the queue is limited. */
void work_queue_release(struct work_queue *queue, uint64_t share);

/* How many pieces wait, now. Any thread. */
unsigned work_queue_length(struct work_queue *queue);

/* Nothing more will be added; the threads finish what is there. */
void work_queue_close(struct work_queue *queue);

/* Back to the loop, with event_active(). The base needs evthread_use_pthreads() before it. */
struct completion_queue;

struct completion_queue *completion_queue_new(struct event_base *base);
void completion_queue_free(struct completion_queue *completions); /* loop; once no thread uses it */

/* Any thread; the list is taken over. Each work's done() is called on the loop, in order. */
void completion_queue_post(struct completion_queue *completions, struct work_list *list);

/* Loop: call done() for what has come back, now. */
void completion_queue_drain(struct completion_queue *completions);

#endif
