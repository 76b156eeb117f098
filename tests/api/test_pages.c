/*
 * The pages that the server writes: where their links and forms lead, below any path of a proxy; and
 * whose forms they take.
 */
#include "exchange.h"
#include "fixture.h"
#include "user.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define FORM "username=ann&password=correct+horse"
#define HTML "Accept: text/html\r\n"
#define TARGET_SIZE 256
#define MODULES_MOST 100

static struct client client;

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
}

static void teardown(void)
{
	client_close(&client);
	fixture_teardown();
}

/* One exchange, with a form's body; the reply is to be freed. */
static void ask(struct reply *reply, const char *method, const char *path, const char *headers,
	const char *form)
{
	char request[1024];
	int size = snprintf(request, sizeof(request),
		"%s %s HTTP/1.1\r\nHost: localhost\r\n%s"
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
		method, path, headers, strlen(form), form);

	ck_assert_uint_lt((size_t)size, sizeof(request));
	ck_assert(client_send(&client, request, (size_t)size));
	ck_assert(client_read(&client, method, reply));
}

static void expect_header(struct reply *reply, const char *name, const char *value)
{
	const char *found = reply_find_header(reply, name);

	if (value == NULL)
		ck_assert_msg(found == NULL, "%s: %s", name, found);
	else
		ck_assert_msg(found && strcmp(found, value) == 0, "%s: %s", name,
			found ? found : "(none)");
}

/* A form that is sent to a path with a slash at its end is sent again as it is. */
static const struct {
	const char *path, *location;
} slashes[] = {
	{ "/plain/login/", "../login" },
	{ "/plain/register/", "../register" },
	{ "/plain/add/?x=1", "../add?x=1" },
};

START_TEST(slash_leads_to_the_form)
{
	struct reply reply;

	ask(&reply, "POST", slashes[_i].path, "", FORM);
	ck_assert_int_eq(reply.status, 308);
	expect_header(&reply, "Location", slashes[_i].location);
	expect_header(&reply, "Set-Cookie", NULL);
	reply_free(&reply);
}
END_TEST

/* What is meant by a relative reference on a page, by the path that it was asked by (RFC 3986, 5.2). */
static void resolve(char target[TARGET_SIZE], const char *path, const char *link)
{
	const char *end = strrchr(path, '/');
	const char *rest = link;

	ck_assert_msg(*link != '/', "%s: %s is lost below a proxy's path", path, link);
	for (; strncmp(rest, "../", 3) == 0; rest += 3) {
		ck_assert_msg(end > path, "%s: %s leads out of a proxy's path", path, link);
		end = memrchr(path, '/', (size_t)(end - path));
	}
	if (strncmp(rest, "./", 2) == 0)
		rest += 2;
	int size = snprintf(target, TARGET_SIZE, "%.*s%s", (int)(end - path + 1), path, rest);
	ck_assert_uint_lt((size_t)size, TARGET_SIZE);
}

/* What a page refers to, and whether there is something. */
static void follow(const char *path, const char *link)
{
	char target[TARGET_SIZE];
	struct reply reply;

	resolve(target, path, link);
	ask(&reply, "OPTIONS", target, "", "");
	ck_assert_msg(reply.status == 204, "%s: %s is nowhere", path, link);
	reply_free(&reply);
}

/* Each value of an attribute, which is marked by " name=\"", in turn; how many there are. */
static int follow_all(const char *path, const char *body, const char *mark)
{
	char link[256];
	int count = 0;

	while ((body = strstr(body, mark))) {
		body += strlen(mark);
		size_t length = strcspn(body, "\"");
		ck_assert_uint_lt(length, sizeof(link));
		memcpy(link, body, length);
		link[length] = '\0';
		follow(path, link);
		count++;
	}
	return count;
}

static const struct {
	const char *method, *path, *form;
	int status;
} linked[] = {
	{ "GET", "/plain", "", 200 },
	{ "GET", "/docs", "", 200 },
	{ "GET", "/plain", "x", 400 },
	{ "GET", "/docs", "x", 400 },
	{ "GET", "/", "x", 400 },
	{ "POST", "/plain/login", "x", 422 },
	{ "POST", "/plain/login", FORM, 401 },
	{ "POST", "/plain/register", "username=ann", 422 },
};

