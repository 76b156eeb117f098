/*
 * Two accounts that have the same things under the same numbers, and every operation below an
 * account. What is asked comes from the server's description, so that a new operation is looked at
 * without being named here.
 */
#ifndef TESTS_STRANGERS_H
#define TESTS_STRANGERS_H

#include "check_main.h"
#include "description.h"
#include "past.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define TEXT_SIZE 512
#define IDS_MOST 8 /* of whatever: more than either account has of anything */

/* The same for all, so that replies can be compared. */
#define SAME "X-Request-Id: same\r\n"

static struct past past;
static struct description description;
static struct user ann, bob;
static char reading[HARNESS_TOKEN_SIZE], writing[HARNESS_TOKEN_SIZE]; /* ann's tokens */

/* What ann has bob has too, under the same numbers; but he has more of it. */
/* With so many lists, of which the second one is in the trash. */
static inline void fill(
	struct user *user, const char *name, const char *email, int tasks, int lists)
{
	static const char noted[] = "{\"note\":\"private\",\"tags\":[\"home\"]}";

	ck_assert(user_make(&past.h, user, name));
	past_expect(&past, user, "PATCH", "", email, 200);
	past_fill(&past, user, name, tasks);
	for (int n = 0; n < lists; n++)
		past_expect(&past, user, "POST", "/lists", "{\"name\":\"home\"}", 201);
	if (lists > 1) {
		char second[32];

		snprintf(second, sizeof(second), "/lists/%d", tasks + 2);
		past_expect(&past, user, "DELETE", second, NULL, 200);
	}
	past_expect(&past, user, "PATCH", "/tasks/1", noted, 200);
	past_trash(&past, user, 2, 2);
	past_expect(&past, user, "POST", "/tokens", "{\"name\":\"one\",\"scope\":\"read\"}", 201);
	past_expect(&past, user, "PATCH", "/tasks/1", "{\"name\":\"undone\"}", 200);
	past_expect(&past, user, "POST", "/undo", "{}", 200);
	past_expect(&past, user, "GET", "/tasks?q=home", NULL, 200);
}

static inline void make_token(
	const struct user *user, const char *scope, char token[HARNESS_TOKEN_SIZE])
{
	char body[128];
	json_t *made;

	snprintf(body, sizeof(body), "{\"name\":\"program\",\"scope\":\"%s\"}", scope);
	made = past_ask(&past, user, "POST", "/tokens", body, 201);
	snprintf(
		token, HARNESS_TOKEN_SIZE, "%s", json_string_value(json_object_get(made, "token")));
	json_decref(made);
}

static inline void strangers_setup(void)
{
	char unused[HARNESS_TOKEN_SIZE];

	past_make(&past);
	ck_assert(description_fetch(&description, past.h.port));
	fill(&ann, "ann", "{\"email\":\"ann@example.com\"}", 3, 1);
	fill(&bob, "bob", "{\"email\":\"bob@example.com\"}", 7, 1);
	make_token(&ann, "read", reading);
	make_token(&ann, "read-write", writing);
	for (int n = 0; n < 4; n++)
		make_token(&bob, "read", unused);
	past_expect(&past, &bob, "DELETE", "/tasks/6", NULL, 200);
}

static inline void strangers_teardown(void)
{
	description_free(&description);
	past_remove(&past);
}

static inline bool has_parameter(const struct operation *operation, const char *name)
{
	return strstr(operation->path, name) != NULL;
}

/* The next operation below an account; *place begins with 0. */
static inline bool next_operation(size_t *place, struct operation *operation)
{
	while (description_at(description.document, (*place)++, operation))
		if (has_parameter(operation, "{username}"))
			return true;
	return false;
}

/* Whether it takes a person's session, and a program's token is told so. */
static inline bool takes_session(const struct operation *operation)
{
	const json_t *security = json_object_get(operation->about, "security"), *choice;
	size_t index;

	json_array_foreach (security, index, choice)
		if (json_object_get(choice, "session") != NULL)
			return true;
	return false;
}

static inline void make_method(char out[16], const char *method)
{
	snprintf(out, 16, "%s", method);
	for (; *out; out++)
		*out = (char)toupper((unsigned char)*out);
}

