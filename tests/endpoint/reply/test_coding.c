/*
 * Long replies are in gzip for who accepts it: the same bytes once decoded, under the same headers,
 * and a half of them or less to be sent. Everything else stays as it is.
 */
#include "base/buffer.h"
#include "coded.h"
#include "one_user.h"

#include <inttypes.h>

#define TASKS 5000

static void setup(void)
{
	one_user_setup();
	one_user_start(NULL);
	client.deadline_ms = ONE_USER_WAIT_MS;
}

/* A resource of the account, or any path, under these headers (NULL: none). */
static void get(struct reply *reply, const char *method, const char *resource, const char *headers)
{
	char target[256];

	snprintf(target, sizeof(target), "%s%s", *resource == '/' ? "" : "/api/v1/accounts/ann/",
		resource);
	ck_assert_msg(client_call(&client, reply, method, target, headers, user.token, NULL), "%s",
		resource);
}

static char *copy_header(struct reply *reply, const char *name)
{
	const char *value = reply_find_header(reply, name);

	return strdup(value != NULL ? value : "-");
}

static void expect_header(struct reply *reply, const char *name, const char *value)
{
	const char *is = reply_find_header(reply, name);

	ck_assert_msg(is != NULL ? strcmp(is, value) == 0 : strcmp(value, "-") == 0,
		"%s: %s, not %s", name, is != NULL ? is : "-", value);
}

static void expect_same_header(struct reply *one, struct reply *other, const char *name)
{
	char *value = copy_header(one, name);

	expect_header(other, name, value);
	free(value);
}

/* The tag of a coded reply is the plain one's, marked as weak. */
static void expect_weak_tag(struct reply *coded, struct reply *plain)
{
	char weak[96];
	const char *tag = reply_find_header(plain, "ETag");

	snprintf(weak, sizeof(weak), "%s%s", tag != NULL ? "W/" : "", tag != NULL ? tag : "-");
	expect_header(coded, "ETag", weak);
}

/* That both are the same reply, and the first one is coded. */
static void expect_coded(struct reply *coded, struct reply *plain, const char *what)
{
	size_t size;
	char *decoded = coded_decode(coded, &size);

	ck_assert_int_eq(coded->status, plain->status);
	ck_assert_msg(coded_is(coded) && !coded_is(plain), "%s", what);
	ck_assert_msg(decoded != NULL, "%s: not whole", what);
	ck_assert_msg(
		size == plain->body_size && memcmp(decoded, plain->body, size) == 0, "%s", what);
	ck_assert_msg(coded->body_size * 2 <= plain->body_size, "%s: %zu of %zu bytes", what,
		coded->body_size, plain->body_size);
	expect_same_header(plain, coded, "Content-Type");
	expect_same_header(plain, coded, "Content-Disposition");
	expect_same_header(plain, coded, "Link");
	expect_header(coded, "Vary", "Accept-Encoding");
	expect_header(plain, "Vary", "Accept-Encoding");
	expect_weak_tag(coded, plain);
	free(decoded);
}

/* At once or in pieces, by the length: those of 5,000 tasks come in pieces. */
static const char *const longs[] = { "tasks", "tasks?limit=1000", "tasks?limit=50&count=true",
	"changes", "changes?limit=1000", "export", "export?format=csv", "export?format=ics",
	"export?format=todo.txt", "/plain", "/api/v1/openapi.json", "/docs" };

START_TEST(long_replies_are_coded)
{
	struct reply coded, plain;

	coded_fill(&h, &user, TASKS, 0);
	for (size_t i = 0; i < CHECK_COUNT(longs); i++) {
		get(&coded, "GET", longs[i], CODED_HEADER);
		get(&plain, "GET", longs[i], NULL);
		ck_assert_int_eq(plain.status, 200);
		expect_coded(&coded, &plain, longs[i]);
		reply_free(&coded);
		reply_free(&plain);
	}
}
END_TEST

static const char *const headers[] = { "Content-Type", "Content-Encoding", "Content-Disposition",
	"ETag", "Vary", "Link", "Cache-Control" };

START_TEST(head_is_as_get)
{
	struct reply head, whole;

	coded_fill(&h, &user, TASKS, 0);
	for (size_t i = 0; i < CHECK_COUNT(longs); i++) {
		get(&head, "HEAD", longs[i], CODED_HEADER);
		get(&whole, "GET", longs[i], CODED_HEADER);
		ck_assert_int_eq(head.status, 200);
		ck_assert_uint_eq(head.body_size, 0);
		for (size_t n = 0; n < CHECK_COUNT(headers); n++)
			expect_same_header(&whole, &head, headers[n]);
		if (reply_find_header(&whole, "Transfer-Encoding") == NULL)
			expect_same_header(&whole, &head, "Content-Length");
		expect_header(&head, "Content-Encoding", "gzip");
		reply_free(&head);
		reply_free(&whole);
	}
}
END_TEST

