/*
 * Hand-overs between the loop and the threads: two lists under their locks, swapped whole, and one
 * event that wakes the loop however many pieces came back.
 */
#include "base/work.h"

#include "base/memory.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>

struct work_queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct work_list list;
	unsigned sleepers; /* threads that wait: nobody else needs a signal */
	bool closed;
};

struct work_return {
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

void work_list_add(struct work_list *list, struct work *work)
{
	work->next = NULL;
	list_append(list, &(struct work_list){ work, work, 1 });
}

struct work *work_list_remove(struct work_list *list)
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

struct work_queue *work_queue_new(void)
{
	struct work_queue *queue = memory_zeroed(sizeof(*queue));
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->filled, NULL);
	return queue;
}

void work_queue_free(struct work_queue *queue)
{
	pthread_cond_destroy(&queue->filled);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

void work_queue_add_list(struct work_queue *queue, struct work_list *list)
{
	pthread_mutex_lock(&queue->lock);
	list_append(&queue->list, list);
	bool asleep = queue->sleepers > 0;
	pthread_mutex_unlock(&queue->lock);
	if (asleep)
		pthread_cond_signal(&queue->filled);
}

void work_queue_add(struct work_queue *queue, struct work *work)
{
	struct work_list one = { 0 };

	work_list_add(&one, work);
	work_queue_add_list(queue, &one);
}

/* Under the lock. */
static void queue_wait(struct work_queue *queue)
{
	queue->sleepers++;
	while (queue->list.length == 0 && !queue->closed)
		pthread_cond_wait(&queue->filled, &queue->lock);
	queue->sleepers--;
}

struct work_list work_queue_take(struct work_queue *queue, unsigned most)
{
	struct work_list taken = { 0 };

	pthread_mutex_lock(&queue->lock);
	queue_wait(queue);
	if (queue->list.length <= most) {
		list_append(&taken, &queue->list);
	} else {
		while (taken.length < most)
			work_list_add(&taken, work_list_remove(&queue->list));
	}
	pthread_mutex_unlock(&queue->lock);
	return taken;
}

unsigned work_queue_length(struct work_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	unsigned length = queue->list.length;
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

void work_return_drain(struct work_return *home)
{
	struct work_list back = { 0 };
	struct work *work;

	pthread_mutex_lock(&home->lock);
	list_append(&back, &home->list);
	pthread_mutex_unlock(&home->lock);
	while ((work = work_list_remove(&back)) != NULL)
		work->done(work);
}

static void return_woken(evutil_socket_t fd, short what, void *home)
{
	(void)fd;
	(void)what;
	work_return_drain(home);
}

struct work_return *work_return_new(struct event_base *base)
{
	struct work_return *home = memory_zeroed(sizeof(*home));
	pthread_mutex_init(&home->lock, NULL);
	home->wake = event_new(base, -1, EV_PERSIST, return_woken, home);
	return home;
}

void work_return_free(struct work_return *home)
{
	event_free(home->wake);
	pthread_mutex_destroy(&home->lock);
	free(home);
}

void work_return_post(struct work_return *home, struct work_list *list)
{
	pthread_mutex_lock(&home->lock);
	bool first = home->list.length == 0;
	list_append(&home->list, list);
	pthread_mutex_unlock(&home->lock);
	if (first)
		event_active(home->wake, 0, 0);
}
