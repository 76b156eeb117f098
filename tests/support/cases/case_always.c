/* What every reply of the server has to keep to, whatever a case file expects of it. */
#include "case_json.h"
#include "case_run.h"

#include <string.h>

#define JSON_TYPE "application/json; charset=\"utf-8\""
#define PROBLEM_TYPE "application/problem+json"
#define API "/api/v1"
#define ACCOUNTS API "/accounts/"

static bool always(const struct case_run *run)
{
	(void)run;
	return true;
}

bool case_has_body(const struct case_run *run)
{
	return strcmp(run->method, "HEAD") != 0 && run->reply.status != 204 &&
	       run->reply.status != 304;
}

static bool is_error(const struct case_run *run)
{
	return run->reply.status >= 400 && case_has_body(run);
}

static bool is_success(const struct case_run *run)
{
	return run->reply.status < 300 && case_has_body(run);
}

static bool is_api(const struct case_run *run)
{
	return !strncmp(run->path, API, strlen(API));
}

/* Login and logout stand where an account's name would. What has no route is under no account. */
static bool is_account(const struct case_run *run)
{
	const char *name = run->path + strlen(ACCOUNTS);
	int status = run->reply.status;

	return !strncmp(run->path, ACCOUNTS, strlen(ACCOUNTS)) && *name &&
	       strncmp(name, "login", 5) != 0 && strncmp(name, "logout", 6) != 0 &&
	       (status < 300 || status == 401 || status == 403 || status == 422);
}

static bool is_throttled(const struct case_run *run)
{
	return run->reply.status == 429 || run->reply.status == 503;
}

static bool is_unauthorized(const struct case_run *run)
{
	return run->reply.status == 401;
}

static bool is_wrong_method(const struct case_run *run)
{
	return run->reply.status == 405;
}

static const struct rule {
	const char *header;
	const char *value; /* NULL: whatever it is */
	bool (*when)(const struct case_run *run);
} rules[] = {
	{ "X-Content-Type-Options", "nosniff", always },
	{ "Referrer-Policy", "no-referrer", always },
	{ "Access-Control-Allow-Origin", "*", is_api },
	{ "Cache-Control", "private, no-cache", is_account },
	{ "Content-Type", PROBLEM_TYPE, is_error },
	{ "WWW-Authenticate", NULL, is_unauthorized },
	{ "Allow", NULL, is_wrong_method },
	{ "Retry-After", NULL, is_throttled },
};

static void rule_check(struct case_run *run, const struct rule *rule)
{
	size_t count = reply_count_header(&run->reply, rule->header);
	const char *value = reply_find_header(&run->reply, rule->header);

	if (count != 1)
		case_fail(run, "%s came %zu times instead of once", rule->header, count);
	else if (rule->value && strcmp(value, rule->value) != 0)
		case_fail(run, "expected %s: %s, came %s", rule->header, rule->value, value);
}

/*
 * One of the two ways to tell where the body ends, and none where there can be no body. To a client
 * of HTTP/1.0 the end of the connection may be the third.
 */
static void framing_check(struct case_run *run)
{
	bool old = !strncmp(run->reply.head, "HTTP/1.0 ", 9);
	size_t sized = reply_count_header(&run->reply, "Content-Length");
	size_t chunked = reply_count_header(&run->reply, "Transfer-Encoding");

	if (case_has_body(run) && sized + chunked != 1 && !(old && !chunked))
		case_fail(run, "%zu Content-Length and %zu Transfer-Encoding", sized, chunked);
	if (run->reply.status == 204 && sized + chunked)
		case_fail(run, "a 204 that tells of a body");
	if (!run->reply.complete)
		case_fail(run, "the body did not come whole");
}

static bool error_is_whole(const json_t *error)
{
	return json_is_string(json_object_get(error, "pointer")) &&
	       json_is_string(json_object_get(error, "detail")) && json_object_size(error) == 2;
}

static void errors_check(struct case_run *run, const json_t *errors)
{
	size_t n;
	json_t *error;

	if (run->reply.status == 422 && !json_array_size(errors))
		case_fail(run, "422 without errors");
	json_array_foreach(errors, n, error)
	{
		if (!error_is_whole(error))
			case_fail(run, "errors[%zu] is not a pointer and a detail", n);
	}
}

/* A problem has the four members of its kind. What else is in it has to be described. */
static void problem_check(struct case_run *run, json_t *problem)
{
	for (const char *const *name = (const char *const[]){ "type", "title", "detail", NULL };
		*name; name++)
		if (!json_string_length(json_object_get(problem, *name)))
			case_fail(run, "a problem without \"%s\"", *name);
	if (json_integer_value(json_object_get(problem, "status")) != run->reply.status)
		case_fail(run, "the problem's \"status\" is not the reply's");
	errors_check(run, json_object_get(problem, "errors"));
}

/* What runs the server is nobody's business. */
static void secrets_check(struct case_run *run)
{
	static const char *const words[] = { "sqlite", "SQL", "constraint", "/tmp", ".c:" };

	for (size_t n = 0; n < sizeof(words) / sizeof(*words); n++)
		if (strstr(run->reply.body, words[n]))
			case_fail(run, "an error that tells \"%s\"", words[n]);
}

static void body_check(struct case_run *run)
{
	json_t *body =
		json_loadb(run->reply.body, run->reply.body_size, JSON_REJECT_DUPLICATES, NULL);

	if (!body)
		case_fail(run, "the body is not JSON");
	else if (is_error(run))
		problem_check(run, body);
	if (is_error(run))
		secrets_check(run);
	json_decref(body);
}

void case_check_always(struct case_run *run, bool other_type)
{
	static const struct rule json = { "Content-Type", JSON_TYPE, is_success };

	if (strncmp(run->reply.head, "HTTP/1.1 ", 9) && strncmp(run->reply.head, "HTTP/1.0 ", 9))
		case_fail(run, "a reply of a version that there is not");
	framing_check(run);
	for (size_t n = 0; n < sizeof(rules) / sizeof(*rules); n++)
		if (rules[n].when(run))
			rule_check(run, &rules[n]);
	if (other_type || !case_has_body(run))
		return;
	if (json.when(run))
		rule_check(run, &json);
	body_check(run);
}
