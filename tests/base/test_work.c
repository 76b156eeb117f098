/*
 * base/work.h: lists, and queues to the threads.
 */
#include "check_main.h"
#include "piece.h"

#include "base/monotonic.h"

#include <pthread.h>
#include <stdio.h>

#define PRODUCERS 4
#define CONSUMERS 3
#define PIECES 20000 /* of each producer */

/* The list holds these numbers and no others, and counts and ends as it should. */
static void check_list(struct work_list *list, unsigned first, unsigned count)
{
	ck_assert_uint_eq(list->length, count);
	for (unsigned i = 0; i < count; i++) {
		struct work *work = work_list_remove(list);

		ck_assert_ptr_nonnull(work);
		ck_assert_uint_eq(piece_of(work)->number, first + i);
		ck_assert_uint_eq(list->length, count - i - 1);
	}
	ck_assert_ptr_null(work_list_remove(list));
	ck_assert_ptr_null(list->first);
	ck_assert_ptr_null(list->last);
}

START_TEST(a_list_is_first_in_first_out)
{
	struct work_list list = { 0 };
	struct piece pieces[5];

	check_list(&list, 0, 0);
	piece_number(pieces, 5);
	for (unsigned round = 0; round < 2; round++) { /* emptied, it serves again */
		for (unsigned i = 0; i < 5; i++)
			work_list_add(&list, &pieces[i].work);
		check_list(&list, 0, 5);
	}
	work_list_add(&list, &pieces[0].work);
	work_list_add(&list, &pieces[1].work);
	ck_assert_ptr_eq(work_list_remove(&list), &pieces[0].work);
	work_list_add(&list, &pieces[2].work); /* after what is still there */
	check_list(&list, 1, 2);
}
END_TEST

START_TEST(no_more_is_taken_than_was_asked_for)
{
	struct work_queue *queue = work_queue_new();
	struct piece pieces[20];
	struct work_list taken;
	static const unsigned most[] = { 4, 1, 5, 10 }; /* the last: exactly what is left */
	unsigned at = 0;

	piece_number(pieces, 20);
	for (unsigned i = 0; i < 20; i++)
		work_queue_add(queue, &pieces[i].work);
	for (unsigned i = 0; i < CHECK_COUNT(most); i++) {
		taken = work_queue_take(queue, most[i]);
		check_list(&taken, at, most[i]);
		at += most[i];
	}
	work_queue_add(queue, &pieces[3].work);
	taken = work_queue_take(queue, 100);
	check_list(&taken, 3, 1);
	work_queue_close(queue);
	work_queue_free(queue);
}
END_TEST

START_TEST(a_list_is_added_as_it_is)
{
	struct work_queue *queue = work_queue_new();
	struct work_list list = { 0 }, taken;
	struct piece pieces[6];

	piece_number(pieces, 6);
	work_queue_add(queue, &pieces[0].work);
	for (unsigned i = 1; i < 5; i++)
		work_list_add(&list, &pieces[i].work);
	work_queue_add_list(queue, &list);
	check_list(&list, 0, 0); /* it was taken over */
	work_queue_add_list(queue, &list);
	work_queue_add(queue, &pieces[5].work);
	taken = work_queue_take(queue, 9);
	check_list(&taken, 0, 6);
	work_queue_close(queue);
	work_queue_free(queue);
}
END_TEST

START_TEST(a_closed_queue_gives_what_it_has_and_then_nothing)
{
	struct work_queue *queue = work_queue_new();
	struct piece pieces[3];
	struct work_list taken;

	piece_number(pieces, 3);
	for (unsigned i = 0; i < 3; i++)
		work_queue_add(queue, &pieces[i].work);
	work_queue_close(queue);
	taken = work_queue_take(queue, 2);
	check_list(&taken, 0, 2);
	taken = work_queue_take(queue, 2);
	check_list(&taken, 2, 1);
	for (unsigned i = 0; i < 2; i++) {
		taken = work_queue_take(queue, 2);
		check_list(&taken, 0, 0);
	}
	work_queue_free(queue);
}
END_TEST

START_TEST(taking_ends_at_its_time)
{
	struct work_queue *queue = work_queue_new();
	uint64_t until = monotonic_ns() + 20000000;
	struct piece piece;
	struct work_list taken;

	piece_number(&piece, 1);
	ck_assert(work_queue_take_until(queue, 2, until, &taken));
	check_list(&taken, 0, 0);
	ck_assert_uint_ge(monotonic_ns(), until);
	work_queue_add(queue, &piece.work);
	ck_assert(work_queue_take_until(queue, 2, until, &taken)); /* which is over */
	check_list(&taken, 0, 1);
	work_queue_close(queue);
	ck_assert(!work_queue_take_until(queue, 2, monotonic_ns() + 60000000000, &taken));
	check_list(&taken, 0, 0);
	work_queue_free(queue);
}
END_TEST

