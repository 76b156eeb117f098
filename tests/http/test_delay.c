/*
 * A long reply on a kept connection comes at the speed of the machine, also if the client's machine
 * acknowledges late, as it does by default. And the longest body delays no one else at the moment
 * when it has come whole.
 */
#include "deadline.h"
#include "fixture.h"
#include "rough.h"
#include "large_body.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define TASKS 10  /* 600 kB, which goes out in pieces */
#define ROUNDS 25 /* of which the median is taken */
#define TIMES 8	  /* it may take so many times as long; usually it takes about as long */

#define LONGEST ((size_t)64 << 20) /* of a body */
#define BODIES 6		   /* of which the one that disturbs least counts */

/* A sanitizer makes and frees long pieces of memory in a way of its own, and slowly. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEASURES false
#else
#define MEASURES true
#endif
#define IMPORT "/api/v1/accounts/ann/import?format=json&dry_run=true"

static struct user ann;
static char export[sizeof(ann.tasks) + 32];

/* By its length, or in chunks. */
static const char *const paths[] = { "/api/v1/openapi.json", ann.tasks, export };

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Whether the reply has come: so many bytes, or the last chunk. */
static bool is_whole(const struct client *client, size_t size)
{
	static const char end[] = "\r\n0\r\n\r\n";
	const size_t length = sizeof(end) - 1;

	if (size > 0)
		return client->used >= size;
	return client->used > length &&
	       memcmp(client->input + client->used - length, end, length) == 0;
}

/* How long a reply takes; quick: this side acknowledges at once. */
static double exchange_time(struct client *client, const char *path, size_t size, int quick)
{
	long until = deadline_in(CLIENT_DEADLINE_MS);
	double begun = now_ms();

	client->used = 0;
	ck_assert(user_send(client, &ann, "GET", path, NULL));
	do {
		setsockopt(client->fd, IPPROTO_TCP, TCP_QUICKACK, &quick, sizeof(quick));
		ck_assert(client_fill(client, until));
	} while (!is_whole(client, size));
	return now_ms() - begun;
}

/* The bytes of the whole reply if its length is announced, else 0. */
static size_t reply_size(struct client *client, const char *path)
{
	struct reply reply;

	ck_assert(user_send(client, &ann, "GET", path, NULL));
	ck_assert(client_read(client, "GET", &reply));
	ck_assert_int_eq(reply.status, 200);
	bool told = reply_find_header(&reply, "Content-Length") != NULL;
	size_t size = reply.head_size + 2 + reply.body_size;
	ck_assert_uint_gt(size, 32 << 10);
	reply_free(&reply);
	return told ? size : 0;
}

static int compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

static double median(double *times)
{
	qsort(times, ROUNDS, sizeof(*times), compare);
	return times[ROUNDS / 2];
}

START_TEST(late_acknowledgements_delay_nothing)
{
	double quick[ROUNDS], late[ROUNDS];
	struct client client;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	rough_fill(&h, &ann, TASKS);
	snprintf(export, sizeof(export), "/api/v1/accounts/%s/export?format=csv", ann.name);
	ck_assert(client_open(&client, h.port));
	size_t size = reply_size(&client, paths[_i]);

	for (int i = 0; i < ROUNDS; i++) {
		quick[i] = exchange_time(&client, paths[_i], size, 1);
		late[i] = exchange_time(&client, paths[_i], size, 0);
	}
	double one = median(quick), other = median(late);
	ck_assert_msg(
		other < TIMES * one, "%s: %.2f ms where %.2f would do", paths[_i], other, one);
	client.used = 0;
	client_close(&client);
}
END_TEST

/* How long this machine takes to copy so much into fresh memory. */
static double copy_time(void)
{
	char *from = malloc(LONGEST), *to = malloc(LONGEST);

	ck_assert(from != NULL && to != NULL);
	memset(from, 'x', LONGEST);
	double begun = now_ms();
	memcpy(to, from, LONGEST);
	double took = now_ms() - begun;
	ck_assert_int_eq(to[LONGEST - 1], 'x');
	free(from);
	free(to);
	return took;
}

/* How long another client waits for a reply that only needs the loop. */
static double wait_of(struct client *other)
{
	double begun = now_ms();

	ck_assert(user_send(other, NULL, "GET", "/healthz", NULL));
	ck_assert_int_eq(user_read_status(other, "GET"), 200);
	return now_ms() - begun;
}

/* Its longest wait between the end of the longest body and the reply to that. */
static double wait_behind_body(struct client *client, struct client *other)
{
	double longest = 0;

	large_body_head(client, &ann, "POST", IMPORT, LONGEST, "");
	large_body_piece(client, LONGEST, true, true);
	while (poll(&(struct pollfd){ client->fd, POLLIN, 0 }, 1, 0) == 0) {
		double took = wait_of(other);
		longest = took > longest ? took : longest;
	}
	ck_assert_int_eq(user_read_status(client, "POST"), 422); /* {} is no file */
	return longest;
}

/*
 * It is made one piece where nobody else waits. Whatever else the machine does makes waits longer.
 */
START_TEST(the_longest_body_delays_nobody)
{
	double copy = copy_time(), wait = 0;
	struct client client, other;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(client_open(&client, h.port) && client_open(&other, h.port));
	client.deadline_ms = 60000;
	for (int i = 0; i < BODIES; i++) {
		double took = copy_time(), now = wait_behind_body(&client, &other);
		copy = took < copy ? took : copy;
		wait = i == 0 || now < wait ? now : wait;
	}
	ck_assert_msg(!MEASURES || wait * 2 < copy, "%.2f ms, where a copy takes %.2f", wait, copy);
	client_close(&client);
	client_close(&other);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, late_acknowledgements_delay_nothing, 0, CHECK_COUNT(paths));
	tcase_add_test(test_case, the_longest_body_delays_nobody);
}

int main(void)
{
	return check_main("delay", add);
}
