/*
 * An account of a running server, and requests in its name. A user may be shared by threads once it
 * is made; each thread brings its own client.
 */
#ifndef TESTS_USER_H
#define TESTS_USER_H

#include "harness.h"

#include <jansson.h>
#include <stdint.h>

#define USER_NAME_SIZE 65

struct user {
	char name[USER_NAME_SIZE];
	char token[HARNESS_TOKEN_SIZE];
	char tasks[USER_NAME_SIZE + 32]; /* the path of its tasks */
};

/* Registers the account. */
bool user_make(const struct harness *h, struct user *user, const char *name);

/*
 * Sends a request and leaves its reply to client_read(): so many can be under way at once. A user
 * of NULL sends no token; `body` is a JSON text, or NULL for none.
 */
bool user_send(struct client *client, const struct user *user, const char *method, const char *path,
	const char *body);

/* user_send() of a task of that name. */
bool user_send_task(struct client *client, const struct user *user, const char *name);

/* Reads the next reply: its status, or 0 where it does not come whole. */
int user_read_status(struct client *client, const char *method);

/* Fetches the user's list and looks at nothing but its status, as user_read_status(). */
int user_list_status(struct client *client, const struct user *user);

/* Creates a task and waits: its id, or 0 where the reply is not a whole 201. */
int64_t user_post(struct client *client, const struct user *user, const char *name);

/* The array of the user's tasks, to be freed with json_decref(); NULL unless it is a whole 200. */
json_t *user_list(struct client *client, const struct user *user);

#endif
