/* Accounts for tests: the requests that nearly every one of them makes. */
#include "user.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool user_make(const struct harness *h, struct user *user, const char *name)
{
	snprintf(user->name, sizeof(user->name), "%s", name);
	snprintf(user->tasks, sizeof(user->tasks), "/api/v1/accounts/%s/tasks", user->name);
	return harness_register(h, name, user->token);
}

bool user_send(struct client *client, const struct user *user, const char *method, const char *path,
	const char *body)
{
	char *request, length[96] = "";
	int size;
	bool sent;

	if (body)
		snprintf(length, sizeof(length),
			"Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
	size = asprintf(&request, "%s %s HTTP/1.1\r\nHost: localhost:%d\r\n%s%s%s%s\r\n%s", method,
		path, client->port, user ? "Authorization: Bearer " : "", user ? user->token : "",
		user ? "\r\n" : "", length, body ? body : "");
	if (size < 0)
		abort();
	sent = client_send(client, request, (size_t)size);
	free(request);
	return sent;
}

bool user_send_task(struct client *client, const struct user *user, const char *name)
{
	char body[512];

	snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
	return user_send(client, user, "POST", user->tasks, body);
}

int user_read_status(struct client *client, const char *method)
{
	struct reply reply;
	int status = client_read(client, method, &reply) ? reply.status : 0;

	reply_free(&reply);
	return status;
}

int user_list_status(struct client *client, const struct user *user)
{
	return user_send(client, user, "GET", user->tasks, NULL) ? user_read_status(client, "GET")
								 : 0;
}

int64_t user_post(struct client *client, const struct user *user, const char *name)
{
	struct reply reply;
	json_t *posted = NULL;
	int64_t id = 0;

	if (!user_send_task(client, user, name))
		return 0;
	if (client_read(client, "POST", &reply) && reply.status == 201)
		posted = json_loads(reply.body, 0, NULL);
	id = json_integer_value(json_object_get(json_object_get(posted, "task"), "id"));
	json_decref(posted);
	reply_free(&reply);
	return id;
}

json_t *user_list(struct client *client, const struct user *user)
{
	struct reply reply;
	json_t *listed = NULL, *tasks = NULL;

	if (!user_send(client, user, "GET", user->tasks, NULL))
		return NULL;
	if (client_read(client, "GET", &reply) && reply.status == 200)
		listed = json_loadb(reply.body, reply.body_size, JSON_REJECT_DUPLICATES, NULL);
	tasks = json_incref(json_object_get(listed, "tasks"));
	json_decref(listed);
	reply_free(&reply);
	return tasks;
}