/* What does not accept it, or would rather not, gets what is sent without any such header. */
static const struct {
	const char *accepted;
	bool coded;
} codings[] = {
	{ "gzip", true },
	{ "x-gzip", true },
	{ "deflate, GZIP;q=0.5, br", true },
	{ "gzip;q=0.8, identity;q=0.2", true },
	{ "*", true },
	{ "gzip;q=0", false },
	{ "gzip;q=0, *", false },
	{ "*;q=0", false },
	{ "identity, gzip;q=0.5", false },
	{ "identity", false },
	{ "br", false },
	{ "", false },
	{ "gzip;q=high", false },
};

START_TEST(weights_are_heeded)
{
	struct reply plain;

	coded_fill(&h, &user, TASKS, 0);
	get(&plain, "GET", "tasks", NULL);
	for (size_t i = 0; i < CHECK_COUNT(codings); i++) {
		char line[96];
		struct reply reply;

		snprintf(line, sizeof(line), "Accept-Encoding: %s\r\n", codings[i].accepted);
		get(&reply, "GET", "tasks", line);
		ck_assert_msg(coded_is(&reply) == codings[i].coded, "%s", codings[i].accepted);
		if (codings[i].coded)
			expect_coded(&reply, &plain, codings[i].accepted);
		else
			ck_assert_str_eq(reply.body, plain.body);
		reply_free(&reply);
	}
	reply_free(&plain);
}
END_TEST

static void expect_plain(const char *method, const char *path, const char *body, int status)
{
	struct reply reply;

	ck_assert(client_call(&client, &reply, method, path, CODED_HEADER, user.token, body));
	ck_assert_msg(reply.status == status, "%s %s: %d", method, path, reply.status);
	ck_assert_msg(!coded_is(&reply), "%s %s", method, path);
	reply_free(&reply);
}

START_TEST(short_replies_and_refusals_are_not)
{
	coded_fill(&h, &user, 5, 0);
	expect_plain("GET", user.tasks, NULL, 200);
	expect_plain("GET", "/api/v1/accounts/ann", NULL, 200);
	expect_plain("GET", "/api/v1/accounts/ann/changes", NULL, 200);
	expect_plain("GET", "/api/v1", NULL, 200);
	expect_plain("GET", "/healthz", NULL, 200);
	expect_plain("GET", "/api/v1/accounts/ann/tasks/99999", NULL, 404);
	expect_plain(
		"POST", "/api/v1/accounts/ann/tokens", "{\"name\":\"a\",\"scope\":\"read\"}", 201);
	expect_plain("POST", "/api/v1/accounts/login",
		"{\"username\":\"ann\",\"password\":\"" HARNESS_PASSWORD "\"}", 200);
}
END_TEST

/*
 * Whatever form of the tag comes, it is the tag of this list. A 304 has it as it came, but to a
 * client that would get no coded reply.
 */
static const struct {
	const char *before, *after; /* around the tag's opaque part */
	bool weak;
} forms[] = {
	{ "\"", "\"", false },
	{ "W/\"", "\"", true },
	{ "\"x\", W/\"", "\", W/\"y\"", true },
	{ "W/\"x\", \"", "\"", false },
};

static void expect_not_modified(const char *resource, const char *tag, const char *accepted)
{
	struct reply reply;
	char line[256], expected[96];

	for (size_t i = 0; i < CHECK_COUNT(forms); i++) {
		snprintf(line, sizeof(line), "%sIf-None-Match: %s%s%s\r\n", accepted,
			forms[i].before, tag, forms[i].after);
		snprintf(expected, sizeof(expected), "%s\"%s\"",
			forms[i].weak && *accepted != '\0' ? "W/" : "", tag);
		get(&reply, "GET", resource, line);
		ck_assert_msg(reply.status == 304, "%s: %d", line, reply.status);
		ck_assert_uint_eq(reply.body_size, 0);
		expect_header(&reply, "ETag", expected);
		expect_header(&reply, "Vary", "Accept-Encoding");
		expect_header(&reply, "Content-Encoding", "-");
		reply_free(&reply);
	}
}

START_TEST(tags_hold_in_either_form)
{
	static const char *const resources[] = { "tasks", "tasks?limit=50", "/docs" };

	coded_fill(&h, &user, 1000, 0);
	for (size_t i = 0; i < CHECK_COUNT(resources); i++) {
		char tag[64];
		struct reply reply;

		get(&reply, "GET", resources[i], CODED_HEADER);
		ck_assert_int_eq(
			sscanf(reply_find_header(&reply, "ETag"), "W/\"%63[^\"]\"", tag), 1);
		reply_free(&reply);
		expect_not_modified(resources[i], tag, CODED_HEADER);
		expect_not_modified(resources[i], tag, "");
	}
}
END_TEST

static void patch(struct reply *reply, int64_t id, const char *lines, const char *body)
{
	char target[128];

	snprintf(target, sizeof(target), "%s/%" PRId64, user.tasks, id);
	ck_assert(client_call(
		&client, reply, body != NULL ? "PATCH" : "GET", target, lines, user.token, body));
}