static void *take_nothing(void *queue)
{
	struct work_list taken = work_queue_take(queue, 1);

	return taken.first;
}

/* Some of the threads wait already, some come too late to: none stays. */
START_TEST(closing_wakes_every_thread)
{
	for (unsigned round = 0; round < 200; round++) {
		struct work_queue *queue = work_queue_new();
		pthread_t threads[CONSUMERS];
		void *taken;

		for (unsigned i = 0; i < CONSUMERS; i++)
			ck_assert_int_eq(pthread_create(&threads[i], NULL, take_nothing, queue), 0);
		work_queue_close(queue);
		for (unsigned i = 0; i < CONSUMERS; i++) {
			pthread_join(threads[i], &taken);
			ck_assert_ptr_null(taken);
		}
		work_queue_free(queue);
	}
}
END_TEST

struct producer {
	pthread_t thread;
	struct work_queue *queue;
	struct piece *pieces;
};

struct consumer {
	pthread_t thread;
	struct work_queue *queue;
	unsigned taken;
	unsigned out_of_order;
	unsigned too_many;
};

static void *produce(void *argument)
{
	struct producer *producer = argument;

	for (unsigned i = 0; i < PIECES; i++)
		work_queue_add(producer->queue, &producer->pieces[i].work);
	return NULL;
}

/* What one thread takes of one producer's is in that producer's order. */
static void *consume(void *argument)
{
	struct consumer *consumer = argument;
	unsigned next[PRODUCERS] = { 0 };
	struct work_list list;

	while ((list = work_queue_take(consumer->queue, 7)).length > 0) {
		consumer->too_many += list.length > 7;
		while (list.length > 0) {
			struct piece *piece = piece_of(work_list_remove(&list));

			consumer->out_of_order += piece->number < next[piece->producer];
			next[piece->producer] = piece->number + 1;
			piece->times++;
			consumer->taken++;
		}
	}
	return NULL;
}

static void produce_and_consume(struct producer *producers, struct consumer *consumers)
{
	for (unsigned i = 0; i < CONSUMERS; i++)
		ck_assert_int_eq(
			pthread_create(&consumers[i].thread, NULL, consume, &consumers[i]), 0);
	for (unsigned i = 0; i < PRODUCERS; i++)
		ck_assert_int_eq(
			pthread_create(&producers[i].thread, NULL, produce, &producers[i]), 0);
	for (unsigned i = 0; i < PRODUCERS; i++)
		pthread_join(producers[i].thread, NULL);
	work_queue_close(consumers[0].queue);
	for (unsigned i = 0; i < CONSUMERS; i++)
		pthread_join(consumers[i].thread, NULL);
}

START_TEST(what_many_add_many_take_once)
{
	struct work_queue *queue = work_queue_new();
	struct piece *pieces = calloc((size_t)PRODUCERS * PIECES, sizeof(*pieces));
	struct producer producers[PRODUCERS];
	struct consumer consumers[CONSUMERS] = { 0 };
	unsigned taken = 0;

	ck_assert_ptr_nonnull(pieces);
	for (unsigned i = 0; i < PRODUCERS; i++) {
		producers[i] = (struct producer){ .queue = queue, .pieces = pieces + i * PIECES };
		piece_number(producers[i].pieces, PIECES);
		for (unsigned n = 0; n < PIECES; n++)
			producers[i].pieces[n].producer = i;
	}
	for (unsigned i = 0; i < CONSUMERS; i++)
		consumers[i].queue = queue;
	produce_and_consume(producers, consumers);
	for (unsigned i = 0; i < CONSUMERS; i++) {
		ck_assert_uint_eq(consumers[i].out_of_order, 0);
		ck_assert_uint_eq(consumers[i].too_many, 0);
		taken += consumers[i].taken;
	}
	ck_assert_uint_eq(taken, PRODUCERS * PIECES);
	for (unsigned i = 0; i < PRODUCERS * PIECES; i++)
		ck_assert_uint_eq(pieces[i].times, 1);
	free(pieces);
	work_queue_free(queue);
}
END_TEST

/* These numbers in this order, and none after them. */
static void expect_taken(struct work_queue *queue, unsigned most, const char *numbers)
{
	struct work_list taken = work_queue_take(queue, most);
	char text[128] = "";
	struct work *work;

	while ((work = work_list_remove(&taken)) != NULL)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%u", *text ? " " : "",
			piece_of(work)->number);
	ck_assert_str_eq(text, numbers);
}

/* Nine pieces: six of one share, then two of another, then one of a third. */
static void add_nine(struct work_queue *queue, struct piece *pieces)
{
	piece_number(pieces, 9);
	for (unsigned i = 0; i < 9; i++) {
		pieces[i].work.share = i < 6 ? 1 : i < 8 ? 2 : 3;
		work_queue_add(queue, &pieces[i].work);
	}
}

