/*
 * One reply of every operation that the API's description names, beside what it says of that
 * reply: the status, the type, and each member down to the last row.
 */
#include "openapi.h"

static char token[HARNESS_TOKEN_SIZE];

#define NAME_AND_PASSWORD "{\"username\":\"ann\",\"password\":\"" HARNESS_PASSWORD "\"}"

/*
 * In this order: what is made by one is read by the next. A task's, session's or token's id counts
 * from 1, and each registration, login and token takes one of the latter two.
 */
static const struct exchange {
	const char *operation;
	int id;
	const char *body;
} exchanges[] = {
	{ "register", 0, NAME_AND_PASSWORD },
	{ "single_profile_detail", 0, NULL },
	{ "login", 0, NAME_AND_PASSWORD },
	{ "logout", 0, NULL },
	{ "login", 0, NAME_AND_PASSWORD },
	{ "logout_by_form", 0, "{}" },
	{ "login", 0, NAME_AND_PASSWORD },
	{ "sessions", 0, NULL },
	{ "delete_session", 1, NULL },
	{ "edit_profile", 0, "{\"email\":\"ann@example.org\"}" },
	{ "single_profile_detail", 0, NULL },
	{ "patch_profile", 0, "{\"email\":null}" },
	{ "create_task", 0, "{\"name\":\"milk\"}" },
	{ "create_task", 0, "{\"name\":\"tea\",\"due_date\":\"2026-11-25\",\"completed\":true}" },
	{ "create_task", 0, "{\"name\":\"jam\",\"due_date\":\"2026-11-25T08:00:00Z\"}" },
	{ "users_tasks", 0, NULL },
	{ "task_detail", 2, NULL },
	{ "task_update", 1, "{\"note\":\"two\",\"due_date\":\"2026-11-25T08:00:00Z\"}" },
	{ "task_patch", 1, "{\"due_date\":null,\"completed\":true}" },
	{ "create_token", 0, "{\"name\":\"one\",\"scope\":\"read\"}" },
	{ "create_token", 0,
		"{\"name\":\"two\",\"scope\":\"read-write\",\"expires\":\"9999-01-01\"}" },
	{ "tokens", 0, NULL },
	{ "delete_token", 5, NULL },
	{ "delete_task", 1, NULL },
	{ "delete_profile", 0, NULL },
};

static struct operation operation_find(const char *id)
{
	struct operation operation;

	for (size_t n = 0; operation_at(n, &operation); n++)
		if (strcmp(member(operation.about, "operationId"), id) == 0)
			return operation;
	ck_abort_msg("%s is not in the document", id);
}

/* The one reply of success that is described, and its status. */
static const json_t *success_of(const struct operation *operation, int *status)
{
	json_t *responses = json_object_get(operation->about, "responses"), *response;
	const json_t *success = NULL;
	const char *code;

	json_object_foreach (responses, code, response) {
		if (*code != '2')
			continue;
		ck_assert_msg(!success, "%s %s: two successes", operation->method, operation->path);
		success = response;
		*status = atoi(code);
	}
	ck_assert_msg(success, "%s %s: no success", operation->method, operation->path);
	return success;
}

/* The schema of a described reply, which has the type that the real one names. */
static const json_t *schema_of(const json_t *response, struct reply *reply)
{
	const char *header = reply_find_header(reply, "Content-Type");
	const json_t *content = json_object_get(response, "content");

	ck_assert_ptr_nonnull(header);
	content = json_object_getn(content, header, strcspn(header, "; "));
	ck_assert_msg(content, "a reply of type %s is not described", header);
	return json_object_get(content, "schema");
}

static void headers_are_there(const json_t *response, struct reply *reply)
{
	json_t *header;
	const char *name;

	json_object_foreach (json_object_get(response, "headers"), name, header)
		ck_assert_msg(reply_find_header(reply, name), "no header %s", name);
	ck_assert_int_eq(reply_count_header(reply, "Location") == 1,
		json_object_get(json_object_get(response, "headers"), "Location") != NULL);
}

/* Compares the reply with its description; the value is the reply, to be freed. */
static json_t *reply_is_described(const char *what, const json_t *response, struct reply *reply)
{
	struct schema schema = { .document = document };
	json_t *value = json_loadb(reply->body, reply->body_size, JSON_REJECT_DUPLICATES, NULL);

	ck_assert_msg(value, "%s: %s", what, reply->body);
	ck_assert_msg(schema_describes(&schema, schema_of(response, reply), value), "%s: %s", what,
		schema.why);
	headers_are_there(response, reply);
	return value;
}

/* A session's token is used from here on; that of a program, which has a scope, is not. */
static void exchange_once(const struct exchange *exchange)
{
	struct operation operation = operation_find(exchange->operation);
	char method[16], path[TEXT_SIZE];
	struct reply reply;
	int status;
	const json_t *response = success_of(&operation, &status);
	json_t *value;

	method_make(method, operation.method);
	path_make(path, operation.path, exchange->id);
	ck_assert(client_call(
		&client, &reply, method, path, NULL, *token ? token : NULL, exchange->body));
	ck_assert_msg(reply.status == status, "%s: %d, %s", exchange->operation, reply.status,
		reply.body);
	value = reply_is_described(exchange->operation, response, &reply);
	if (json_object_get(value, "token") && !json_object_get(value, "scope"))
		snprintf(token, sizeof(token), "%s", member(value, "token"));
	json_decref(value);
	reply_free(&reply);
}

START_TEST(replies_are_as_described)
{
	*token = '\0';
	for (size_t n = 0; n < CHECK_COUNT(exchanges); n++)
		exchange_once(&exchanges[n]);
}
END_TEST

static bool is_exchanged(const char *operation)
{
	for (size_t n = 0; n < CHECK_COUNT(exchanges); n++)
		if (strcmp(exchanges[n].operation, operation) == 0)
			return true;
	return false;
}

/* The list and the document itself have no members of their own to describe. */
START_TEST(every_operation_has_an_exchange)
{
	struct operation operation;

	for (size_t n = 0; operation_at(n, &operation); n++) {
		const char *id = member(operation.about, "operationId");

		if (strcmp(id, "info") != 0 && strcmp(id, "openapi") != 0)
			ck_assert_msg(is_exchanged(id), "no reply of %s is looked at", id);
	}
}
END_TEST

/* With the errors of the members, so that all of a problem is there. */
START_TEST(problem_is_as_described)
{
	struct operation operation = operation_find("register");
	const json_t *response =
		json_object_get(json_object_get(operation.about, "responses"), "4XX");
	struct reply reply;

	response = schema_resolve(document, member(response, "$ref"));
	ck_assert(client_call(&client, &reply, "POST", operation.path, NULL, NULL, "{}"));
	ck_assert_int_eq(reply.status, 422);
	json_decref(reply_is_described("a problem", response, &reply));
	reply_free(&reply);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, openapi_setup, openapi_teardown);
	tcase_add_test(test_case, replies_are_as_described);
	tcase_add_test(test_case, every_operation_has_an_exchange);
	tcase_add_test(test_case, problem_is_as_described);
}

int main(void)
{
	return check_main("openapi_reply", add);
}
