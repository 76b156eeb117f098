/* A running server with the description of its API, and what tests ask of that. */
#ifndef TESTS_OPENAPI_H
#define TESTS_OPENAPI_H

#include "description.h"
#include "fixture.h"
#include "schema.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>

#define TEXT_SIZE 256

static json_t *document, *list;
static struct client client;

static inline json_t *get_json(const char *path)
{
	struct reply reply;
	json_t *got;

	ck_assert(client_call(&client, &reply, "GET", path, NULL, NULL, NULL));
	ck_assert_int_eq(reply.status, 200);
	got = json_loadb(reply.body, reply.body_size, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_msg(json_is_object(got), "%s is %s", path, reply.body);
	reply_free(&reply);
	return got;
}

static inline void openapi_setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	document = get_json(DESCRIPTION_PATH);
	list = get_json("/api/v1");
}

static inline void openapi_teardown(void)
{
	json_decref(document);
	json_decref(list);
	client_close(&client);
	fixture_teardown();
}

/* The operation of that place in the document. */
static inline bool operation_at(size_t place, struct operation *operation)
{
	return description_at(document, place, operation);
}

static inline const char *member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	ck_assert_msg(text, "there is no %s", name);
	return text;
}

/* The path of a request: ann's, and of the first thing that she has. */
static inline void path_make(char out[TEXT_SIZE], const char *path)
{
	size_t used = 0;

	while (*path) {
		bool filled = *path == '{';
		size_t length = filled ? strcspn(path, "}") + 1 : strcspn(path, "{");

		if (!filled)
			used += (size_t)snprintf(
				out + used, TEXT_SIZE - used, "%.*s", (int)length, path);
		else if (strncmp(path, "{username}", length) == 0)
			used += (size_t)snprintf(out + used, TEXT_SIZE - used, "ann");
		else
			used += (size_t)snprintf(out + used, TEXT_SIZE - used, "1");
		ck_assert_uint_lt(used, TEXT_SIZE);
		path += length;
	}
}

/* A method as a request has it. */
static inline void method_make(char out[16], const char *method)
{
	size_t n = 0;

	for (; method[n] && n < 15; n++)
		out[n] = (char)toupper((unsigned char)method[n]);
	out[n] = '\0';
}

#endif