/* The operation's path with every parameter but the name filled with the id. */
static inline void make_path(
	char out[TEXT_SIZE], const struct operation *operation, const char *name, const char *id)
{
	const char *path = operation->path;
	size_t used = 0;

	while (*path) {
		size_t length = *path == '{' ? strcspn(path, "}") + 1 : strcspn(path, "{");
		bool is_name = strncmp(path, "{username}", length) == 0;

		if (*path != '{')
			used += (size_t)snprintf(
				out + used, TEXT_SIZE - used, "%.*s", (int)length, path);
		else
			used += (size_t)snprintf(
				out + used, TEXT_SIZE - used, "%s", is_name ? name : id);
		ck_assert_uint_lt(used, TEXT_SIZE);
		path += length;
	}
}

/* What some operations take to succeed; of others an empty object is right. */
static inline const char *right_body(const struct operation *operation)
{
	static const struct {
		const char *method, *end, *body;
	} bodies[] = {
		{ "post", "/tasks", "{\"name\":\"new\"}" },
		{ "put", "/tasks/{id}", "{\"name\":\"changed\",\"tags\":[\"work\"]}" },
		{ "patch", "/tasks/{id}", "{\"note\":\"changed\"}" },
		{ "post", "/lists", "{\"name\":\"new\"}" },
		{ "put", "/lists/{id}", "{\"name\":\"changed\"}" },
		{ "patch", "/lists/{id}", "{\"color\":\"#0080ff\"}" },
		{ "post", "/tags/rename", "{\"from\":\"home\",\"to\":\"work\"}" },
		{ "post", "/tokens", "{\"name\":\"new\",\"scope\":\"read\"}" },
		{ "post", "/batch",
			"{\"items\":[{\"op\":\"patch\",\"id\":1,\"task\":{\"name\":\"b\"}},"
			"{\"op\":\"delete\",\"id\":3},{\"op\":\"restore\",\"id\":2}]}" },
		{ "post", "/import", "{\"tasks\":[{\"name\":\"imported\"}]}" },
		{ "put", "/accounts/{username}", "{\"email\":\"new@example.com\"}" },
	};
	size_t length = strlen(operation->path);

	if (strcmp(operation->method, "get") == 0 || strcmp(operation->method, "delete") == 0)
		return NULL;
	for (size_t i = 0; i < CHECK_COUNT(bodies); i++) {
		size_t end = strlen(bodies[i].end);
		if (strcmp(operation->method, bodies[i].method) == 0 && length >= end &&
			strcmp(operation->path + length - end, bodies[i].end) == 0)
			return bodies[i].body;
	}
	return "{}";
}

/* One exchange: its status, and all of the reply but its Date, to be freed. */
static inline int ask(const char *method, const char *path, const char *headers, const char *token,
	const char *body, char **text)
{
	struct reply reply;
	int status;

	ck_assert(client_call(&past.client, &reply, method, path, headers, token, body));
	status = reply.status;
	*text = reply_undated(&reply);
	reply_free(&reply);
	return status;
}

/* All that bob sees of himself, by every GET that there is, to be freed. */
static inline char *look_at_bob(void)
{
	struct operation operation;
	char *all = NULL;
	size_t size, place = 0;
	FILE *out = open_memstream(&all, &size);

	while (next_operation(&place, &operation)) {
		bool numbered = has_parameter(&operation, "{id}");

		if (strcmp(operation.method, "get") != 0)
			continue;
		for (int id = 1; id <= (numbered ? IDS_MOST : 1); id++) {
			char path[TEXT_SIZE], number[16], *text;

			snprintf(number, sizeof(number), "%d", id);
			make_path(path, &operation, bob.name, number);
			ask("GET", path, SAME, bob.token, NULL, &text);
			fprintf(out, "%s\n%s\n", path, text);
			free(text);
		}
	}
	fclose(out);
	return all;
}

/* Expects bob to see what he saw before; Check's own messages are too short for that. */
static inline void expect_unchanged(const char *before, const char *method, const char *path)
{
	char *after = look_at_bob();

	if (strcmp(after, before) != 0) {
		fprintf(stderr, "it was:\n%s\nand is:\n%s\n", before, after);
		ck_abort_msg("%s %s has changed another's things", method, path);
	}
	free(after);
}

#endif