START_TEST(links_lead_somewhere)
{
	const char *path = linked[_i].path;
	struct reply reply;

	ask(&reply, linked[_i].method, path, HTML, linked[_i].form);
	ck_assert_int_eq(reply.status, linked[_i].status);
	expect_header(&reply, "Content-Type", "text/html; charset=utf-8");
	ck_assert_int_gt(follow_all(path, reply.body, " href=\""), 1);
	follow_all(path, reply.body, " action=\"");
	reply_free(&reply);
}
END_TEST

/* The page's modules that are known so far. */
static char modules[MODULES_MOST][TARGET_SIZE];
static int module_count;

static void add_module(const char *path, const char *link, size_t length)
{
	char name[TARGET_SIZE], target[TARGET_SIZE];

	snprintf(name, sizeof(name), "%.*s", (int)length, link);
	resolve(target, path, name);
	for (int i = 0; i < module_count; i++)
		if (strcmp(modules[i], target) == 0)
			return;
	ck_assert_int_lt(module_count, MODULES_MOST);
	strcpy(modules[module_count++], target);
}

/* Each text after a mark, up to the closing quote. */
static void add_modules(const char *path, const char *body, const char *mark)
{
	const char quote[] = { mark[strlen(mark) - 1], '\0' };

	while ((body = strstr(body, mark))) {
		body += strlen(mark);
		add_module(path, body, strcspn(body, quote));
	}
}

/* From the one that the page loads to all that those import: a browser gets each as JavaScript. */
START_TEST(modules_lead_to_modules)
{
	struct reply reply;

	module_count = 0;
	ask(&reply, "GET", "/", HTML, "");
	add_modules("/", reply.body, "type=\"module\" src=\"");
	reply_free(&reply);
	ck_assert_int_eq(module_count, 1);
	for (int i = 0; i < module_count; i++) {
		ask(&reply, "GET", modules[i], "", "");
		ck_assert_msg(reply.status == 200, "%s is not there", modules[i]);
		expect_header(&reply, "Content-Type", "text/javascript; charset=utf-8");
		add_modules(modules[i], reply.body, " from '");
		reply_free(&reply);
	}
	ck_assert_int_gt(module_count, 1);
}
END_TEST

/*
 * Where a browser says no more than Origin, it says it of a form only if the page lets it: else the
 * page's own forms would pass for another site's.
 */
START_TEST(forms_say_where_they_are_from)
{
	struct reply reply;

	ask(&reply, "GET", "/plain", HTML, "");
	expect_header(&reply, "Referrer-Policy", "no-referrer");
	ck_assert_ptr_nonnull(
		strstr(reply.body, "<meta name=\"referrer\" content=\"same-origin\">"));
	reply_free(&reply);
}
END_TEST

static const struct {
	const char *path, *headers;
	bool page; /* that says why, and not a problem document */
} strange[] = {
	{ "/plain/login", "Origin: http://localhost:9701\r\n" HTML, true },
	{ "/plain/login", "Origin: http://localhost:9701\r\n", false },
	{ "/plain/login", "Origin: null\r\n" HTML, true },
	{ "/plain/register", "Origin: http://localhost:9701\r\n" HTML, true },
	{ "/plain/register", "Sec-Fetch-Site: cross-site\r\n" HTML, true },
};

/* It would lead to the door again, without a word: so it says which host the server was asked as. */
START_TEST(form_of_another_site_is_refused)
{
	struct reply reply;

	ask(&reply, "POST", strange[_i].path, strange[_i].headers, FORM);
	ck_assert_int_eq(reply.status, 403);
	expect_header(&reply, "Set-Cookie", NULL);
	expect_header(&reply, "Content-Type",
		strange[_i].page ? "text/html; charset=utf-8" : "application/problem+json");
	ck_assert_ptr_nonnull(strstr(reply.body, "localhost (Host)"));
	reply_free(&reply);
	ask(&reply, "POST", "/plain/login", "", FORM); /* no account was made */
	ck_assert_int_eq(reply.status, 401);
	reply_free(&reply);
}
END_TEST

