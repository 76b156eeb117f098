/*
 * X-Forwarded-Prefix: where a trusted proxy has taken the beginning off a path, what a reply names
 * has it again, so that a client of the proxy can go there.
 */
#include "fixture.h"
#include "user.h"

#include <stdio.h>
#include <stdlib.h>

#define TRUSTED "127.0.0.1"
#define FORGED "192.0.2.0/24, ::1" /* nobody asks from there */

static struct client client;
static struct user ann;

static void start(const char *proxies)
{
	ck_assert(harness_start(
		&h, WORDS("--port", "0", "--db", h.database, "--trusted-proxy", proxies), NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(client_open(&client, h.port));
}

static void teardown(void)
{
	client_close(&client);
	fixture_teardown();
}

/* One exchange of ann's with this X-Forwarded-Prefix and further headers; to be freed. */
static void ask(struct reply *reply, const char *method, const char *path, const char *prefix,
	const char *more, const char *body)
{
	char headers[1024];
	int size = snprintf(headers, sizeof(headers), "X-Forwarded-Prefix: %s\r\n%s", prefix, more);

	ck_assert_uint_lt((size_t)size, sizeof(headers));
	ck_assert(client_call(&client, reply, method, path, headers, ann.token, body));
}

static void expect_header(
	struct reply *reply, const char *name, const char *format, const char *prefix)
{
	const char *found = reply_find_header(reply, name);
	char value[512];

	snprintf(value, sizeof(value), format, prefix);
	ck_assert_msg(found && strncmp(found, value, strlen(value)) == 0, "%s: %s, not %s", name,
		found ? found : "(none)", value);
}

#define LETTERS_45 "/23456789/23456789/23456789/23456789/23456789"
#define LETTERS_225 LETTERS_45 LETTERS_45 LETTERS_45 LETTERS_45 LETTERS_45

/* What is sent, and what stands before each path then. */
static const struct {
	const char *proxies, *sent, *prefix;
} prefixes[] = {
	{ TRUSTED, "/todo", "/todo" },
	{ TRUSTED, "/todo/", "/todo" },
	{ TRUSTED, "/a/b-c_d.e~f", "/a/b-c_d.e~f" },
	{ TRUSTED, "/a%20b", "/a%20b" },
	{ TRUSTED, "/...", "/..." },
	{ TRUSTED, LETTERS_225 "/23456789/23456789/23456789/",
		LETTERS_225 "/23456789/23456789/23456789" },
	{ TRUSTED, LETTERS_225 "/23456789/23456789/23456789/23456", "" },
	{ TRUSTED, "", "" },
	{ TRUSTED, "/", "" },
	{ TRUSTED, "//", "" },
	{ TRUSTED, "todo", "" },
	{ TRUSTED, "//evil.example", "" },
	{ TRUSTED, "/todo//", "" },
	{ TRUSTED, "/a//b", "" },
	{ TRUSTED, "/\\evil.example", "" },
	{ TRUSTED, "http://evil.example/", "" },
	{ TRUSTED, "/..", "" },
	{ TRUSTED, "/a/../b", "" },
	{ TRUSTED, "/./a", "" },
	{ TRUSTED, "/a/%2e%2E", "" },
	{ TRUSTED, "/.%2e/a", "" },
	{ TRUSTED, "/a%zz", "" },
	{ TRUSTED, "/a%0d%0aX:%20y", "" },
	{ TRUSTED, "/a\tb", "" },
	{ TRUSTED, "/a b", "" },
	{ TRUSTED, "/a>; rel=\"next\"", "" },
	{ TRUSTED, "/a\"b", "" },
	{ TRUSTED, "/a?b", "" },
	{ TRUSTED, "/a#b", "" },
	{ TRUSTED, "/\xc3\xa4", "" },
	{ TRUSTED, "/todo, /todo", "" },
	{ TRUSTED, "/todo\r\nX-Forwarded-Prefix: /todo", "" },
	{ FORGED, "/todo", "" },
	{ "", "/todo", "" },
};

static void check_servers(const char *sent, const char *prefix, char tag[64])
{
	struct reply reply;

	ask(&reply, "GET", "/api/v1/openapi.json", sent, "", NULL);
	ck_assert_int_eq(reply.status, 200);
	json_t *document = json_loadb(reply.body, reply.body_size, JSON_REJECT_DUPLICATES, NULL);
	const char *url = json_string_value(
		json_object_get(json_array_get(json_object_get(document, "servers"), 0), "url"));
	ck_assert_ptr_nonnull(url);
	ck_assert_str_eq(url, *prefix ? prefix : "/");
	snprintf(tag, 64, "%s", reply_find_header(&reply, "ETag"));
	json_decref(document);
	reply_free(&reply);
}

START_TEST(paths_begin_with_it)
{
	const char *sent = prefixes[_i].sent, *prefix = prefixes[_i].prefix;
	char path[sizeof(ann.tasks) + 16], tag[64], plain_tag[64];
	struct reply reply;

	start(prefixes[_i].proxies);
	for (int i = 0; i < 2; i++) {
		ask(&reply, "POST", ann.tasks, sent, "", "{\"name\":\"x\"}");
		ck_assert_int_eq(reply.status, 201);
		expect_header(&reply, "Location", "%s/api/v1/accounts/ann/tasks/", prefix);
		reply_free(&reply);
	}
	snprintf(path, sizeof(path), "%s?limit=1", ann.tasks);
	ask(&reply, "GET", path, sent, "", NULL);
	ck_assert_int_eq(reply.status, 200);
	expect_header(&reply, "Link", "<%s/api/v1/accounts/ann/tasks?limit=1&cursor=", prefix);
	reply_free(&reply);
	check_servers(sent, prefix, tag);
	check_servers("", "", plain_tag);
	ck_assert_int_eq(strcmp(tag, plain_tag) == 0, *prefix == '\0');
}
END_TEST

/* What is kept of an answer has no path in it: who asks again by another way is told that way. */
START_TEST(answer_that_comes_again_has_its_own)
{
	static const char *const sent[] = { "/one", "/two", "" };
	struct reply reply;

	start(TRUSTED);
	for (size_t i = 0; i < CHECK_COUNT(sent); i++) {
		ask(&reply, "POST", ann.tasks, sent[i], "Idempotency-Key: k\r\n",
			"{\"name\":\"x\"}");
		ck_assert_int_eq(reply.status, 201);
		ck_assert((reply_find_header(&reply, "Idempotent-Replayed") != NULL) == (i > 0));
		expect_header(&reply, "Location", "%s/api/v1/accounts/ann/tasks/", sent[i]);
		reply_free(&reply);
	}
}
END_TEST

/* Of the route list each path begins with it, and nothing else is other than without it. */
static void check_list(const char *path, const char *sent, const char *prefix)
{
	struct reply reply, plain;
	const char *key;
	json_t *route;

	ask(&reply, "GET", path, sent, "Accept: application/json\r\n", NULL);
	ask(&plain, "GET", path, "", "Accept: application/json\r\n", NULL);
	json_t *list = json_loadb(reply.body, reply.body_size, JSON_REJECT_DUPLICATES, NULL);
	json_t *routes = json_loadb(plain.body, plain.body_size, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_uint_gt(json_object_size(routes), 0);
	ck_assert_uint_eq(json_object_size(list), json_object_size(routes));
	json_object_foreach (routes, key, route) {
		const char *text = json_string_value(route);
		size_t method = strcspn(text, " ") + 1;
		char expected[512];

		snprintf(expected, sizeof(expected), "%.*s%s%s", (int)method, text, prefix,
			text + method);
		ck_assert_pstr_eq(json_string_value(json_object_get(list, key)), expected);
	}
	const char *tag = reply_find_header(&reply, "ETag");
	ck_assert_ptr_nonnull(tag);
	ck_assert_int_eq(strcmp(tag, reply_find_header(&plain, "ETag")) == 0, *prefix == '\0');
	json_decref(routes);
	json_decref(list);
	reply_free(&plain);
	reply_free(&reply);
}

START_TEST(listed_routes_begin_with_it)
{
	start(prefixes[_i].proxies);
	check_list("/api/v1", prefixes[_i].sent, prefixes[_i].prefix);
	check_list("/", prefixes[_i].sent, prefixes[_i].prefix);
}
END_TEST

/* The cookie's own path is promised: it goes to whatever path, so to those behind the prefix too. */
START_TEST(cookie_goes_to_every_path)
{
	struct reply reply;

	start(TRUSTED);
	ask(&reply, "POST", "/api/v1/accounts/login", "/todo", "",
		"{\"username\":\"ann\",\"password\":\"" HARNESS_PASSWORD "\"}");
	ck_assert_int_eq(reply.status, 200);
	ck_assert_ptr_nonnull(strstr(reply_find_header(&reply, "Set-Cookie"), "; Path=/;"));
	reply_free(&reply);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, teardown);
	tcase_add_loop_test(test_case, paths_begin_with_it, 0, CHECK_COUNT(prefixes));
	tcase_add_test(test_case, answer_that_comes_again_has_its_own);
	tcase_add_loop_test(test_case, listed_routes_begin_with_it, 0, CHECK_COUNT(prefixes));
	tcase_add_test(test_case, cookie_goes_to_every_path);
}

int main(void)
{
	return check_main("prefix", add);
}
