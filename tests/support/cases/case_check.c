/* What a case file expects of a reply, against the reply that came. */
#include "case_json.h"
#include "case_run.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CLOSE_DEADLINE_MS 5000

/* "201", "401|429", "400 closed" */
static void status_check(struct case_run *run, const char *expected)
{
	const char *rest = expected;
	bool found = false;
	char *end;

	for (; *rest >= '0' && *rest <= '9'; rest = end + (*end == '|'))
		found |= strtol(rest, &end, 10) == run->reply.status;
	if (*rest && strcmp(rest, " closed") != 0)
		case_fail(run, "cannot read the expected status: %s", expected);
	else if (!found)
		case_fail(run, "expected %s, came %d", expected, run->reply.status);
}

static void reply_keep(struct case_run *run, const char *name)
{
	char *text = reply_undated(&run->reply);

	case_variable_set(&run->variables, name, text, strlen(text));
	free(text);
}

static void reply_compare(struct case_run *run, const char *name)
{
	const char *kept = case_variable_get(&run->variables, name);
	char *text = reply_undated(&run->reply);

	if (!kept || strcmp(kept, text) != 0)
		case_fail(run, "not the same as the reply kept as %s:\n%s", name,
			kept ? kept : "(none)");
	free(text);
}

/* Whether one of the headers of that name has the part. */
static bool part_find(struct case_run *run, const char *name, const char *part)
{
	const char *line = run->reply.head;
	size_t length = strlen(name);
	bool found = false;

	while (!found && (line = strstr(line, "\r\n"))) {
		char *value = strndup(line + 2, strcspn(line + 2, "\r"));

		found = !strncasecmp(value, name, length) && value[length] == ':' &&
			case_text_match(&run->variables, part, value + length + 1, true);
		free(value);
		line += 2;
	}
	return found;
}

/* "*", "-", "~ part", "{A, B}", or the value itself */
static bool value_expected(struct case_run *run, const char *name, const char *expected)
{
	const char *value = reply_find_header(&run->reply, name);
	size_t count = reply_count_header(&run->reply, name);
	char items[512];

	if (!strcmp(expected, "-"))
		return !count;
	if (!strncmp(expected, "~ ", 2))
		return part_find(run, name, expected + 2);
	if (!strcmp(expected, "*") || count != 1)
		return count == 1;
	if (*expected != '{')
		return case_text_match(&run->variables, expected, value, false);
	snprintf(items, sizeof(items), "%.*s", (int)strlen(expected) - 2, expected + 1);
	return case_list_equal(items, value);
}

static void header_check(struct case_run *run, const char *line)
{
	const char *colon = strchr(line, ':');
	char name[128];

	if (!colon) {
		case_fail(run, "cannot read the expected header: %s", line);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(colon - line), line);
	colon += 1 + strspn(colon + 1, " ");
	if (!strcmp(name, "@keep"))
		reply_keep(run, colon);
	else if (!strcmp(name, "@same"))
		reply_compare(run, colon);
	else if (!value_expected(run, name, colon))
		case_fail(run, "expected %s: %s", name, colon);
}

/* true: one of them is the Content-Type, so the reply is not the usual JSON. */
static bool headers_check(struct case_run *run, char *lines)
{
	bool typed = false;

	for (char *line; (line = strsep(&lines, "\n"));) {
		if (!*line)
			continue;
		typed |= !strncasecmp(line, "Content-Type:", 13);
		header_check(run, line);
	}
	return typed;
}

/* The members that the problem finds fault with are these and no others. */
static void pointers_check(struct case_run *run, const char *expected, const json_t *problem)
{
	char *found = NULL;
	size_t size, n;
	FILE *out = open_memstream(&found, &size);
	json_t *error;

	if (!out)
		abort();
	json_array_foreach (json_object_get(problem, "errors"), n, error) {
		const char *pointer = json_string_value(json_object_get(error, "pointer"));

		fprintf(out, "%s%s", n ? " " : "", pointer ? pointer : "?");
	}
	fclose(out);
	if (!case_list_equal(expected, found))
		case_fail(run, "expected errors at %s, came %s", expected, found);
	free(found);
}

static void json_check(struct case_run *run, const char *expected, const json_t *got)
{
	json_error_t error;
	json_t *wanted = json_loads(expected, JSON_REJECT_DUPLICATES, &error);
	char why[1024] = "";
	FILE *out = fmemopen(why, sizeof(why), "w");

	if (!out)
		abort();
	if (!wanted)
		fprintf(out, "cannot read the expected JSON: %s", error.text);
	else
		case_json_match(&run->variables, wanted, got, out);
	fclose(out);
	if (*why)
		case_fail(run, "%s", why);
	json_decref(wanted);
}

static void body_check(struct case_run *run, const char *expected)
{
	json_t *got = json_loadb(run->reply.body, run->reply.body_size, 0, NULL);

	if (!strncmp(expected, "pointers ", 9))
		pointers_check(run, expected + 9, got);
	else if (*expected)
		json_check(run, expected, got);
	json_decref(got);
}

/* The server has to end the connection, with not a byte more. */
static void closed_check(struct case_run *run)
{
	run->client.deadline_ms = CLOSE_DEADLINE_MS;
	if (!client_drain(&run->client))
		case_fail(run, "the connection was not closed");
	if (run->client.used)
		case_fail(run, "more came on the connection: %.200s", run->client.input);
}

/* The expected text with its variables put in and the newlines that end it taken off. */
static char *expected_make(struct case_run *run, const char *text)
{
	size_t size;
	char *made = case_text_make(&run->variables, text ? text : "", &size);

	if (!made)
		case_fail(run, "cannot put in what the expected text asks for");
	while (made && size && made[size - 1] == '\n')
		made[--size] = '\0';
	return made;
}

void case_check(struct case_run *run)
{
	const struct case_reply *expected = run->expected;
	char *status, *headers, *body;
	bool typed;

	if (!run->reply.status) {
		case_fail(run, "no reply");
		run->lost = !run->client.closed;
		return;
	}
	status = expected_make(run, expected->status);
	if (status)
		status_check(run, status);
	free(status);
	headers = expected_make(run, expected->headers);
	typed = headers && headers_check(run, headers);
	free(headers);
	case_check_always(run, typed);
	case_check_described(run);
	body = expected_make(run, expected->body);
	if (body)
		body_check(run, body);
	free(body);
	if (strstr(expected->status, "closed"))
		closed_check(run);
}
