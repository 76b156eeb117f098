/*
 * A login that fails tells nothing of the name: the same reply, after the same time, whether there
 * is such an account, is none, or can be none.
 *
 * A round is one login of each kind, in any order. Since the machine does other things too, a time
 * counts as a multiple of its round's median, and of all rounds the median of those. Where that is
 * still uncertain there are more rounds.
 */
#include "check_main.h"
#include "deadline.h"
#include "past.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOGIN "/api/v1/accounts/login"
#define ROUNDS_LEAST 24
#define ROUNDS_MOST 150
#define PATIENCE_MS 80000
#define TOLERANCE 0.1
#define LONG_PASSWORD 2000
#define NAME_64 "a234567890123456789012345678901234567890123456789012345678901234"

/* The first one is what the others are compared with. */
static const struct {
	const char *what, *username;
	const char *password; /* NULL: too long a one */
} kinds[] = {
	{ "an account", "ann", "not the password" },
	{ "no password", "ann", "" },
	{ "too long a password", "ann", NULL },
	{ "no such account", "bob", "not the password" },
	{ "the longest name", NAME_64, "not the password" },
	{ "too long a name", NAME_64 "5", "not the password" },
	{ "what is no name", "\\u0001 ' \\u00e9 \\ud83d\\ude00 %00 ../", "" },
};

#define KINDS CHECK_COUNT(kinds)

static struct past past;
static struct user ann;
static double times[KINDS][ROUNDS_MOST];

static void setup(void)
{
	past_make(&past);
	ck_assert(user_make(&past.h, &ann, "ann"));
}

static void teardown(void)
{
	past_remove(&past);
}

/* The reply to a failed login, to be freed: its seconds. */
static double log_in(size_t kind, struct reply *reply)
{
	char body[LONG_PASSWORD + 512], password[LONG_PASSWORD + 1];
	struct timespec before, after;

	snprintf(password, sizeof(password), "%0*d", LONG_PASSWORD, 0);
	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}",
		kinds[kind].username, kinds[kind].password ? kinds[kind].password : password);
	clock_gettime(CLOCK_MONOTONIC, &before);
	ck_assert(client_call(
		&past.client, reply, "POST", LOGIN, "X-Request-Id: same\r\n", NULL, body));
	clock_gettime(CLOCK_MONOTONIC, &after);
	ck_assert_msg(reply->status == 401, "%s: %d", kinds[kind].what, reply->status);
	return (double)(after.tv_sec - before.tv_sec) +
	       (double)(after.tv_nsec - before.tv_nsec) * 1e-9;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static double median(const double *values, size_t count)
{
	double sorted[ROUNDS_MOST];

	memcpy(sorted, values, sizeof(*sorted) * count);
	qsort(sorted, count, sizeof(*sorted), compare);
	return (sorted[count / 2] + sorted[(count - 1) / 2]) / 2;
}

static void shuffle(size_t order[KINDS])
{
	static uint64_t state = 1;

	for (size_t i = 0; i < KINDS; i++) {
		size_t other = check_random(&state) % (i + 1);

		order[i] = order[other];
		order[other] = i;
	}
}

static void run_round(size_t round)
{
	double seconds[KINDS];
	size_t order[KINDS];

	past_set(&past, "DELETE FROM throttle");
	shuffle(order);
	for (size_t i = 0; i < KINDS; i++) {
		struct reply reply;

		seconds[order[i]] = log_in(order[i], &reply);
		reply_free(&reply);
	}
	for (size_t kind = 0; kind < KINDS; kind++)
		times[kind][round] = seconds[kind] / median(seconds, KINDS);
}

/* The kind that is farthest from the first one, and its multiple of that. */
static double find_farthest(size_t rounds, size_t *far)
{
	double farthest = 1;

	*far = 0;
	for (size_t kind = 1; kind < KINDS; kind++) {
		double multiple = median(times[kind], rounds) / median(times[0], rounds);
		if (fabs(multiple - 1) <= fabs(farthest - 1))
			continue;
		farthest = multiple;
		*far = kind;
	}
	return farthest;
}

START_TEST(time_is_the_same)
{
	long until = deadline_in(PATIENCE_MS);
	double multiple = 0;
	size_t rounds = 0, far;

	while (rounds < ROUNDS_LEAST || (fabs(multiple - 1) > TOLERANCE && rounds < ROUNDS_MOST &&
						deadline_in(0) < until)) {
		run_round(rounds++);
		multiple = find_farthest(rounds, &far);
	}
	ck_assert_msg(fabs(multiple - 1) <= TOLERANCE, "%s takes %.2f times as long, in %zu rounds",
		kinds[far].what, multiple, rounds);
}
END_TEST

START_TEST(reply_is_the_same)
{
	char *first = NULL;

	for (size_t kind = 0; kind < KINDS; kind++) {
		struct reply reply;

		log_in(kind, &reply);
		char *text = reply_undated(&reply);
		if (kind == 0)
			first = strdup(text);
		ck_assert_str_eq(text, first);
		free(text);
		reply_free(&reply);
	}
	free(first);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, time_is_the_same);
	tcase_add_test(test_case, reply_is_the_same);
}

int main(void)
{
	return check_main("login time", add);
}
