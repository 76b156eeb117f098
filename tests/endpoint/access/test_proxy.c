/*
 * --trusted-proxy: what proxies say of the client counts from those that are named there, and from
 * nobody else.
 */
#include "fixture.h"
#include "refusal.h"
#include "storage.h"
#include "user.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define LOGIN "/api/v1/accounts/login"
#define RIGHT "{\"username\":\"ann\",\"password\":\"" HARNESS_PASSWORD "\"}"
#define WRONG "{\"username\":\"ann\",\"password\":\"not the password\"}"

#define TRUSTED "127.0.0.1"
#define FORGED "192.0.2.0/24, ::1" /* nobody asks from there */

static struct client client;

/* A server that answers to todo.example too. */
static void start(const char *proxies)
{
	ck_assert(harness_start(&h,
		WORDS("--port", "0", "--db", h.database, "--allow-host", "todo.example",
			"--trusted-proxy", proxies),
		NULL));
	ck_assert(client_open(&client, h.port));
}

static void teardown(void)
{
	client_close(&client);
	fixture_teardown();
}

/* One exchange with a Host of its own; the reply is to be freed. */
static void ask(struct reply *reply, const char *method, const char *path, const char *host,
	const char *headers, const char *body)
{
	char request[2048];
	int size = snprintf(request, sizeof(request),
		"%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %zu\r\n\r\n%s", method, path, host,
		headers, strlen(body), body);

	ck_assert_uint_lt((size_t)size, sizeof(request));
	ck_assert(client_send(&client, request, (size_t)size));
	ck_assert(client_read(&client, method, reply));
}

static int status_of(const char *method, const char *path, const char *host, const char *headers,
	const char *body)
{
	struct reply reply;
	int status;

	ask(&reply, method, path, host, headers, body);
	status = reply.status;
	reply_free(&reply);
	return status;
}

/* Whom a failed login is counted for. */
static const struct {
	const char *proxies;
	const char *headers;
	const char *key;
} addresses[] = {
	{ "", "X-Forwarded-For: 203.0.113.7\r\n", "127.0.0.1" },
	{ FORGED, "X-Forwarded-For: 203.0.113.7\r\n", "127.0.0.1" },
	{ TRUSTED, "", "127.0.0.1" },
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7\r\n", "203.0.113.7" },
	{ TRUSTED, "x-forwarded-for:   203.0.113.7\t\r\n", "203.0.113.7" },
	{ "10.0.0.0/8 127.0.0.0/8", "X-Forwarded-For: 198.51.100.1, 203.0.113.7,10.1.1.1\r\n",
		"203.0.113.7" },
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7, 10.1.1.1\r\n", "10.1.1.1" },
	{ TRUSTED, "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.7\r\n",
		"203.0.113.7" },
	{ "10.0.0.0/8 127.0.0.0/8", "X-Forwarded-For: 10.2.2.2, 10.1.1.1\r\n", "10.2.2.2" },
	{ TRUSTED, "X-Forwarded-For: ::ffff:203.0.113.7\r\n", "203.0.113.7" },
	{ TRUSTED, "X-Forwarded-For: 2001:db8:1:2:3:4:5:6\r\n", "2001:db8:1:2::/64" },
	{ TRUSTED, "X-Forwarded-For: nobody, 203.0.113.7\r\n", "203.0.113.7" },
	{ TRUSTED, "X-Forwarded-For: nobody\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: \r\n", "127.0.0.1" },
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7,\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7; DROP\r\n", "unknown" },
	{ "10.0.0.0/8 127.0.0.0/8", "X-Forwarded-For: 203.0.113.7, unknown, 10.1.1.1\r\n",
		"unknown" },
	{ "10.0.0.0/8 127.0.0.0/8", "X-Forwarded-For: garbage, 10.1.1.1\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7:4711\r\n", "203.0.113.7" },
	{ TRUSTED, "X-Forwarded-For: \"203.0.113.7:4711\"\r\n", "203.0.113.7" },
	{ TRUSTED, "X-Forwarded-For: 198.51.100.1:1 ,  \" 203.0.113.7 \"  \r\n", "203.0.113.7" },
	{ "10.0.0.0/8 127.0.0.0/8", "X-Forwarded-For: 203.0.113.7:1, 10.1.1.1:65535\r\n",
		"203.0.113.7" },
	{ TRUSTED, "X-Forwarded-For: [2001:db8:1:2::1]:443\r\n", "2001:db8:1:2::/64" },
	{ TRUSTED, "X-Forwarded-For: [2001:db8:1:2::1]\r\n", "2001:db8:1:2::/64" },
	{ TRUSTED, "X-Forwarded-For: \"[2001:db8:1:2::1]:443\"\r\n", "2001:db8:1:2::/64" },
	{ TRUSTED, "X-Forwarded-For: [::ffff:203.0.113.7]:1\r\n", "203.0.113.7" },
	{ TRUSTED, "X-Forwarded-For: fe80:0:0:1::1%eth0\r\n", "fe80:0:0:1::/64" },
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7:\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7:65536\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7:http\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7%eth0\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: :80\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: [203.0.113.7]:80\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: [2001:db8::1\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: [2001:db8::1]443\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: []:443\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: \"\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: unix:\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: _hidden\r\n", "unknown" },
	{ FORGED, "X-Forwarded-For: nobody\r\n", "127.0.0.1" },
	{ TRUSTED, "Forwarded: for=203.0.113.7\r\nX-Real-IP: 203.0.113.7\r\n", "127.0.0.1" },
};

