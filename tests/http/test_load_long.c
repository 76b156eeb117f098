/*
 * Long lists delay no one, whether their readers stall, leave, or wait for the end of the server.
 */
#include "base/buffer.h"
#include "deadline.h"
#include "fixture.h"
#include "user.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>

#define TASKS_MAX 20000
#define NOTE_MAX 60000
#define FEW 20 /* tasks with such notes: a long answer too */
#define BATCH_MOST 1000
#define BATCH_BYTES (4 << 20)
#define CROWD 24      /* and many more of them */
#define STALLED 4     /* clients that ask for the long list and do not read it */
#define STREAMS_MAX 3 /* lists of one account that wait for their clients, at most */
#define SMALL 50      /* requests that must go on meanwhile */

/* An account with a long list. */
struct owner {
	int tasks;
	int note; /* bytes of each one's note */
	struct user user;
};

/* Reads and writes of a client that needs little. */
static void small_requests(const struct user *user)
{
	struct client client;

	ck_assert(client_open(&client, h.port));
	for (int i = 0; i < SMALL; i++) {
		ck_assert_int_gt(user_post(&client, user, "Sleep"), 0);
		ck_assert_int_eq(user_list_status(&client, user), 200);
	}
	client_close(&client);
}

/* Tasks named by their numbers, many at once. */
static void tasks_fill(const struct owner *owner)
{
	static char note[NOTE_MAX + 1];
	int most = BATCH_BYTES / (owner->note + 100);
	char path[sizeof(owner->user.tasks) + 8];
	struct client client;

	memset(note, 'n', NOTE_MAX);
	snprintf(path, sizeof(path), "%s/batch", owner->user.tasks);
	ck_assert(client_open(&client, h.port));
	for (int number = 0; number < owner->tasks;) {
		struct buffer body = { 0 };
		buffer_add_text(&body, TEXT("{\"items\":["));
		for (int i = 0; i < most && i < BATCH_MOST && number < owner->tasks; i++, number++)
			buffer_add_format(&body,
				"%s{\"op\":\"create\",\"task\":{\"name\":\"%d\",\"note\":\"%.*s\"}"
				"}",
				i > 0 ? "," : "", number, owner->note, note);
		buffer_add(&body, "]}", 3);
		ck_assert(user_send(&client, &owner->user, "POST", path, body.data));
		ck_assert_int_eq(user_read_status(&client, "POST"), 200);
		buffer_free(&body);
	}
	client_close(&client);
}

/* The reply is valid JSON that has every task once, in the order of their ids. Frees it. */
static void list_check(struct reply *reply, int count)
{
	json_t *listed = json_loadb(reply->body, reply->body_size, JSON_REJECT_DUPLICATES, NULL);
	json_t *tasks = json_object_get(listed, "tasks"), *task;
	static bool seen[TASKS_MAX];
	json_int_t last = 0;
	size_t index;

	ck_assert_int_eq(reply->status, 200);
	ck_assert_uint_eq(json_array_size(tasks), (size_t)count);
	memset(seen, 0, sizeof(seen));
	json_array_foreach (tasks, index, task) {
		int number = atoi(json_string_value(json_object_get(task, "name")));
		json_int_t id = json_integer_value(json_object_get(task, "id"));

		ck_assert_int_gt(id, last);
		ck_assert(number >= 0 && number < count && !seen[number]);
		seen[number] = true;
		last = id;
	}
	json_decref(listed);
	reply_free(reply);
}

/* Ask for the long list, and wait until it begins to come. */
static void list_begin(struct client *client, const struct owner *owner)
{
	ck_assert(client_open(client, h.port));
	ck_assert(user_send(client, &owner->user, "GET", owner->user.tasks, NULL));
	ck_assert_msg(deadline_poll(client->fd, POLLIN, deadline_in(CLIENT_DEADLINE_MS)),
		"a long list did not begin");
}

/* Read on to the end; false where the server ended the reply before its last chunk. */
static bool list_end(struct client *client, struct reply *reply)
{
	bool is_whole = client_read(client, "GET", reply);

	client_close(client);
	return is_whole;
}

static void list_end_whole(struct client *client, const struct owner *owner)
{
	struct reply reply;

	ck_assert_msg(list_end(client, &reply), "a long list broke off");
	list_check(&reply, owner->tasks);
}

static void list_whole(const struct owner *owner)
{
	struct client client;

	list_begin(&client, owner);
	list_end_whole(&client, owner);
}

/* A client that has sent all, and closed its side, still gets the whole reply. */
static void half_closed_check(const struct owner *owner)
{
	struct client client;

	list_begin(&client, owner);
	ck_assert_int_eq(shutdown(client.fd, SHUT_WR), 0);
	list_end_whole(&client, owner);
}

/* Many stalled readers do not keep others from a long list. */
static void crowd_check(const struct owner *owner, const struct owner *other)
{
	struct client crowd[CROWD];

	for (int i = 0; i < CROWD; i++)
		list_begin(&crowd[i], owner);
	list_whole(other);
	for (int i = 0; i < CROWD; i++)
		client_close(&crowd[i]);
}

/*
 * While some clients do not read, small requests and another long list are served. STREAMS_MAX of
 * an account's lists may wait for their clients. Those above that are ended, the one that has
 * waited longest first; the others read on. What they read is checked after all have read, so that
 * none is ended for its pace.
 */
static void stalled_check(const struct owner *owner, const struct user *other)
{
	struct client stalled[STALLED], steady;
	struct reply read[STALLED + 1];
	int whole = 0;

	for (int i = 0; i < STALLED; i++)
		list_begin(&stalled[i], owner);
	small_requests(other);
	list_begin(&steady, owner);
	ck_assert_msg(list_end(&steady, &read[whole++]), "the list of a steady reader broke off");
	for (int i = 0; i < STALLED; i++)
		whole += list_end(&stalled[i], &read[whole]);
	ck_assert_int_ge(whole, STREAMS_MAX); /* the steady reader was the one of them */
	while (whole > 0)
		list_check(&read[--whole], owner->tasks);
}

static void abandoned_check(const struct owner *owner, const struct user *other)
{
	struct client gone;

	for (int i = 0; i < STALLED; i++) {
		list_begin(&gone, owner);
		client_close(&gone);
	}
	small_requests(other);
	list_whole(owner);
}

/*
 * Many short tasks, and a few long ones: either list is longer than what the server keeps in memory
 * for a client. Fewer under the sanitizers, which are so slow that a client that does not read
 * would be ended meanwhile.
 */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define LONG_PART 3
#else
#define LONG_PART 1
#endif
static struct owner owners[] = { { .tasks = TASKS_MAX / LONG_PART, .note = 600 },
	{ .tasks = 700 / LONG_PART, .note = NOTE_MAX } };

/* In one test, because it takes time to fill the list. */
START_TEST(long_list_holds_nobody_up)
{
	struct owner *owner = &owners[_i];
	struct owner few = { .tasks = FEW, .note = NOTE_MAX };
	struct user other;
	struct client stalled;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &owner->user, "long") && user_make(&h, &other, "short"));
	ck_assert(user_make(&h, &few.user, "few"));
	tasks_fill(owner);
	tasks_fill(&few);
	stalled_check(owner, &other);
	abandoned_check(owner, &other);
	half_closed_check(owner);
	crowd_check(owner, &few);
	list_begin(&stalled, owner); /* who does not read does not keep the server from ending */
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert_int_eq(folder_count(), 1);
	client_close(&stalled);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, long_list_holds_nobody_up, 0, CHECK_COUNT(owners));
}

int main(void)
{
	return check_main("load_long", add);
}
