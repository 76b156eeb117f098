/*
 * fuzz_api [SECONDS [SEED]]: random requests to a server of its own, one after the other. What
 * every reply has to keep to is looked at, and that the server's own description tells of it; none
 * may be a fault of the server; and in the end it stops as it should.
 */
#include "case_run.h"
#include "harness.h"
#include "api/api.h"
#include "api_request.h"
#include "check_main.h"
#include "deadline.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define FAILURES_MOST 10
#define STATUSES 600
#define OTHER_PLACE 7 /* a loopback address of its own, which is not throttled with the others */

static struct {
	struct harness server;
	struct description description;
	struct case_run run;
	struct case_exchange exchange;
	struct api_client client;
	const struct endpoint *rows[128];
	char name[16], token[HARNESS_TOKEN_SIZE], other[HARNESS_TOKEN_SIZE];
	unsigned names;
	unsigned long count[STATUSES];
} fuzz;

static void rows_collect(void)
{
	unsigned count = 0;

	for (const struct endpoint *const *table = api_tables; *table != NULL; table++)
		for (const struct endpoint *row = *table; row->path != NULL; row++)
			if (count < CHECK_COUNT(fuzz.rows))
				fuzz.rows[count++] = row;
	fuzz.client.rows = fuzz.rows;
	fuzz.client.count = count;
}

static bool setup(uint64_t seed)
{
	snprintf(fuzz.name, sizeof(fuzz.name), "ann");
	if (!harness_start(&fuzz.server, NULL, NULL) ||
		!harness_register(&fuzz.server, fuzz.name, fuzz.token) ||
		!harness_register(&fuzz.server, "bob", fuzz.other) ||
		!description_fetch(&fuzz.description, fuzz.server.port))
		return false;
	fuzz.client = (struct api_client){ .random = seed,
		.port = fuzz.server.port,
		.name = fuzz.name,
		.token = fuzz.token,
		.other = fuzz.other };
	rows_collect();
	fuzz.exchange.title = (char *)"a random request";
	fuzz.run = (struct case_run){ .name = "request",
		.port = fuzz.server.port,
		.description = &fuzz.description,
		.client = { .fd = -1 },
		.report = stderr,
		.exchange = &fuzz.exchange };
	return true;
}

/* Log in or register, from where nobody has been told too often that a name is taken. */
static bool session_begin(const char *path)
{
	struct client client;
	struct reply reply;
	char body[96];

	if (!client_open_from(&client, OTHER_PLACE, fuzz.server.port))
		return false;
	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"" HARNESS_PASSWORD "\"}",
		fuzz.name);
	client_call(&client, &reply, "POST", path, NULL, NULL, body);
	json_t *json = json_loads(reply.body, 0, NULL);
	bool begun = reply.status == 200 || reply.status == 201;
	if (begun)
		snprintf(fuzz.token, sizeof(fuzz.token), "%s",
			json_string_value(json_object_get(json, "token")));
	json_decref(json);
	reply_free(&reply);
	client_close(&client);
	return begun;
}

/* The session has ended, or the account is gone, or a random request has taken its name since. */
static bool session_renew(void)
{
	if (session_begin("/api/v1/accounts/login"))
		return true;
	snprintf(fuzz.name, sizeof(fuzz.name), "ann%u", ++fuzz.names);
	if (session_begin("/api/v1/accounts"))
		return true;
	fprintf(stderr, "no new session\n");
	return false;
}

/* What a later request may need. */
static void reply_remember(struct reply *reply)
{
	const char *link = reply_find_header(reply, "Link");
	const char *start = link != NULL ? strchr(link, '<') : NULL;

	if (start != NULL)
		snprintf(fuzz.client.next, sizeof(fuzz.client.next), "%.*s",
			(int)strcspn(start + 1, ">"), start + 1);
	else if (reply->status == 400)
		*fuzz.client.next = '\0';
	const char *made = reply_find_header(reply, "Location");
	const char *id = made != NULL ? strstr(made, "/tasks/") : NULL;
	if (id != NULL)
		fuzz.client.newest = (unsigned)atoi(id + strlen("/tasks/"));
	const char *tag = reply_find_header(reply, "ETag");
	if (tag != NULL)
		snprintf(fuzz.client.tag, sizeof(fuzz.client.tag), "%s", tag);
}

