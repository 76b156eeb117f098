/*
 * An account's numbers are its own: what another one has under them is never found by them, nor
 * changed, whatever the operation.
 */
#include "strangers.h"

#define FAR_ID "999999999"

/* Every number, those that bob alone has too, under ann's own name: as one that is far off. */
START_TEST(numbers_are_ones_own)
{
	struct operation operation;
	char *before = look_at_bob();
	size_t place = 0, count = 0;

	while (next_operation(&place, &operation)) {
		char method[16], path[TEXT_SIZE], *missing, *text;
		const char *body = right_body(&operation);

		if (!has_parameter(&operation, "{id}"))
			continue;
		make_method(method, operation.method);
		make_path(path, &operation, ann.name, FAR_ID);
		int status = ask(method, path, SAME, ann.token, body, &missing);
		ck_assert_msg(status == 404, "%s %s: %d", method, path, status);
		for (int id = 5; id <= IDS_MOST; id++) { /* ann has less of everything */
			char number[16];

			snprintf(number, sizeof(number), "%d", id);
			make_path(path, &operation, ann.name, number);
			ask(method, path, SAME, ann.token, body, &text);
			ck_assert_msg(strcmp(text, missing) == 0, "%s %s: %s", method, path, text);
			free(text);
			count++;
		}
		free(missing);
	}
	ck_assert_uint_ge(count, 5 * 4);
	expect_unchanged(before, "any of", "them");
	free(before);
}
END_TEST

/*
 * Do it as a new account with its own things, which have bob's numbers: whether it went well with
 * any of them.
 */
static bool do_own(const struct operation *operation)
{
	bool numbered = has_parameter(operation, "{id}"), done = false;
	char method[16], path[TEXT_SIZE], name[32], email[64];
	struct user own;

	snprintf(name, sizeof(name), "own-%zu", operation->place);
	snprintf(email, sizeof(email), "{\"email\":\"%s@example.com\"}", name);
	fill(&own, name, email, 3, 2);
	make_method(method, operation->method);
	for (int id = numbered ? IDS_MOST : 1; id >= 1; id--) {
		char number[16], *text;

		snprintf(number, sizeof(number), "%d", id);
		make_path(path, operation, own.name, number);
		done |= ask(method, path, SAME, own.token, right_body(operation), &text) < 300;
		free(text);
	}
	return done;
}

START_TEST(own_changes_leave_others_alone)
{
	struct operation operation;
	char *before = look_at_bob();
	size_t place = 0;

	while (next_operation(&place, &operation)) {
		ck_assert_msg(do_own(&operation), "%s %s: it needs a body, or something to do",
			operation.method, operation.path);
		expect_unchanged(before, operation.method, operation.path);
	}
	free(before);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, strangers_setup, strangers_teardown);
	tcase_add_test(test_case, numbers_are_ones_own);
	tcase_add_test(test_case, own_changes_leave_others_alone);
}

int main(void)
{
	return check_main("strangers' numbers", add);
}
