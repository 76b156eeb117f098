/* --allow-host: what cannot be the name of a host is refused, and what can is answered to. */
#include "refusal.h"

#include <stdio.h>
#include <string.h>

#define LETTERS_60 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz12345678"

static const char *const wrong_names[] = { "", " ", ",", "a b", "a,", ",a", "a,,b", "a, b c",
	"http://x", "https://todo.example", "x/y", "/", ":80", "x:80", "x:", "a@b", "*",
	"*.example", ".", "..", ".x", "a..b", "x..", "-x", "x-", "a.-b", "x?", "x#y", "x\ny",
	"b\xc3\xbc"
	"cher.example",
	"80", "300.1.1.1", "x.80", "[::1", "::1]", "[x]", "[::1]:80", "127.0.0.1:80", "a.0x1",
	"0x7f", "a.0x", "a.99999999999999999999999", LETTERS_60 "abcd",
	LETTERS_60 "." LETTERS_60 "." LETTERS_60 "." LETTERS_60 "." LETTERS_60 };

/* Both the option and the variable, and no database is made. An empty variable stands for none. */
START_TEST(wrong_names_are_refused)
{
	char assignment[512];

	refusal_expect(WORDS("--allow-host", wrong_names[_i]), NULL, REFUSED_WORDS, "--allow-host");
	snprintf(assignment, sizeof(assignment), "TODO_ALLOW_HOST=%s", wrong_names[_i]);
	if (*wrong_names[_i] != '\0')
		refusal_expect(NULL, WORDS(assignment), REFUSED_WORDS, "--help");
	ck_assert_int_eq(folder_count(), 0);
}
END_TEST

static const struct {
	const char *names, *host;
} right_names[] = {
	{ "todo.example", "todo.example" },
	{ "todo.example", "TODO.example:8888" },
	{ "todo.example", "todo.example." },
	{ "todo.example.", "todo.example" },
	{ "todo.example,todo.lan", "todo.lan" },
	{ " todo.example , todo.lan ", "todo.lan" },
	{ "todo.example,\ttodo.lan", "todo.lan" },
	{ "my_todo,xn--bcher-kva.example,3.example,t-1", "my_todo" },
	{ "my_todo,xn--bcher-kva.example,3.example,t-1", "xn--bcher-kva.example" },
	{ "my_todo,xn--bcher-kva.example,3.example,t-1", "3.example" },
	{ "192.0.2.1,::1,[2001:db8::1],todo", "todo" },
	{ LETTERS_60 "abc.example", LETTERS_60 "abc.example" },
};

static int status_for(const char *host)
{
	char request[256];
	struct client client;
	struct reply reply;
	int status, size = snprintf(request, sizeof(request),
			    "GET /api/v1 HTTP/1.1\r\nHost: %s\r\n\r\n", host);

	ck_assert(client_open(&client, h.port));
	ck_assert(client_send(&client, request, (size_t)size));
	ck_assert(client_read(&client, "GET", &reply));
	status = reply.status;
	reply_free(&reply);
	client_close(&client);
	return status;
}

START_TEST(right_names_are_answered_to)
{
	ck_assert(harness_start(
		&h, WORDS("--port", "0", "--allow-host", right_names[_i].names), NULL));
	ck_assert_int_eq(status_for(right_names[_i].host), 200);
	ck_assert_int_eq(status_for("evil.example"), 421);
	ck_assert_int_eq(status_for("."), 421);
	ck_assert_int_ge(status_for(":80"), 400);
}
END_TEST

START_TEST(empty_variable_is_none)
{
	ck_assert(harness_start(&h, WORDS("--port", "0"), WORDS("TODO_ALLOW_HOST=")));
	ck_assert_int_eq(status_for("localhost"), 200);
	ck_assert_int_eq(status_for("todo.example"), 421);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, wrong_names_are_refused, 0, CHECK_COUNT(wrong_names));
	tcase_add_loop_test(test_case, right_names_are_answered_to, 0, CHECK_COUNT(right_names));
	tcase_add_test(test_case, empty_variable_is_none);
}

int main(void)
{
	return check_main("start_names", add);
}