/* The page and its forms are no part of the API: they answer with pages, also where all is not well. */
static bool is_page(const char *path)
{
	return strncmp(path, "/p", 2) == 0 || strncmp(path, "/docs", 5) == 0 ||
	       strcspn(path, "?") <= 1;
}

static void reply_check_api(struct case_run *run)
{
	const char *type = reply_find_header(&run->reply, "Content-Type");
	bool other = run->reply.status < 300 && type != NULL &&
		     strncmp(type, "application/json;", 17) != 0;

	case_check_always(run, other);
	case_check_described(run);
}

static void reply_check(void)
{
	struct case_run *run = &fuzz.run;

	if (!is_page(run->path))
		reply_check_api(run);
	if (run->reply.status >= 500 && run->reply.status != 503)
		case_fail(run, "a fault of the server: %d", run->reply.status);
	if (run->client.used > 0)
		case_fail(run, "more came than a reply");
}

static void request_show(const struct api_request *request)
{
	fprintf(stderr, "\n    asked: ");
	fwrite(request->bytes.data, 1, request->bytes.length, stderr);
	fprintf(stderr, "\n    came: %s\n%.2000s\n", fuzz.run.reply.head, fuzz.run.reply.body);
}

/* One request and its reply. False where the server is gone. */
static bool exchange_run(void)
{
	struct case_run *run = &fuzz.run;
	struct api_request request;

	api_request_make(&fuzz.client, &request);
	fuzz.exchange.line++;
	if (run->client.fd < 0 && !client_open(&run->client, fuzz.server.port)) {
		fprintf(stderr, "the server takes no connection any more\n");
		buffer_free(&request.bytes);
		return false;
	}
	snprintf(run->method, sizeof(run->method), "%s", request.method);
	snprintf(run->path, sizeof(run->path), "%s", request.path);
	run->failed = false;
	client_send(&run->client, request.bytes.data, request.bytes.length);
	bool came = client_read(&run->client, request.method, &run->reply);
	if (came)
		reply_check();
	else
		case_fail(run, "no whole reply");
	if (run->failed)
		request_show(&request);
	fuzz.count[run->reply.status % STATUSES]++;
	reply_remember(&run->reply);
	const char *connection = reply_find_header(&run->reply, "Connection");
	if (!came || run->client.closed ||
		(connection != NULL && strcasecmp(connection, "close") == 0))
		client_close(&run->client);
	bool ended = request.own && run->reply.status == 401;
	reply_free(&run->reply);
	buffer_free(&request.bytes);
	return !ended || session_renew();
}

/* A server that leaks, or that a sanitizer finds fault with, does not end with 0. */
static bool server_ends(void)
{
	int status;
	char *log;

	client_close(&fuzz.run.client);
	status = harness_stop(&fuzz.server, SIGTERM);
	log = harness_log(&fuzz.server);
	if (status != 0)
		fprintf(stderr, "the server ended with %d and logged:\n%s\n", status, log);
	free(log);
	harness_remove(&fuzz.server);
	description_free(&fuzz.description);
	return status == 0;
}

int main(int argc, char **argv)
{
	long until = deadline_in((argc > 1 ? atol(argv[1]) : 10) * 1000);
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	bool well = setup(seed | 1);

	fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
	while (well && deadline_in(0) < until && fuzz.run.failures < FAILURES_MOST)
		well = exchange_run();
	well = server_ends() && well && fuzz.run.failures == 0;
	printf("%d requests, %d failures;", fuzz.exchange.line, fuzz.run.failures);
	for (int status = 0; status < STATUSES; status++)
		if (fuzz.count[status] > 0)
			printf(" %d: %lu", status, fuzz.count[status]);
	printf("\n");
	return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