/* One task with a long note: its tag from a coded reply is good for a change, once. */
START_TEST(coded_task_can_be_changed)
{
	char lines[128], tag[64];
	size_t size;
	struct reply reply;

	coded_fill(&h, &user, 1, 20000);
	patch(&reply, 1, CODED_HEADER, NULL);
	ck_assert(coded_is(&reply));
	snprintf(tag, sizeof(tag), "%s", reply_find_header(&reply, "ETag"));
	ck_assert_str_eq(tag, "W/\"r1\"");
	reply_free(&reply);

	snprintf(lines, sizeof(lines), CODED_HEADER "If-Match: %s\r\n", tag);
	patch(&reply, 1, lines, "{\"name\":\"a\"}");
	ck_assert_int_eq(reply.status, 200);
	ck_assert(coded_is(&reply));
	expect_header(&reply, "ETag", "W/\"r2\"");
	char *decoded = coded_decode(&reply, &size);
	ck_assert_ptr_nonnull(strstr(decoded, "\"revision\":2}}"));
	free(decoded);
	reply_free(&reply);

	patch(&reply, 1, lines, "{\"name\":\"b\"}");
	ck_assert_int_eq(reply.status, 412);
	ck_assert_ptr_nonnull(strstr(reply.body, "\"task\":{\"id\":1,"));
	reply_free(&reply);
	patch(&reply, 1, lines, NULL);
	ck_assert_int_eq(reply.status, 412);
	ck_assert_ptr_nonnull(strstr(reply.body, "\"task\":{\"id\":1,"));
	reply_free(&reply);
	snprintf(lines, sizeof(lines), CODED_HEADER "If-None-Match: W/\"r2\"\r\n");
	patch(&reply, 1, lines, NULL);
	ck_assert_int_eq(reply.status, 304);
	reply_free(&reply);
}
END_TEST

/* What a change says: the key has it said again, once as it is and once coded. */
START_TEST(replies_to_changes_are_coded)
{
	static const int counts[] = { 50, 1000 }; /* by a thread for short work, or for long */

	for (size_t i = 0; i < CHECK_COUNT(counts); i++) {
		char target[128], key[64], lines[128];
		struct buffer body = { 0 };
		struct reply coded, plain, again;

		snprintf(target, sizeof(target), "%s/batch", user.tasks);
		snprintf(key, sizeof(key), "Idempotency-Key: %d\r\n", counts[i]);
		snprintf(lines, sizeof(lines), CODED_HEADER "%s", key);
		buffer_add_text(&body, TEXT("{\"items\":["));
		for (int n = 0; n < counts[i]; n++)
			buffer_add_format(&body,
				"%s{\"op\":\"create\",\"task\":{\"name\":\"Task "
				"%d\",\"note\":\"%0*d\"}}",
				n > 0 ? "," : "", n, 200, n);
		buffer_add(&body, "]}", sizeof("]}"));
		ck_assert(
			client_call(&client, &coded, "POST", target, lines, user.token, body.data));
		ck_assert(client_call(&client, &plain, "POST", target, key, user.token, body.data));
		ck_assert(
			client_call(&client, &again, "POST", target, lines, user.token, body.data));
		ck_assert_int_eq(plain.status, 200);
		expect_coded(&coded, &plain, "batch");
		expect_coded(&again, &plain, "batch, again");
		expect_header(&coded, "Idempotent-Replayed", "-");
		expect_header(&again, "Idempotent-Replayed", "true");
		reply_free(&coded);
		reply_free(&plain);
		reply_free(&again);
		buffer_free(&body);
	}
}
END_TEST

/* The log and the metrics count what is sent. */
START_TEST(sent_bytes_are_counted)
{
	static const char *const resources[] = { "tasks", "tasks?limit=100" };
	static const char series[] = "todo_http_reply_bytes_total{"
				     "route=\"/api/v1/accounts/{username}/tasks\",method=\"GET\"}";
	size_t sent = 0;

	coded_fill(&h, &user, TASKS, 0);
	for (size_t i = 0; i < CHECK_COUNT(resources); i++) {
		char words[64];
		struct reply reply;

		get(&reply, "GET", resources[i], CODED_HEADER);
		sent += reply.body_size;
		snprintf(words, sizeof(words), "ms %zu ", reply.body_size);
		wait_until_said(words);
		reply_free(&reply);
	}
	ck_assert_uint_eq((size_t)scrape_value(&h, series), sent);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, one_user_teardown);
	tcase_add_test(test_case, long_replies_are_coded);
	tcase_add_test(test_case, head_is_as_get);
	tcase_add_test(test_case, weights_are_heeded);
	tcase_add_test(test_case, short_replies_and_refusals_are_not);
	tcase_add_test(test_case, tags_hold_in_either_form);
	tcase_add_test(test_case, coded_task_can_be_changed);
	tcase_add_test(test_case, replies_to_changes_are_coded);
	tcase_add_test(test_case, sent_bytes_are_counted);
}

int main(void)
{
	return check_main("coding", add);
}
