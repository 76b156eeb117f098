/*
 * Every operation that the server describes, by one account on what another one has: the answer is
 * always that of an account that nobody has, and the other one's things stay as they are.
 */
#include "strangers.h"

/* Ask the same of bob and of nobody: both replies have to be the same, and this status. */
static void expect_nobody(const struct operation *operation, const char *method, const char *id,
	const char *headers, const char *token, const char *body, int expected)
{
	char path[TEXT_SIZE], *of_nobody, *of_bob;

	make_path(path, operation, "nobody", id);
	int status = ask(method, path, headers, token, body, &of_nobody);
	ck_assert_msg(
		status == expected, "%s %s: %d instead of %d", method, path, status, expected);
	make_path(path, operation, bob.name, id);
	ask(method, path, headers, token, body, &of_bob);
	ck_assert_msg(strcmp(of_bob, of_nobody) == 0, "%s %s: %s\nbut of nobody: %s", method, path,
		of_bob, of_nobody);
	free(of_nobody);
	free(of_bob);
}

/* As each of ann's credentials, and none. */
static void try_all(
	const struct operation *operation, const char *method, const char *id, const char *body)
{
	char cookie[HARNESS_TOKEN_SIZE + 96];
	bool reads = strcmp(operation->method, "get") == 0;
	bool session = takes_session(operation);

	snprintf(cookie, sizeof(cookie),
		SAME "Cookie: todo_session=%s\r\nSec-Fetch-Site: same-origin\r\n", ann.token);
	expect_nobody(operation, method, id, SAME, ann.token, body, 404);
	expect_nobody(operation, method, id, cookie, NULL, body, 404);
	expect_nobody(operation, method, id, SAME, writing, body, session ? 403 : 404);
	expect_nobody(operation, method, id, SAME, reading, body, reads && !session ? 404 : 403);
	expect_nobody(operation, method, id, SAME "If-Match: *\r\nIdempotency-Key: k\r\n",
		ann.token, body, 404);
	expect_nobody(operation, method, id, SAME, NULL, body, 401);
}

/* What no account has an answer for is the same everywhere, be it there or not. */
START_TEST(another_account_is_nobody)
{
	struct operation operation;
	char *before = look_at_bob();
	size_t place = 0, count = 0;

	while (next_operation(&place, &operation)) {
		bool numbered = has_parameter(&operation, "{id}");
		char method[16], number[16];

		make_method(method, operation.method);
		for (int id = 1; id <= (numbered ? IDS_MOST : 1); id++) {
			snprintf(number, sizeof(number), "%d", id);
			try_all(&operation, method, number, right_body(&operation));
			try_all(&operation, method, number, NULL);
			if (strcmp(method, "GET") == 0)
				try_all(&operation, "HEAD", number, NULL);
			else
				try_all(&operation, method, number, "{\"nonsense\":1");
			count++;
		}
	}
	ck_assert_uint_ge(count, 40);
	expect_unchanged(before, "any of", "them");
	free(before);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, strangers_setup, strangers_teardown);
	tcase_add_test(test_case, another_account_is_nobody);
}

int main(void)
{
	return check_main("strangers", add);
}
