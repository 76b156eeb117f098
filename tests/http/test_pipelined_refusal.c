/*
 * A body that is refused once its session is known not to be good: the requests before it on the
 * same connection are done first, and get their replies, however many still wait for their turn.
 */
#include "one_user.h"

#include "base/buffer.h"

#define LINES 300
#define REFUSED_BYTES 90000 /* above what is let in before the session is known */

static void add_import(struct buffer *out, const char *token, size_t bytes)
{
	buffer_add_format(out,
		"POST /api/v1/accounts/ann/import?format=todo.txt HTTP/1.1\r\nHost: localhost\r\n"
		"Authorization: Bearer %s\r\nContent-Type: text/plain\r\nContent-Length: "
		"%zu\r\n\r\n",
		token, bytes);
	for (size_t i = 0; i < bytes; i += 2)
		buffer_add_text(out, TEXT("a\n"));
}

static void add_create(struct buffer *out)
{
	static const char body[] = "{\"name\":\"kept\"}";

	buffer_add_format(out,
		"POST /api/v1/accounts/ann/tasks HTTP/1.1\r\nHost: localhost\r\n"
		"Authorization: Bearer %s\r\nContent-Length: %zu\r\n\r\n%s",
		user.token, sizeof(body) - 1, body);
}

START_TEST(what_came_before_is_answered)
{
	struct buffer requests = { 0 };

	one_user_start(NULL);
	add_import(&requests, user.token, LINES * 2);
	for (int i = 0; i < _i; i++)
		add_create(&requests);
	add_import(&requests, "nobody", REFUSED_BYTES);
	ck_assert(client_send(&client, requests.data, requests.length));
	buffer_free(&requests);
	ck_assert_int_eq(user_read_status(&client, "POST"), 200);
	for (int i = 0; i < _i; i++)
		ck_assert_int_eq(user_read_status(&client, "POST"), 201);
	ck_assert_int_eq(user_read_status(&client, "POST"), 401);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, one_user_setup, one_user_teardown);
	tcase_add_loop_test(test_case, what_came_before_is_answered, 0, 4);
}

int main(void)
{
	return check_main("pipelined_refusal", add);
}