START_TEST(shares_take_turns)
{
	struct work_queue *queue = work_queue_new();
	struct piece pieces[9];

	add_nine(queue, pieces);
	expect_taken(queue, 4, "0 6 8 1");
	expect_taken(queue, 9, "7 2 3 4 5");
	work_queue_close(queue);
	work_queue_free(queue);
}
END_TEST

/* What was put back is taken next; the share that was served comes after the others. */
START_TEST(what_is_put_back_comes_next)
{
	struct work_queue *queue = work_queue_new();
	struct piece pieces[9];
	struct work_list taken;

	add_nine(queue, pieces);
	taken = work_queue_take(queue, 5); /* 0 6 8 1 7 */
	work_list_remove(&taken);
	ck_assert_uint_eq(work_queue_length(queue), 4);
	work_queue_put_back(queue, &taken, 1);
	ck_assert_uint_eq(work_queue_length(queue), 8);
	taken = work_queue_take(queue, 9); /* 6 8 1 7 2 3 4 5 */
	for (unsigned i = 0; i < 3; i++)
		work_list_remove(&taken);
	work_queue_put_back(queue, &taken, 3);
	expect_taken(queue, 9, "7 2 3 4 5");
	work_queue_close(queue);
	work_queue_free(queue);
}
END_TEST

/* However often one share's piece takes all the time there is, another one's is not put off again. */
START_TEST(who_was_served_does_not_stay_first)
{
	struct work_queue *queue = work_queue_new();
	struct piece pieces[4];
	struct work_list taken;

	piece_number(pieces, 4);
	for (unsigned i = 0; i < 4; i++) {
		pieces[i].work.share = i < 3 ? 1 : 2;
		work_queue_add(queue, &pieces[i].work);
	}
	taken = work_queue_take(queue, 9);
	ck_assert_uint_eq(piece_of(work_list_remove(&taken))->number, 0);
	work_queue_put_back(queue, &taken, 1);
	taken = work_queue_take(queue, 9);
	ck_assert_uint_eq(piece_of(work_list_remove(&taken))->number, 3);
	work_queue_put_back(queue, &taken, 2);
	expect_taken(queue, 9, "1 2");
	work_queue_close(queue);
	work_queue_free(queue);
}
END_TEST

START_TEST(a_share_runs_no_more_at_once_than_it_may)
{
	struct work_queue *queue = work_queue_new();
	struct piece pieces[9], own[3];

	work_queue_limit(queue, 2);
	add_nine(queue, pieces);
	expect_taken(queue, 9, "0 6 8 1 7");
	ck_assert_uint_eq(work_queue_length(queue), 4);
	work_queue_release(queue, 1);
	expect_taken(queue, 9, "2");
	work_queue_release(queue, 1);
	work_queue_release(queue, 1);
	expect_taken(queue, 9, "3 4");
	piece_number(own, 3); /* the server's own share has no limit */
	for (unsigned i = 0; i < 3; i++)
		work_queue_add(queue, &own[i].work);
	expect_taken(queue, 9, "0 1 2");
	work_queue_release(queue, 1);
	work_queue_close(queue);
	expect_taken(queue, 9, "5");
	expect_taken(queue, 9, "");
	work_queue_free(queue);
}
END_TEST

static void *release_later(void *queue)
{
	work_queue_release(queue, 7);
	return NULL;
}

/* A closed queue still gives what its limit keeps back, once that is released. */
START_TEST(what_is_kept_back_is_given_after_closing)
{
	struct work_queue *queue = work_queue_new();
	struct piece pieces[2];
	pthread_t thread;

	work_queue_limit(queue, 1);
	piece_number(pieces, 2);
	for (unsigned i = 0; i < 2; i++) {
		pieces[i].work.share = 7;
		work_queue_add(queue, &pieces[i].work);
	}
	expect_taken(queue, 9, "0");
	work_queue_close(queue);
	ck_assert_int_eq(pthread_create(&thread, NULL, release_later, queue), 0);
	expect_taken(queue, 9, "1");
	pthread_join(thread, NULL);
	expect_taken(queue, 9, "");
	work_queue_free(queue);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, a_list_is_first_in_first_out);
	tcase_add_test(test_case, no_more_is_taken_than_was_asked_for);
	tcase_add_test(test_case, a_list_is_added_as_it_is);
	tcase_add_test(test_case, a_closed_queue_gives_what_it_has_and_then_nothing);
	tcase_add_test(test_case, taking_ends_at_its_time);
	tcase_add_test(test_case, closing_wakes_every_thread);
	tcase_add_test(test_case, what_many_add_many_take_once);
	tcase_add_test(test_case, shares_take_turns);
	tcase_add_test(test_case, what_is_put_back_comes_next);
	tcase_add_test(test_case, who_was_served_does_not_stay_first);
	tcase_add_test(test_case, a_share_runs_no_more_at_once_than_it_may);
	tcase_add_test(test_case, what_is_kept_back_is_given_after_closing);
}

int main(void)
{
	return check_main("work", add_tests);
}
