/* Which operation of a description a request is, and which response a status. */
#include "check_main.h"
#include "description.h"

#include <string.h>

static const char text[] =
	"{\"paths\":{"
	"\"/a\":{\"get\":{\"responses\":{\"200\":{\"name\":\"exact\"},\"2XX\":{\"name\":\"class\"},"
	"\"4XX\":{\"$ref\":\"#/components/responses/Problem\"}}}},"
	"\"/a/{x}\":{\"get\":{\"responses\":{\"default\":{\"name\":\"any\"}}},\"put\":{}},"
	"\"/a/me\":{\"post\":{}},"
	"\"/a/{x}/b\":{\"get\":{}},\"/a/me/{y}\":{\"get\":{}},\"/a/{x}/{y}\":{\"get\":{}}},"
	"\"components\":{\"responses\":{\"Problem\":{\"name\":\"problem\"}}}}";

static struct description description;

static void setup(void)
{
	description_make(&description, json_loads(text, 0, NULL));
	ck_assert_uint_eq(description.count, 7);
}

static void teardown(void)
{
	description_free(&description);
}

static const struct request {
	const char *method, *target;
	enum described described;
	const char *path; /* of the operation */
} requests[] = {
	{ "GET", "/a", DESCRIBED_OPERATION, "/a" },
	{ "HEAD", "/a", DESCRIBED_OPERATION, "/a" },
	{ "GET", "/a/", DESCRIBED_OPERATION, "/a" },
	{ "GET", "/a?b=/c", DESCRIBED_OPERATION, "/a" },
	{ "GET", "/a/?b", DESCRIBED_OPERATION, "/a" },
	{ "GET", "/%61", DESCRIBED_OPERATION, "/a" },
	{ "GET", "http://localhost:1/a", DESCRIBED_OPERATION, "/a" },
	{ "GET", "http://localhost:1", DESCRIBED_NOTHING, NULL },
	{ "PUT", "/a/b", DESCRIBED_OPERATION, "/a/{x}" },
	{ "PUT", "/a/%2F", DESCRIBED_OPERATION, "/a/{x}" },
	{ "PUT", "/a/%zz", DESCRIBED_OPERATION, "/a/{x}" },
	{ "GET", "/a/mex", DESCRIBED_OPERATION, "/a/{x}" },
	{ "GET", "/a/m", DESCRIBED_OPERATION, "/a/{x}" },
	{ "POST", "/a/me", DESCRIBED_OPERATION, "/a/me" },
	{ "POST", "/a/%6d%65/", DESCRIBED_OPERATION, "/a/me" },
	{ "GET", "/a/you/b", DESCRIBED_OPERATION, "/a/{x}/b" },
	{ "GET", "/a/me/b", DESCRIBED_OPERATION, "/a/me/{y}" },
	{ "GET", "/a/you/c", DESCRIBED_OPERATION, "/a/{x}/{y}" },
	{ "GET", "/a/me", DESCRIBED_PATH, NULL },
	{ "POST", "/a", DESCRIBED_PATH, NULL },
	{ "HEAD", "/a/me", DESCRIBED_PATH, NULL },
	{ "get", "/a", DESCRIBED_PATH, NULL },
	{ "GE", "/a", DESCRIBED_PATH, NULL },
	{ "GETS", "/a", DESCRIBED_PATH, NULL },
	{ "", "/a", DESCRIBED_PATH, NULL },
	{ "GET", "/", DESCRIBED_NOTHING, NULL },
	{ "GET", "", DESCRIBED_NOTHING, NULL },
	{ "GET", "a", DESCRIBED_NOTHING, NULL },
	{ "GET", "//a", DESCRIBED_NOTHING, NULL },
	{ "GET", "/a//", DESCRIBED_NOTHING, NULL },
	{ "GET", "/a//b", DESCRIBED_NOTHING, NULL },
	{ "GET", "/A", DESCRIBED_NOTHING, NULL },
	{ "GET", "/ab", DESCRIBED_NOTHING, NULL },
	{ "GET", "/a%2fme", DESCRIBED_NOTHING, NULL },
	{ "GET", "/a%00", DESCRIBED_NOTHING, NULL },
	{ "GET", "/a/b/c/d", DESCRIBED_NOTHING, NULL },
};

START_TEST(request_is_found)
{
	const struct request *request = &requests[_i];
	struct operation operation;
	enum described described =
		description_find(&description, request->method, request->target, &operation);

	ck_assert_msg(described == request->described, "%s %s: %d", request->method,
		request->target, (int)described);
	if (described == DESCRIBED_OPERATION)
		ck_assert_str_eq(operation.path, request->path);
}
END_TEST

START_TEST(root_has_no_slash_behind_it)
{
	ck_assert(description_fits("/", "/"));
	ck_assert(description_fits("/", "/?a"));
	ck_assert(!description_fits("/", "//"));
	ck_assert(!description_fits("/", ""));
}
END_TEST

/* The name in the response for that status of GET; NULL: there is none. */
static const char *response_name(const char *path, int status)
{
	struct operation operation;

	ck_assert_int_eq(
		description_find(&description, "GET", path, &operation), DESCRIBED_OPERATION);
	return json_string_value(
		json_object_get(description_response(&description, &operation, status), "name"));
}

START_TEST(response_is_found)
{
	ck_assert_str_eq(response_name("/a", 200), "exact");
	ck_assert_str_eq(response_name("/a", 201), "class");
	ck_assert_str_eq(response_name("/a", 404), "problem");
	ck_assert_ptr_null(response_name("/a", 500));
	ck_assert_str_eq(response_name("/a/b", 304), "any");
	ck_assert_ptr_null(response_name("/a/b/c", 200));
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, request_is_found, 0, (int)CHECK_COUNT(requests));
	tcase_add_test(test_case, root_has_no_slash_behind_it);
	tcase_add_test(test_case, response_is_found);
}

int main(void)
{
	return check_main("description", add);
}