/* The log says once what a proxy does not pass on, and nothing of the password. */
START_TEST(log_says_it_once)
{
	static const char line[] = "todo: warning: a browser's login: No cookie was set: "
				   "the page that asks is of http://localhost:9701 (Origin), and "
				   "this server was asked as "
				   "localhost (Host).";
	struct reply reply;

	for (int i = 0; i < 3; i++) {
		ask(&reply, "POST", "/plain/login", "Origin: http://localhost:9701\r\n", FORM);
		ck_assert_int_eq(reply.status, 403);
		reply_free(&reply);
	}
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	char *log = harness_log(&h), *found = strstr(log, line);

	ck_assert_ptr_nonnull(found);
	ck_assert_ptr_null(strstr(found + 1, line));
	ck_assert_ptr_null(strstr(log, "horse"));
	free(log);
}
END_TEST

static bool is_completed(const json_t *tasks, size_t index)
{
	return json_is_true(json_object_get(json_array_get(tasks, index), "completed"));
}

static const char *text_at(const json_t *task, const char *member)
{
	return json_string_value(json_object_get(task, member));
}

/* The button of a task's form, whose reply leads back to the list. */
static void press(const struct user *user, const char *path, const char *form)
{
	char headers[HARNESS_TOKEN_SIZE + 40];
	struct reply reply;

	snprintf(headers, sizeof(headers), "Authorization: Bearer %s\r\n", user->token);
	ask(&reply, "POST", path, headers, form);
	ck_assert_int_eq(reply.status, 303);
	reply_free(&reply);
}

/* What is below a task goes with it, and the next one of a series comes. */
START_TEST(forms_complete_as_the_api_does)
{
	struct user user;
	struct exchange api = { .client = &client, .user = &user };
	json_t *tasks;

	ck_assert(user_make(&h, &user, "eve"));
	json_decref(exchange_json(&api, "POST", "tasks",
		json_pack("{s:s, s:s, s:s, s:s}", "name", "above", "note", "kept", "due_date",
			"2040-11-26", "repeat", "FREQ=DAILY")));
	json_decref(exchange_json(&api, "POST", "tasks",
		json_pack("{s:s, s:i}", "name", "below", "parent", 1)));
	press(&user, "/plain/complete", "id=1&completed=true");
	tasks = user_list(&client, &user);
	ck_assert_uint_eq(json_array_size(tasks), 4);
	ck_assert(is_completed(tasks, 0) && is_completed(tasks, 1));
	ck_assert(!is_completed(tasks, 2) && !is_completed(tasks, 3));
	ck_assert_str_eq(text_at(json_array_get(tasks, 2), "due_date"), "2040-11-27");
	ck_assert_str_eq(text_at(json_array_get(tasks, 2), "note"), "kept");
	json_decref(tasks);
	press(&user, "/plain/complete", "id=1&completed=false");
	press(&user, "/plain/add", "name=plain");
	press(&user, "/plain/complete", "id=8&completed=true");
	tasks = user_list(&client, &user);
	ck_assert(!is_completed(tasks, 0) && is_completed(tasks, 1) && is_completed(tasks, 4));
	ck_assert_str_eq(text_at(json_array_get(tasks, 4), "name"), "plain");
	json_decref(tasks);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, slash_leads_to_the_form, 0, CHECK_COUNT(slashes));
	tcase_add_loop_test(test_case, links_lead_somewhere, 0, CHECK_COUNT(linked));
	tcase_add_test(test_case, modules_lead_to_modules);
	tcase_add_test(test_case, forms_say_where_they_are_from);
	tcase_add_loop_test(test_case, form_of_another_site_is_refused, 0, CHECK_COUNT(strange));
	tcase_add_test(test_case, log_says_it_once);
	tcase_add_test(test_case, forms_complete_as_the_api_does);
}

int main(void)
{
	return check_main("pages", add);
}
