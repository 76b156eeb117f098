/*
 * The API's description beside the API: every route is in it and nothing else is, and what it says
 * of paths, bodies and sessions is so.
 */
#include "openapi.h"

#include <signal.h>

/* A route in one form, "GET /accounts/{x}"; the list writes "<x>". */
static void name_route(char out[TEXT_SIZE], const char *method, const char *path)
{
	ck_assert_int_lt(snprintf(out, TEXT_SIZE, "%s %s", method, path), TEXT_SIZE);
	for (char *c = out; *c; c++)
		*c = *c == '<' ? '{' : *c == '>' ? '}' : *c;
}

/* Every route of the list, as the document writes it. */
static json_t *list_routes(void)
{
	json_t *routes = json_object(), *value;
	const char *name;

	json_object_foreach (list, name, value) {
		char method[16], path[128], route[TEXT_SIZE];

		ck_assert_int_eq(sscanf(json_string_value(value), "%15s %127s", method, path), 2);
		name_route(route, method, path);
		json_object_set_new(routes, route, json_true());
	}
	ck_assert_uint_ge(json_object_size(routes), 12);
	ck_assert_uint_eq(json_object_size(routes), json_object_size(list));
	return routes;
}

START_TEST(paths_are_the_routes)
{
	json_t *routes = list_routes(), *left;
	struct operation operation;
	const char *name;

	for (size_t n = 0; operation_at(n, &operation); n++) {
		char method[16], route[TEXT_SIZE];

		method_make(method, operation.method);
		name_route(route, method, operation.path);
		ck_assert_msg(!json_object_del(routes, route), "%s is not in the list", route);
	}
	json_object_foreach (routes, name, left)
		ck_abort_msg("%s is not in the document", name);
	json_decref(routes);
}
END_TEST

static size_t references_resolve(const json_t *at)
{
	const char *name;
	json_t *value;
	size_t index, count = 0;

	json_object_foreach ((json_t *)(uintptr_t)at, name, value) {
		count += references_resolve(value);
		if (strcmp(name, "$ref") != 0)
			continue;
		ck_assert(json_is_string(value));
		ck_assert_msg(schema_resolve(document, json_string_value(value)), "%s is nowhere",
			json_string_value(value));
		count++;
	}
	json_array_foreach (at, index, value)
		count += references_resolve(value);
	return count;
}

START_TEST(references_lead_somewhere)
{
	ck_assert_int_eq(strncmp(member(document, "openapi"), "3.1.", 4), 0);
	ck_assert_uint_gt(references_resolve(document), 0);
}
END_TEST

START_TEST(operation_ids_are_unique)
{
	json_t *seen = json_object();
	struct operation operation;
	size_t count = 0;

	while (operation_at(count, &operation)) {
		const char *id = member(operation.about, "operationId");

		ck_assert_msg(
			*id && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(id),
			"'%s'", id);
		ck_assert_msg(!json_object_get(seen, id), "%s comes twice", id);
		json_object_set_new(seen, id, json_true());
		count++;
	}
	ck_assert_uint_eq(count, json_object_size(list));
	json_decref(seen);
}
END_TEST

/* Whether "{name}" is declared as it has to be. */
static bool parameter_declared(const json_t *about, const char *name, size_t length)
{
	const json_t *parameter;
	size_t index, count = 0;

	json_array_foreach (json_object_get(about, "parameters"), index, parameter)
		count += strcmp(member(parameter, "in"), "path") == 0 &&
			 strlen(member(parameter, "name")) == length &&
			 strncmp(member(parameter, "name"), name, length) == 0 &&
			 json_is_true(json_object_get(parameter, "required")) &&
			 json_is_object(json_object_get(parameter, "schema"));
	return count == 1;
}

START_TEST(parameters_are_declared)
{
	struct operation operation;

	for (size_t n = 0; operation_at(n, &operation); n++) {
		const json_t *parameter;
		size_t index, left = 0;

		json_array_foreach (
			json_object_get(operation.about, "parameters"), index, parameter)
			left += strcmp(member(parameter, "in"), "path") == 0;
		for (const char *c = strchr(operation.path, '{'); c; c = strchr(c + 1, '{')) {
			ck_assert_msg(
				parameter_declared(operation.about, c + 1, strcspn(c + 1, "}")),
				"%s %s lacks %s", operation.method, operation.path, c);
			left--;
		}
		ck_assert_msg(
			left == 0, "%s %s has other parameters", operation.method, operation.path);
	}
}
END_TEST

/* Asks without a token: whether the answer is 401. */
static bool wants_session(const struct operation *operation)
{
	char method[16], path[TEXT_SIZE];
	struct reply reply;
	bool wants;

	method_make(method, operation->method);
	path_make(path, operation->path);
	ck_assert(client_call(&client, &reply, method, path, NULL, NULL, NULL));
	wants = reply.status == 401;
	reply_free(&reply);
	return wants;
}