START_TEST(failure_is_the_clients)
{
	sqlite3 *file;
	char sql[128];

	start(addresses[_i].proxies);
	ck_assert_int_eq(status_of("POST", LOGIN, "localhost", addresses[_i].headers, WRONG), 401);
	ck_assert_int_eq(sqlite3_open(h.database, &file), SQLITE_OK);
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM throttle WHERE key = 'from %s'",
		addresses[_i].key);
	ck_assert_msg(storage_number(file, sql) == 1, "%s: not %s", addresses[_i].headers,
		addresses[_i].key);
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM throttle WHERE key = 'hash %s'",
		addresses[_i].key);
	ck_assert_int_eq(storage_number(file, sql), 1);
	ck_assert_int_eq(storage_number(file, "SELECT count(*) FROM throttle"), 3);
	sqlite3_close(file);
}
END_TEST

/* Whom the log names, whole where the throttle counts a network. */
static const struct {
	const char *proxies, *headers, *address;
} logged[] = {
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7:4711\r\n", "203.0.113.7" },
	{ TRUSTED, "X-Forwarded-For: [2001:db8:1:2::1]:443\r\n", "2001:db8:1:2::1" },
	{ TRUSTED, "X-Forwarded-For: garbage\r\n", "unknown" },
	{ TRUSTED, "X-Forwarded-For: 203.0.113.7, garbage\r\n", "unknown" },
	{ FORGED, "X-Forwarded-For: 203.0.113.7\r\n", "127.0.0.1" },
};

START_TEST(log_names_the_client)
{
	char line[128];

	start(logged[_i].proxies);
	ck_assert_int_eq(status_of("GET", "/api/v1", "localhost", logged[_i].headers, ""), 200);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	char *log = harness_log(&h);
	snprintf(line, sizeof(line), " %s sent\n", logged[_i].address);
	ck_assert_msg(strstr(log, line) != NULL, "%s: not%s%s", logged[_i].headers, line, log);
	free(log);
}
END_TEST

