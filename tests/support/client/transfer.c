/* Files of tasks out of an account and into one. */
#include "transfer.h"

#include <stdio.h>
#include <stdlib.h>

static void path_write(
	char path[256], const struct exchange *exchange, const char *resource, const char *format)
{
	snprintf(path, 256, "/api/v1/accounts/%s/%s?format=%s", exchange->user->name, resource,
		format);
}

/* The reply that is still to come; its body, to be freed by the caller, where it came whole. */
static char *body_read(struct exchange *exchange, const char *method)
{
	struct reply reply;
	char *body = NULL;

	exchange->status = 0;
	if (client_read(exchange->client, method, &reply)) {
		exchange->status = reply.status;
		body = reply.body;
		reply.body = NULL;
	}
	reply_free(&reply);
	return body;
}

char *transfer_export(struct exchange *exchange, const char *format)
{
	char path[256], *body = NULL;

	path_write(path, exchange, "export", format);
	if (user_send(exchange->client, exchange->user, "GET", path, NULL))
		body = body_read(exchange, "GET");
	if (body && exchange->status == 200)
		return body;
	free(body);
	return NULL;
}

bool transfer_send(const struct exchange *exchange, const char *format, const char *file)
{
	char path[256];

	path_write(path, exchange, "import", format);
	return user_send(exchange->client, exchange->user, "POST", path, file);
}

json_t *transfer_import(struct exchange *exchange, const char *format, const char *file)
{
	char *body = NULL;
	json_t *value;

	exchange->status = 0;
	if (transfer_send(exchange, format, file))
		body = body_read(exchange, "POST");
	value = body ? json_loads(body, JSON_REJECT_DUPLICATES, NULL) : NULL;
	free(body);
	return value;
}
