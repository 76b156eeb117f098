/*
 * base/work.h: the way back to the loop.
 */
#include "check_main.h"
#include "loop.h"
#include "piece.h"

#include <event2/thread.h>
#include <pthread.h>

#define THREADS 4
#define PIECES 20000
#define ROUNDS 2000

/* The loop, and threads that give back whatever they are given. */
static struct {
	struct event_base *base;
	struct completion_queue *home;
	struct work_queue *queue;
	pthread_t loop;
	pthread_t threads[THREADS];
	unsigned done;
	unsigned out_of_order;
} hall;

static void hall_setup(void)
{
	memset(&hall, 0, sizeof(hall));
	ck_assert_int_eq(evthread_use_pthreads(), 0);
	hall.base = event_base_new();
	ck_assert_ptr_nonnull(hall.base);
	hall.home = completion_queue_new(hall.base);
	hall.queue = work_queue_new();
	hall.loop = pthread_self();
}

static void hall_teardown(void)
{
	work_queue_free(hall.queue);
	completion_queue_free(hall.home);
	event_base_free(hall.base);
}

/* Where a list that was posted still holds anything, the thread stops and says so. */
static void *give_back(void *most)
{
	struct work_list list;

	while ((list = work_queue_take(hall.queue, *(unsigned *)most)).length > 0) {
		completion_queue_post(hall.home, &list);
		if (list.length > 0 || list.first != NULL)
			return &hall;
	}
	return NULL;
}

static void hall_start(unsigned threads, unsigned *most)
{
	for (unsigned i = 0; i < threads; i++)
		ck_assert_int_eq(pthread_create(&hall.threads[i], NULL, give_back, most), 0);
}

static void hall_stop(unsigned threads)
{
	void *stopped;

	work_queue_close(hall.queue);
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(hall.threads[i], &stopped);
		ck_assert_ptr_null(stopped);
	}
}

static void count_done(struct work *work)
{
	ck_assert(pthread_equal(pthread_self(), hall.loop));
	hall.out_of_order += piece_of(work)->number != hall.done;
	piece_of(work)->times++;
	hall.done++;
}

START_TEST(what_comes_back_is_done_on_the_loop_in_order)
{
	struct piece *pieces = calloc(PIECES, sizeof(*pieces));
	unsigned most = 7;

	ck_assert_ptr_nonnull(pieces);
	piece_number(pieces, PIECES);
	hall_start(1, &most);
	for (unsigned i = 0; i < PIECES; i++) {
		pieces[i].work.done = count_done;
		work_queue_add(hall.queue, &pieces[i].work);
	}
	ck_assert(loop_until(hall.base, &hall.done, PIECES));
	hall_stop(1);
	event_base_loop(hall.base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(hall.done, PIECES);
	ck_assert_uint_eq(hall.out_of_order, 0);
	for (unsigned i = 0; i < PIECES; i++)
		ck_assert_uint_eq(pieces[i].times, 1);
	free(pieces);
}
END_TEST

static void hand_over_again(struct work *work)
{
	struct piece *piece = piece_of(work);

	hall.done++;
	if (++piece->times < ROUNDS)
		work_queue_add(hall.queue, work);
}

/* To and fro: a wake that got lost would leave a piece lying. */
START_TEST(done_may_hand_over_again)
{
	struct piece pieces[3];
	unsigned most = 1;

	piece_number(pieces, 3);
	hall_start(2, &most);
	for (unsigned i = 0; i < 3; i++) {
		pieces[i].work.done = hand_over_again;
		work_queue_add(hall.queue, &pieces[i].work);
	}
	ck_assert(loop_until(hall.base, &hall.done, 3 * ROUNDS));
	hall_stop(2);
	for (unsigned i = 0; i < 3; i++)
		ck_assert_uint_eq(pieces[i].times, ROUNDS);
}
END_TEST

static void free_piece(struct work *work)
{
	hall.done++;
	free(piece_of(work));
}

/* From many threads at once, and the last thing anybody does with a piece. */
START_TEST(done_may_free_the_work)
{
	unsigned most = 3;

	hall_start(THREADS, &most);
	for (unsigned i = 0; i < PIECES; i++) {
		struct piece *piece = calloc(1, sizeof(*piece));

		ck_assert_ptr_nonnull(piece);
		piece->work.done = free_piece;
		work_queue_add(hall.queue, &piece->work);
	}
	ck_assert(loop_until(hall.base, &hall.done, PIECES));
	hall_stop(THREADS);
	ck_assert_uint_eq(hall.done, PIECES);
}
END_TEST

static void post_pieces(struct piece *pieces, unsigned from, unsigned to)
{
	struct work_list list = { 0 };

	for (unsigned i = from; i < to; i++) {
		pieces[i].work.done = count_done;
		work_list_add(&list, &pieces[i].work);
	}
	completion_queue_post(hall.home, &list);
}

START_TEST(a_drain_does_it_now_and_the_loop_not_again)
{
	struct piece pieces[9];

	piece_number(pieces, 9);
	completion_queue_drain(hall.home);
	post_pieces(pieces, 0, 3);
	post_pieces(pieces, 3, 5);
	ck_assert_uint_eq(hall.done, 0);
	completion_queue_drain(hall.home);
	ck_assert_uint_eq(hall.done, 5);
	event_base_loop(hall.base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(hall.done, 5);
	post_pieces(pieces, 5, 9); /* and the wake still works */
	ck_assert(loop_until(hall.base, &hall.done, 9));
	ck_assert_uint_eq(hall.out_of_order, 0);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, hall_setup, hall_teardown);
	tcase_add_test(test_case, what_comes_back_is_done_on_the_loop_in_order);
	tcase_add_test(test_case, done_may_hand_over_again);
	tcase_add_test(test_case, done_may_free_the_work);
	tcase_add_test(test_case, a_drain_does_it_now_and_the_loop_not_again);
}

int main(void)
{
	return check_main("completion_queue", add_tests);
}
