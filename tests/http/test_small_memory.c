/*
 * 512 MB of address space: whatever its clients do with large and dense bodies, and with replies
 * that they do not read, the server lives on and serves.
 */
#include "base/buffer.h"
#include "fixture.h"
#include "user.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LIMIT_KIB 524288
#define USERS 4
#define AT_ONCE 16
#define NOTE_BYTES 60000
#define NOTES 120 /* of one batch: nearly as long as one may be */

static struct user users[USERS];

/* A shell that sets the limit, and becomes the server. */
static void start_limited(void)
{
	char script[160];

	snprintf(script, sizeof(script), "%s/limited", h.folder);
	FILE *file = fopen(script, "w");
	ck_assert_ptr_nonnull(file);
	fprintf(file, "#!/bin/sh\nulimit -v %d || exit 99\nexec %s \"$@\"\n", LIMIT_KIB,
		TODO_BINARY);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(script, 0700), 0);
	ck_assert_int_eq(setenv("HARNESS_BINARY", script, 1), 0);
	ck_assert(harness_start(&h, NULL, NULL));
	unsetenv("HARNESS_BINARY");
}

/* ---- what is sent: each function is one exchange on a connection of its own ---- */

static bool send_raw(struct client *client, const struct user *user, const char *path,
	const char *type, struct buffer *body)
{
	struct buffer head = { 0 };

	buffer_add_format(&head,
		"POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
		"Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
		path, user->token, type, body->length);
	bool sent = client_send(client, head.data, head.length) &&
		    client_send(client, body->data, body->length);
	buffer_free(&head);
	buffer_free(body);
	return sent;
}

static struct buffer repeated(
	const char *opening, const char *unit, size_t bytes, const char *closing)
{
	struct buffer body = { 0 };

	buffer_add_text(&body, text_of(opening));
	while (body.length + strlen(unit) + strlen(closing) < bytes)
		buffer_add_text(&body, text_of(unit));
	buffer_add_text(&body, text_of(closing));
	return body;
}

/* As dense as JSON can be, without a session. */
static void send_dense_login(struct client *client, const struct user *user)
{
	struct buffer body = repeated(
		"{\"username\":\"u\",\"password\":\"12345678\",\"msg\":[{}", ",{}", 65536, "]}");

	send_raw(client, user, "/api/v1/accounts/login", "application/json", &body);
}

static void send_dense_batch(struct client *client, const struct user *user)
{
	struct buffer body = repeated("{\"items\":[{}", ",{}", (size_t)8 << 20, "]}");
	char path[128];

	snprintf(path, sizeof(path), "%s/batch", user->tasks);
	send_raw(client, user, path, "application/json", &body);
}

static void send_long_notes(struct client *client, const struct user *user)
{
	static const char item[] = "{\"op\":\"create\",\"task\":{\"name\":\"x\",\"note\":\"";
	struct buffer body = { 0 };
	char path[128];

	buffer_add_text(&body, TEXT("{\"items\":["));
	for (int i = 0; i < NOTES; i++) {
		buffer_add_format(&body, "%s%s", i > 0 ? "," : "", item);
		memset(buffer_reserve(&body, NOTE_BYTES), 'n', NOTE_BYTES);
		body.length += NOTE_BYTES;
		buffer_add_text(&body, TEXT("\"}}"));
	}
	buffer_add_text(&body, TEXT("]}"));
	snprintf(path, sizeof(path), "%s/batch", user->tasks);
	send_raw(client, user, path, "application/json", &body);
}

/* As many tasks as a file can have. */
static void send_import(struct client *client, const struct user *user)
{
	struct buffer body = repeated("", "a\n", (size_t)63 << 20, "");
	char path[128];

	snprintf(path, sizeof(path), "/api/v1/accounts/%s/import?format=todo.txt", user->name);
	send_raw(client, user, path, "text/plain", &body);
}

static void ask_export(struct client *client, const struct user *user)
{
	char path[128];

	snprintf(path, sizeof(path), "/api/v1/accounts/%s/export", user->name);
	user_send(client, user, "GET", path, NULL);
}

static const struct load {
	const char *name;
	int at_once;
	void (*send)(struct client *client, const struct user *user);
	const char *method; /* whose reply is read; NULL: it is not */
} loads[] = {
	{ "dense logins", AT_ONCE, send_dense_login, "POST" },
	{ "dense batches", AT_ONCE, send_dense_batch, "POST" },
	{ "long notes", AT_ONCE, send_long_notes, "POST" },
	{ "exports", AT_ONCE, ask_export, "GET" },
	{ "exports that are not read", 3 * AT_ONCE, ask_export, NULL },
	{ "long imports", USERS, send_import, "POST" },
};

/* ---- all at once ---- */

struct sender {
	const struct load *load;
	const struct user *user;
	struct client client;
	pthread_t thread;
};

static void *run_sender(void *argument)
{
	struct sender *sender = argument;

	if (!client_open(&sender->client, h.port))
		return NULL;
	sender->client.deadline_ms = 60000;
	sender->load->send(&sender->client, sender->user);
	if (sender->load->method != NULL)
		user_read_status(&sender->client, sender->load->method);
	return NULL;
}

static void run_load(const struct load *load)
{
	struct sender senders[3 * AT_ONCE];
	struct client client;

	for (int i = 0; i < load->at_once; i++) {
		senders[i] = (struct sender){ .load = load, .user = &users[i % USERS] };
		ck_assert_int_eq(
			pthread_create(&senders[i].thread, NULL, run_sender, &senders[i]), 0);
	}
	for (int i = 0; i < load->at_once; i++)
		pthread_join(senders[i].thread, NULL);
	/* While unread replies wait, it still serves. */
	ck_assert(client_open(&client, h.port));
	ck_assert_msg(user_post(&client, &users[0], "on") > 0, "%s: no task is made", load->name);
	client_close(&client);
	for (int i = 0; i < load->at_once; i++)
		client_close(&senders[i].client);
}

START_TEST(a_small_machine_is_enough)
{
	char name[16];

	start_limited();
	for (int i = 0; i < USERS; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		ck_assert(user_make(&h, &users[i], name));
	}
	for (size_t i = 0; i < CHECK_COUNT(loads); i++)
		run_load(&loads[i]);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 300);
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, a_small_machine_is_enough);
}

int main(void)
{
	return check_main("small_memory", add);
}
