/*
 * Logins of one address wait for no other address, whatever that one asks for: registrations of a
 * name that is taken, logins with its own right password, guesses of its own present one.
 */
#include "check_main.h"
#include "deadline.h"
#include "past.h"

#include <stdio.h>

#define LOGIN "/api/v1/accounts/login"
#define CROWD 48
#define LOGINS 2
#define PATIENCE_MS 2000
#define PLACE 7 /* another loopback address */

static struct past past;
static struct user ann, mallory;
static struct client crowd[CROWD];

static void setup(void)
{
	past_make(&past);
	ck_assert(user_make(&past.h, &ann, "ann"));
	ck_assert(user_make(&past.h, &mallory, "mallory"));
	for (int i = 0; i < CROWD; i++)
		ck_assert(client_open(&crowd[i], past.h.port));
}

static void teardown(void)
{
	for (int i = 0; i < CROWD; i++)
		client_close(&crowd[i]);
	past_remove(&past);
}

#define PASSWORD(name, password) "{\"username\":\"" name "\",\"password\":\"" password "\"}"
#define PROFILE "/api/v1/accounts/mallory"

static const struct {
	const char *method, *path, *body;
	bool session;
} floods[] = {
	{ "POST", "/api/v1/accounts", PASSWORD("new-%d-%d", HARNESS_PASSWORD), false },
	{ "POST", "/api/v1/accounts", PASSWORD("ann", HARNESS_PASSWORD), false },
	{ "POST", LOGIN, PASSWORD("mallory", HARNESS_PASSWORD), false },
	{ "POST", LOGIN, PASSWORD("nobody-%d-%d", "not the password"), false },
	{ "PUT", PROFILE, "{\"password\":\"new horse\",\"current_password\":\"not it\"}", true },
	{ "DELETE", PROFILE, "{\"current_password\":\"not it\"}", true },
};

static void flood(int kind, int round)
{
	char body[256];

	for (int i = 0; i < CROWD; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(body, sizeof(body), floods[kind].body, round, i);
#pragma GCC diagnostic pop
		ck_assert(user_send(&crowd[i], floods[kind].session ? &mallory : NULL,
			floods[kind].method, floods[kind].path, body));
	}
}

static void log_in(struct client *client)
{
	long begun = deadline_in(0);

	ck_assert(user_send(client, NULL, "POST", LOGIN, PASSWORD("ann", HARNESS_PASSWORD)));
	ck_assert_int_eq(user_read_status(client, "POST"), 200);
	ck_assert_msg(deadline_in(0) - begun < PATIENCE_MS, "%ld ms", deadline_in(0) - begun);
}

START_TEST(login_does_not_wait_for_others)
{
	struct client client;

	ck_assert(client_open_from(&client, PLACE, past.h.port));
	for (int round = 0; round < LOGINS; round++) {
		flood(_i, round);
		log_in(&client);
		for (int i = 0; i < CROWD; i++)
			ck_assert_int_gt(user_read_status(&crowd[i], floods[_i].method), 0);
	}
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, login_does_not_wait_for_others, 0, CHECK_COUNT(floods));
}

int main(void)
{
	return check_main("login fair", add);
}