START_TEST(security_is_as_it_is)
{
	const json_t *schemes =
		json_object_get(json_object_get(document, "components"), "securitySchemes");
	struct operation operation;

	for (size_t n = 0; operation_at(n, &operation); n++) {
		const json_t *security = json_object_get(operation.about, "security"), *choice;
		size_t index;

		ck_assert(json_is_array(security));
		ck_assert_msg((json_array_size(security) > 0) == wants_session(&operation), "%s %s",
			operation.method, operation.path);
		json_array_foreach (security, index, choice)
			ck_assert(json_object_get(schemes, json_object_iter_key(json_object_iter(
								   (json_t *)(uintptr_t)choice))));
	}
}
END_TEST

START_TEST(patches_are_merge_patches)
{
	struct operation operation;
	int patches = 0;

	for (size_t n = 0; operation_at(n, &operation); n++) {
		const json_t *content =
			json_object_get(json_object_get(operation.about, "requestBody"), "content");

		if (strcmp(operation.method, "patch") != 0)
			continue;
		ck_assert_msg(json_object_get(content, "application/merge-patch+json"), "%s",
			operation.path);
		patches++;
	}
	ck_assert_int_gt(patches, 0);
}
END_TEST

/* What a browser is shown: every route, and nothing that would need trust. */
START_TEST(page_names_every_route)
{
	static const char *const unwanted[] = { "<script", "http://", "https://", "javascript:" };
	json_t *routes = list_routes(), *known;
	struct reply reply;
	const char *name, *type;

	ck_assert(client_call(&client, &reply, "GET", "/docs", NULL, NULL, NULL));
	ck_assert_int_eq(reply.status, 200);
	type = reply_find_header(&reply, "Content-Type");
	ck_assert_msg(type && strncmp(type, "text/html", 9) == 0, "%s", type ? type : "no type");
	ck_assert_uint_eq(reply_count_header(&reply, "Content-Security-Policy"), 1);
	for (size_t n = 0; n < CHECK_COUNT(unwanted); n++)
		ck_assert_msg(!strcasestr(reply.body, unwanted[n]), "it has %s", unwanted[n]);
	json_object_foreach (routes, name, known) {
		char shown[TEXT_SIZE + 1]; /* with the next mark: more than another's beginning */

		snprintf(shown, sizeof(shown), "%s<", name);
		ck_assert_msg(strstr(reply.body, shown), "%s is not on the page", name);
	}
	json_decref(routes);
	reply_free(&reply);
}
END_TEST

/* The description of an endpoint, from its path on; the reply is to be freed. */
static const char *section_of(struct reply *reply, const char *method_and_path)
{
	char mark[TEXT_SIZE];

	ck_assert(client_call(&client, reply, "GET", "/docs", NULL, NULL, NULL));
	snprintf(mark, sizeof(mark), "<code>%s</code>", method_and_path);
	char *section = strstr(reply->body, mark);
	ck_assert_ptr_nonnull(section);
	char *end = strstr(section, "</section>");
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	return section;
}

/* Who may ask, and what an input takes. */
static const struct {
	const char *endpoint, *part;
} described[] = {
	{ "GET /api/v1/accounts/{username}/tasks", "It needs the owner's session or API token." },
	{ "GET /api/v1/accounts/{username}/tasks",
		"<code>?tag</code></dt><dd>a word without commas or white space, once or several"
		" times<" },
	{ "POST /api/v1/accounts/{username}/tasks", "an array, or a list with commas<" },
	{ "GET /api/v1/accounts/{username}/tokens",
		"It needs the owner's session: an API token gets 403." },
	{ "GET /api/v1/accounts/logout", "It needs a session or an API token that may write." },
};

START_TEST(page_says_who_and_what)
{
	struct reply reply;
	const char *section = section_of(&reply, described[_i].endpoint);

	ck_assert_msg(strstr(section, described[_i].part) != NULL, "it says: %s", section);
	reply_free(&reply);
}
END_TEST

static const char *const told[] = { DESCRIPTION_PATH, "/api/v1", "/docs" };

/* What a client has is good as long as the program is the same one. */
START_TEST(tags_outlive_the_server)
{
	struct reply reply;
	char tag[64], header[96];

	ck_assert(client_call(&client, &reply, "GET", told[_i], NULL, NULL, NULL));
	ck_assert_int_eq(reply.status, 200);
	snprintf(tag, sizeof(tag), "%s", reply_find_header(&reply, "ETag"));
	ck_assert_int_eq(tag[0], '"');
	snprintf(header, sizeof(header), "If-None-Match: %s\r\n", tag);
	reply_free(&reply);
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	ck_assert(client_call(&client, &reply, "GET", told[_i], header, NULL, NULL));
	ck_assert_int_eq(reply.status, 304);
	reply_free(&reply);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, openapi_setup, openapi_teardown);
	tcase_add_test(test_case, paths_are_the_routes);
	tcase_add_test(test_case, references_lead_somewhere);
	tcase_add_test(test_case, operation_ids_are_unique);
	tcase_add_test(test_case, parameters_are_declared);
	tcase_add_test(test_case, security_is_as_it_is);
	tcase_add_test(test_case, patches_are_merge_patches);
	tcase_add_test(test_case, page_names_every_route);
	tcase_add_loop_test(test_case, page_says_who_and_what, 0, CHECK_COUNT(described));
	tcase_add_loop_test(test_case, tags_outlive_the_server, 0, CHECK_COUNT(told));
}

int main(void)
{
	return check_main("openapi", add);
}
