/* Reads the API's description: which operation a request is, and what it may be answered. */
#include "description.h"

#include "client.h"
#include "schema.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define TARGET_SIZE 512

void description_make(struct description *description, json_t *document)
{
	struct operation operation;

	*description = (struct description){ .document = document };
	while (description_at(document, description->count, &operation))
		description->count++;
	description->seen = mmap(NULL, description->count + 1, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (description->seen == MAP_FAILED)
		abort();
}

bool description_fetch(struct description *description, int port)
{
	struct client client;
	struct reply reply = { 0 };
	json_t *document = NULL;

	if (client_open(&client, port) &&
		client_call(&client, &reply, "GET", DESCRIPTION_PATH, NULL, NULL, NULL) &&
		reply.status == 200)
		document = json_loadb(reply.body, reply.body_size, JSON_REJECT_DUPLICATES, NULL);
	client_close(&client);
	reply_free(&reply);
	if (document)
		description_make(description, document);
	return document;
}

void description_free(struct description *description)
{
	if (description->seen)
		munmap(description->seen, description->count + 1);
	json_decref(description->document);
	*description = (struct description){ 0 };
}

bool description_at(const json_t *document, size_t place, struct operation *operation)
{
	json_t *methods, *about;

	*operation = (struct operation){ .place = place };
	json_object_foreach (json_object_get(document, "paths"), operation->path, methods)
		json_object_foreach (methods, operation->method, about)
			if (place-- == 0) {
				operation->about = about;
				return true;
			}
	return false;
}

/* The path of a target: without what is in front of it and behind it. */
static void path_read(char path[TARGET_SIZE], const char *target)
{
	const char *server = *target == '/' ? NULL : strstr(target, "://");
	size_t length;

	if (server)
		target = server + 3 + strcspn(server + 3, "/");
	if (server && !*target)
		target = "/";
	length = strcspn(target, "?#");
	snprintf(path, TARGET_SIZE, "%.*s", (int)length, target);
	length = strlen(path);
	if (length > 1 && path[length - 1] == '/' && path[length - 2] != '/')
		path[length - 1] = '\0';
}

/* Takes a character off the path, decoded; a slash that is encoded ends no segment. */
static char char_take(const char **path)
{
	const char *at = *path;
	char digits[3] = { 0 }, byte;

	if (*at != '%' || !isxdigit((unsigned char)at[1]) || !isxdigit((unsigned char)at[2])) {
		(*path)++;
		return *at;
	}
	*path += 3;
	memcpy(digits, at + 1, 2);
	byte = (char)strtol(digits, NULL, 16);
	return byte == '/' ? '\0' : byte;
}

static bool path_fits(const char *template, const char *path)
{
	while (*template && *path) {
		if (*template == '{') {
			size_t length = strcspn(path, "/");

			if (!length)
				return false;
			path += length;
			template += strcspn(template, "}") + 1;
		} else if (*template ++ != char_take(&path)) {
			return false;
		}
	}
	return !*template && !*path;
}

bool description_fits(const char *template, const char *target)
{
	char path[TARGET_SIZE];

	path_read(path, target);
	return path_fits(template, path);
}

/* Of two templates that fit, the one whose first difference is a letter and not a brace. */
static const char *template_choose(const char *one, const char *other)
{
	size_t n = 0;

	while (one && one[n] && one[n] == other[n])
		n++;
	return one && one[n] != '{' ? one : other;
}

/* A method as the description writes it is in lower case; a request's never is. */
static bool method_is(const char *method, const char *described)
{
	for (; *method && *method == toupper((unsigned char)*described); described++)
		method++;
	return !*method && !*described;
}

enum described description_find(const struct description *description, const char *method,
	const char *target, struct operation *operation)
{
	const char *template = NULL;

	for (size_t n = 0; description_at(description->document, n, operation); n++)
		if (description_fits(operation->path, target))
			template = template_choose(template, operation->path);
	if (!template)
		return DESCRIBED_NOTHING;
	if (strcmp(method, "HEAD") == 0)
		method = "GET";
	for (size_t n = 0; description_at(description->document, n, operation); n++)
		if (strcmp(operation->path, template) == 0 && method_is(method, operation->method))
			return DESCRIBED_OPERATION;
	return DESCRIBED_PATH;
}

const json_t *description_follow(const struct description *description, const json_t *at)
{
	const char *reference = json_string_value(json_object_get(at, "$ref"));

	return reference ? schema_resolve(description->document, reference) : at;
}

const json_t *description_response(
	const struct description *description, const struct operation *operation, int status)
{
	const json_t *responses = json_object_get(operation->about, "responses"), *found = NULL;
	char exact[16], class[16];
	const char *const keys[] = { exact, class, "default" };

	snprintf(exact, sizeof(exact), "%d", status);
	snprintf(class, sizeof(class), "%dXX", status / 100);
	for (size_t n = 0; !found && n < sizeof(keys) / sizeof(keys[0]); n++)
		found = json_object_get(responses, keys[n]);
	return description_follow(description, found);
}
