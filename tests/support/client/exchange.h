/*
 * One exchange in the name of a user, JSON in and out. Each thread brings its own client.
 */
#ifndef TESTS_EXCHANGE_H
#define TESTS_EXCHANGE_H

#include "user.h"

struct exchange {
	struct client *client;
	const struct user *user;
	int status;	   /* of the last reply; 0 where none came whole */
	char if_match[32]; /* an entity tag for the next request, which empties it; "" for none */
};

/*
 * Sends a request to a resource of the account ("tasks", "trash/3") and gives the reply's JSON, to
 * be freed; NULL where it is none. A body of NULL is none; it is taken over.
 */
json_t *exchange_json(
	struct exchange *exchange, const char *method, const char *resource, json_t *body);

/* The array of that name in the reply to a GET; NULL unless it is a whole 200. */
json_t *exchange_array(struct exchange *exchange, const char *resource, const char *name);

/* The number of that name in a task or any other object. */
int64_t json_number(const json_t *object, const char *name);

#endif
