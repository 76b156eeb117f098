/*
 * Every reply beside the API's own description: what the server says of itself is so, and what it
 * answers it has said.
 */
#include "case_run.h"
#include "description.h"
#include "schema.h"

#include <string.h>

static const char problem[] = "#/components/responses/Problem";

/* The pages, which are for people, and the server as a whole: in no description of the API. */
static const char *const pages[] = { "/", "/docs", "/page/session", "/page/{version}/{part}",
	"/page/{version}/{folder}/{part}", "/plain", "/plain/{form}", "*" };

/*
 * The list of routes and the description itself have members that nobody names one by one, since
 * they come with the routes.
 */
static bool is_free(const struct operation *operation)
{
	const char *id = json_string_value(json_object_get(operation->about, "operationId"));

	return id && (strcmp(id, "info") == 0 || strcmp(id, "openapi") == 0);
}

static bool is_page(const char *path)
{
	for (size_t n = 0; n < sizeof(pages) / sizeof(pages[0]); n++)
		if (description_fits(pages[n], path))
			return true;
	return false;
}

static bool is_read(const struct case_run *run)
{
	return strcmp(run->method, "GET") == 0 || strcmp(run->method, "HEAD") == 0;
}

/* The body as a value: what it says where it is JSON, else its text. NULL: it is not that. */
static json_t *body_read(const struct reply *reply, const char *type, size_t length)
{
	bool is_json = length >= 4 && strncmp(type + length - 4, "json", 4) == 0;

	if (!is_json)
		return json_stringn(reply->body, reply->body_size);
	return json_loadb(reply->body, reply->body_size, JSON_REJECT_DUPLICATES, NULL);
}

static void body_check(struct case_run *run, const json_t *media, json_t *body)
{
	struct schema schema = { .document = run->description->document };
	const json_t *rule = json_object_get(media, "schema");

	if (!body)
		case_fail(run, "the body is not of the type that it names");
	else if ((rule || !json_is_string(body)) && !schema_describes(&schema, rule, body))
		case_fail(run, "not as described: %s", schema.why);
}

/* The type of the body is one of those that are described, and the body is as that says. */
static void content_check(struct case_run *run, const json_t *response, bool is_open)
{
	const json_t *content = json_object_get(response, "content"), *media;
	const char *type = reply_find_header(&run->reply, "Content-Type");
	size_t length = type ? strcspn(type, "; ") : 0;
	json_t *body;

	if (!content && type)
		case_fail(run, "a body where none is described");
	if (!content)
		return;
	media = type ? json_object_getn(content, type, length) : NULL;
	if (!media)
		case_fail(run, "a body of type %s is not described", type ? type : "(none)");
	if (!media || !case_has_body(run))
		return;
	body = body_read(&run->reply, type, length);
	if (!is_open)
		body_check(run, media, body);
	else if (!json_is_object(body))
		case_fail(run, "the body is not an object");
	json_decref(body);
}

/* Those that are required are there; and a Location is where it is described, and nowhere else. */
static void headers_check(struct case_run *run, const json_t *response)
{
	json_t *headers = json_object_get(response, "headers"), *header;
	const char *name;

	json_object_foreach (headers, name, header) {
		const json_t *about = description_follow(run->description, header);

		if (json_is_true(json_object_get(about, "required")) &&
			!reply_find_header(&run->reply, name))
			case_fail(run, "no header %s, which is described as required", name);
	}
	if (reply_count_header(&run->reply, "Location") != !!json_object_get(headers, "Location"))
		case_fail(run, "a Location is described and not there, or the other way round");
}

static void response_check(struct case_run *run, const json_t *response, bool is_open)
{
	headers_check(run, response);
	if (run->reply.status != 204 && run->reply.status != 304)
		content_check(run, response, is_open);
}

static void operation_check(struct case_run *run, const struct operation *operation)
{
	const json_t *response =
		description_response(run->description, operation, run->reply.status);
	int status = run->reply.status, failures = run->failures;

	if (status == 405 && strcmp(run->method, "HEAD") != 0)
		case_fail(run, "405 for a method that is described");
	if (!response)
		case_fail(run, "%s %s: a %d is not described", operation->method, operation->path,
			status);
	else
		response_check(run, response, is_free(operation) && status < 300);
	if (status < 300 && strcmp(run->method, "HEAD") != 0 && run->failures == failures)
		run->description->seen[operation->place] = true;
}

/*
 * What is refused for its form, its size or its host before anybody looks at the path. A path may
 * be what is wrong in its form; and bytes of a RAW request may be anything.
 */
static bool is_early(const struct case_run *run)
{
	static const int statuses[] = { 408, 413, 414, 421, 431, 505 };

	for (size_t n = 0; n < sizeof(statuses) / sizeof(statuses[0]); n++)
		if (run->reply.status == statuses[n])
			return true;
	return run->reply.status == 400 && (run->raw || strchr(run->path, '%'));
}

/* The one answer to a request for what there is not. */
static int refusal_status(const struct case_run *run, bool is_known)
{
	if (!is_known)
		return 404;
	return strcmp(run->method, "OPTIONS") == 0 ? 204 : 405;
}

/* No operation, but maybe a path with other methods, or a page. */
static void other_check(struct case_run *run, bool is_known)
{
	bool page = is_page(run->path);
	int status = run->reply.status;

	if (!(page && is_read(run)) && !is_early(run) &&
		status != refusal_status(run, is_known || page))
		case_fail(run, "%s %s is not described and was answered %d", run->method, run->path,
			status);
	if (status >= 400)
		response_check(run, schema_resolve(run->description->document, problem), false);
}

void case_check_described(struct case_run *run)
{
	struct operation operation;
	enum described described =
		description_find(run->description, run->method, run->path, &operation);

	if (described == DESCRIBED_OPERATION)
		operation_check(run, &operation);
	else
		other_check(run, described == DESCRIBED_PATH);
}