static const struct {
	const char *proxies;
	const char *host;
	const char *headers;
	int status;
} hosts[] = {
	{ TRUSTED, "localhost", "X-Forwarded-Host: todo.example\r\n", 200 },
	{ TRUSTED, "localhost", "X-Forwarded-Host: TODO.example:443\r\n", 200 },
	{ TRUSTED, "todo.example", "", 200 },
	{ TRUSTED, "localhost", "X-Forwarded-Host: \r\n", 200 },
	{ TRUSTED, "localhost", "X-Forwarded-Host: evil.example\r\n", 421 },
	{ TRUSTED, "evil.example", "X-Forwarded-Host: todo.example\r\n", 421 },
	{ TRUSTED, "localhost", "X-Forwarded-Host: todo.example:443x\r\n", 421 },
	{ TRUSTED, "localhost", "X-Forwarded-Host: todo.example:65535\r\n", 200 },
	{ TRUSTED, "localhost", "X-Forwarded-Host: todo.example:65536\r\n", 421 },
	{ TRUSTED, "localhost", "X-Forwarded-Host: [::1] evil.example\r\n", 421 },
	{ TRUSTED, "localhost", "X-Forwarded-Host: todo.example, localhost\r\n", 421 },
	{ TRUSTED, "localhost", "X-Forwarded-Host: localhost:1, evil.example\r\n", 421 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nX-Forwarded-Host: evil.example\r\n", 421 },
	{ FORGED, "localhost", "X-Forwarded-Host: evil.example\r\n", 200 },
	{ FORGED, "evil.example", "X-Forwarded-Host: todo.example\r\n", 421 },
	{ "", "localhost", "X-Forwarded-Host: evil.example\r\n", 200 },
};

START_TEST(both_hosts_are_ours)
{
	static const char *const paths[] = { "/", "/api/v1", "/docs" };

	start(hosts[_i].proxies);
	for (size_t i = 0; i < CHECK_COUNT(paths); i++)
		ck_assert_msg(status_of("GET", paths[i], hosts[_i].host, hosts[_i].headers, "") ==
				      hosts[_i].status,
			"%s: %s, %s", paths[i], hosts[_i].host, hosts[_i].headers);
	ck_assert_int_eq(status_of("GET", "/nowhere", hosts[_i].host, hosts[_i].headers, ""),
		hosts[_i].status == 200 ? 404 : 421);
}
END_TEST

/* The log warns of a proxy that is not known as one, once; the value itself is not in it. */
START_TEST(unknown_proxy_is_told_of)
{
	static const char line[] = "todo: warning: a request from 127.0.0.1 names its client in "
				   "X-Forwarded-For, which does not count: is 127.0.0.1 a proxy "
				   "that --trusted-proxy should name?\n";

	start(FORGED);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(status_of("GET", "/api/v1", "localhost",
					 "X-Forwarded-For: 203.0.113.9\r\n", ""),
			200);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	char *log = harness_log(&h), *found = strstr(log, line);

	ck_assert_msg(found != NULL, "it said: %s", log);
	ck_assert_ptr_null(strstr(found + 1, line));
	ck_assert_ptr_null(strstr(log, "203.0.113.9"));
	free(log);
}
END_TEST

/* Whether a change by the cookie comes from the page of the same origin. */
static const struct {
	const char *proxies;
	const char *host;
	const char *headers;
	int status;
} origins[] = {
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nX-Forwarded-Proto: https\r\n"
		"Origin: https://todo.example\r\n",
		201 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nX-Forwarded-Proto: https\r\n"
		"Origin: http://todo.example\r\n",
		403 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nX-Forwarded-Proto: http\r\n"
		"Origin: https://todo.example\r\n",
		403 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nOrigin: https://todo.example\r\n", 201 },
	{ TRUSTED, "localhost", "X-Forwarded-Host: todo.example\r\nOrigin: http://localhost\r\n",
		403 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nOrigin: https://todo.example:444\r\n", 403 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nOrigin: https://evil.example\r\n", 403 },
	{ TRUSTED, "todo.example", "X-Forwarded-Proto: HTTPS\r\nOrigin: https://todo.example\r\n",
		201 },
	{ TRUSTED, "todo.example", "X-Forwarded-Proto: https\r\nOrigin: null\r\n", 403 },
	{ TRUSTED, "todo.example", "Origin: ftp://todo.example\r\n", 403 },
	{ TRUSTED, "todo.example", "Origin: todo.example\r\n", 403 },
	/* A usual port is none. */
	{ TRUSTED, "todo.example:443", "Origin: https://todo.example\r\n", 201 },
	{ TRUSTED, "todo.example:80", "Origin: http://todo.example\r\n", 201 },
	{ TRUSTED, "todo.example", "Origin: http://todo.example:80\r\n", 201 },
	{ TRUSTED, "todo.example:443", "Origin: http://todo.example\r\n", 403 },
	{ TRUSTED, "todo.example:80", "Origin: https://todo.example\r\n", 403 },
	{ TRUSTED, "todo.example:443",
		"X-Forwarded-Proto: http\r\nOrigin: https://todo.example\r\n", 403 },
	/* A trusted proxy says the port where its host has none, and it alone. */
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nX-Forwarded-Port: 9701\r\n"
		"Origin: http://todo.example:9701\r\n",
		201 },
	{ TRUSTED, "todo.example", "X-Forwarded-Port: 9701\r\nOrigin: http://todo.example:9701\r\n",
		201 },
	{ TRUSTED, "[::1]", "X-Forwarded-Port: 9701\r\nOrigin: http://[::1]:9701\r\n", 201 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nX-Forwarded-Port: 443\r\n"
		"X-Forwarded-Proto: https\r\nOrigin: https://todo.example\r\n",
		201 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nX-Forwarded-Port: 9701\r\n"
		"Origin: http://todo.example:9702\r\n",
		403 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nX-Forwarded-Port: 9701\r\n"
		"Origin: http://todo.example\r\n",
		403 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example:9702\r\nX-Forwarded-Port: 9701\r\n"
		"Origin: http://todo.example:9701\r\n",
		403 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nX-Forwarded-Port: 9701, 9701\r\n"
		"Origin: http://todo.example:9701\r\n",
		403 },
	{ TRUSTED, "localhost",
		"X-Forwarded-Host: todo.example\r\nX-Forwarded-Port: 9701x\r\n"
		"Origin: http://todo.example:9701\r\n",
		403 },
	{ TRUSTED, "todo.example", "Origin: http://todo.example:9701\r\n", 403 },
	{ FORGED, "todo.example", "X-Forwarded-Port: 9701\r\nOrigin: http://todo.example:9701\r\n",
		403 },
	{ FORGED, "localhost", "X-Forwarded-Host: todo.example\r\nOrigin: https://todo.example\r\n",
		403 },
	{ FORGED, "todo.example", "X-Forwarded-Proto: http\r\nOrigin: https://todo.example\r\n",
		201 },
};

START_TEST(origin_is_what_the_client_asked)
{
	char headers[512];
	struct user ann;

	start(origins[_i].proxies);
	ck_assert(user_make(&h, &ann, "ann"));
	snprintf(headers, sizeof(headers), "Cookie: todo_session=%s\r\n%s", ann.token,
		origins[_i].headers);
	ck_assert_msg(status_of("POST", ann.tasks, origins[_i].host, headers, "{\"name\":\"x\"}") ==
			      origins[_i].status,
		"%s: %s", origins[_i].host, origins[_i].headers);
}
END_TEST

static const struct {
	const char *proxies;
	const char *headers;
	bool secure;
} schemes[] = {
	{ TRUSTED, "X-Forwarded-Proto: https\r\n", true },
	{ TRUSTED, "X-Forwarded-Proto: HTTPS \r\n", true },
	{ TRUSTED, "X-Forwarded-Proto: http\r\n", false },
	{ TRUSTED, "X-Forwarded-Proto: https, http\r\n", false },
	{ TRUSTED, "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: https\r\n", false },
	{ TRUSTED, "Forwarded: proto=https\r\n", false },
	{ TRUSTED, "", false },
	{ FORGED, "X-Forwarded-Proto: https\r\n", false },
	{ "", "X-Forwarded-Proto: https\r\n", false },
};

static void expect_cookie(struct reply *reply, bool secure)
{
	const char *cookie = reply_find_header(reply, "Set-Cookie");

	ck_assert_int_eq(reply->status, 200);
	ck_assert_ptr_nonnull(cookie);
	ck_assert_ptr_nonnull(strstr(cookie, "; HttpOnly"));
	ck_assert_msg((strstr(cookie, "; Secure") != NULL) == secure, "%s", cookie);
}

START_TEST(cookie_is_secure_under_tls)
{
	char headers[512];
	struct reply reply;
	struct user ann;

	start(schemes[_i].proxies);
	ck_assert(user_make(&h, &ann, "ann"));
	ask(&reply, "POST", LOGIN, "localhost", schemes[_i].headers, RIGHT);
	expect_cookie(&reply, schemes[_i].secure);
	reply_free(&reply);
	snprintf(headers, sizeof(headers), "Authorization: Bearer %s\r\n%s", ann.token,
		schemes[_i].headers);
	ask(&reply, "POST", "/api/v1/accounts/logout", "localhost", headers, "");
	expect_cookie(&reply, schemes[_i].secure);
	reply_free(&reply);
}
END_TEST

static const struct {
	const char *headers;
	int status;
} loopbacks[] = {
	{ "", 200 },
	{ "X-Forwarded-For: 127.0.0.2\r\n", 200 },
	{ "X-Forwarded-For: 127.0.0.2:4711\r\n", 200 },
	{ "X-Forwarded-For: [::1]:4711\r\n", 200 },
	{ "X-Forwarded-For: 203.0.113.9\r\n", 403 },
	{ "X-Forwarded-For: 203.0.113.9:4711\r\n", 403 },
	{ "X-Forwarded-For: [2001:db8::1]:443\r\n", 403 },
	{ "X-Forwarded-For: 10.1.2.3\r\n", 403 },
	{ "X-Forwarded-For: garbage\r\n", 403 },
	{ "X-Forwarded-For: garbage, 10.1.2.3\r\n", 403 },
	{ "X-Forwarded-For: 127.0.0.1, garbage\r\n", 403 },
	{ "X-Forwarded-For: 203.0.113.9, 127.0.0.1:x\r\n", 403 },
};

/* What the server counts is for this machine, and not for whoever comes through a proxy on it. */
START_TEST(metrics_are_not_for_strangers)
{
	start("127.0.0.1, 10.0.0.0/8");
	for (size_t i = 0; i < CHECK_COUNT(loopbacks); i++)
		ck_assert_msg(status_of("GET", "/metrics", "localhost", loopbacks[i].headers, "") ==
				      loopbacks[i].status,
			"%s", loopbacks[i].headers);
}
END_TEST

START_TEST(list_is_checked_at_start)
{
	static const char *const wrong[] = { "localhost", "10.0.0.0/33", "127.0.0.1;::1",
		"127.0.0.1, proxy.example", "*" };

	for (size_t i = 0; i < CHECK_COUNT(wrong); i++)
		refusal_expect(WORDS("--trusted-proxy", wrong[i]), NULL, REFUSED_WORDS, wrong[i]);
	refusal_expect(NO_WORDS, WORDS("TODO_TRUSTED_PROXY=all"), REFUSED_WORDS, "all");
	ck_assert_int_eq(folder_count(), 0);
	start("10.0.0.0/8 , ::1/128,2001:db8::/32");
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, teardown);
	tcase_add_loop_test(test_case, failure_is_the_clients, 0, CHECK_COUNT(addresses));
	tcase_add_loop_test(test_case, log_names_the_client, 0, CHECK_COUNT(logged));
	tcase_add_test(test_case, unknown_proxy_is_told_of);
	tcase_add_loop_test(test_case, both_hosts_are_ours, 0, CHECK_COUNT(hosts));
	tcase_add_loop_test(test_case, origin_is_what_the_client_asked, 0, CHECK_COUNT(origins));
	tcase_add_loop_test(test_case, cookie_is_secure_under_tls, 0, CHECK_COUNT(schemes));
	tcase_add_test(test_case, metrics_are_not_for_strangers);
	tcase_add_test(test_case, list_is_checked_at_start);
}

int main(void)
{
	return check_main("proxy", add);
}
