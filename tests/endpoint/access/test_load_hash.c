/*
 * Passwords take long to hash: meanwhile the others are served, and who comes when the queue is
 * full is told so.
 */
#include "fixture.h"
#include "user.h"

#include <poll.h>
#include <stdio.h>

#define STORM 200 /* registrations at once: more than any short queue */
#define HASHES 4  /* few enough to be taken on all together */

static bool register_send(struct client *client, int number)
{
	char body[128];

	snprintf(body, sizeof(body), "{\"username\":\"u%d\",\"password\":\"" HARNESS_PASSWORD "\"}",
		number);
	return user_send(client, NULL, "POST", "/api/v1/accounts", body);
}

static bool login_send(struct client *client, int number)
{
	(void)number;
	return user_send(client, NULL, "POST", "/api/v1/accounts/login",
		"{\"username\":\"alice\",\"password\":\"" HARNESS_PASSWORD "\"}");
}

static const struct hashing {
	bool (*send)(struct client *client, int number);
	int status;
} hashings[] = { { register_send, 201 }, { login_send, 200 } };

/* Whether a reply has begun to come. */
static bool is_answered(const struct client *client)
{
	struct pollfd ready = { .fd = client->fd, .events = POLLIN };

	return poll(&ready, 1, 0) != 0;
}

/* How many small requests are answered before the client has its reply. */
static int small_requests_until(struct client *client, const struct user *user)
{
	struct client small;
	int count = 0;

	ck_assert(client_open(&small, h.port));
	for (; !is_answered(client); count++)
		ck_assert_int_eq(user_list_status(&small, user), 200);
	client_close(&small);
	return count;
}

START_TEST(hashing_holds_nobody_up)
{
	const struct hashing *hashing = &hashings[_i];
	struct client clients[HASHES];
	struct user user;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "alice"));
	for (int i = 0; i < HASHES; i++) {
		ck_assert(client_open(&clients[i], h.port));
		ck_assert(hashing->send(&clients[i], i));
	}
	/* Were the loop to hash, it could answer about one request between two of them. */
	ck_assert_int_gt(small_requests_until(&clients[HASHES - 1], &user), 2 * HASHES);
	for (int i = 0; i < HASHES; i++) {
		ck_assert_int_eq(user_read_status(&clients[i], "POST"), hashing->status);
		client_close(&clients[i]);
	}
}
END_TEST

/* The status of a registration's reply; a 503 has to say when to come again. */
static int register_read(struct client *client)
{
	struct reply reply;
	int status;

	ck_assert(client_read(client, "POST", &reply));
	status = reply.status;
	if (status == 503) {
		const char *after = reply_find_header(&reply, "Retry-After");

		ck_assert_msg(after && atoi(after) > 0, "Retry-After: %s", after ? after : "-");
	}
	reply_free(&reply);
	return status;
}

static int register_again(int number)
{
	struct client client;
	int status;

	ck_assert(client_open(&client, h.port));
	ck_assert(register_send(&client, number));
	status = register_read(&client);
	client_close(&client);
	return status;
}

/* Who is told to come again may come again; who is told 201 is there. */
START_TEST(storm_of_registrations_is_bounded)
{
	struct client clients[STORM];
	int made = -1, refused = -1;

	ck_assert(harness_start(&h, NULL, NULL));
	for (int i = 0; i < STORM; i++)
		ck_assert(client_open(&clients[i], h.port));
	for (int i = 0; i < STORM; i++)
		ck_assert(register_send(&clients[i], i));
	for (int i = 0; i < STORM; i++) {
		int status = register_read(&clients[i]);

		ck_assert_msg(status == 201 || status == 503, "a registration got %d", status);
		*(status == 201 ? &made : &refused) = i;
		client_close(&clients[i]);
	}
	ck_assert_msg(made >= 0, "none was made");
	ck_assert_msg(refused >= 0, "none was refused: is the queue bounded?");
	ck_assert_int_eq(register_again(refused), 201);
	ck_assert_int_eq(register_again(made), 409);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, hashing_holds_nobody_up, 0, CHECK_COUNT(hashings));
	tcase_add_test(test_case, storm_of_registrations_is_bounded);
}

int main(void)
{
	return check_main("load_hash", add);
}
