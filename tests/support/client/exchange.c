/* JSON in and out. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>

json_t *exchange_json(
	struct exchange *exchange, const char *method, const char *resource, json_t *body)
{
	char *text = body ? json_dumps(body, 0) : NULL, path[256], headers[64] = "";
	json_t *value = NULL;
	struct reply reply;

	snprintf(path, sizeof(path), "/api/v1/accounts/%s/%s", exchange->user->name, resource);
	if (*exchange->if_match)
		snprintf(headers, sizeof(headers), "If-Match: %s\r\n", exchange->if_match);
	*exchange->if_match = '\0';
	exchange->status = 0;
	if (client_call(
		    exchange->client, &reply, method, path, headers, exchange->user->token, text)) {
		exchange->status = reply.status;
		value = json_loadb(reply.body, reply.body_size, JSON_REJECT_DUPLICATES, NULL);
	}
	reply_free(&reply);
	json_decref(body);
	free(text);
	return value;
}

json_t *exchange_array(struct exchange *exchange, const char *resource, const char *name)
{
	json_t *reply = exchange_json(exchange, "GET", resource, NULL);
	json_t *array = json_object_get(reply, name);

	array = exchange->status == 200 && json_is_array(array) ? json_incref(array) : NULL;
	json_decref(reply);
	return array;
}

int64_t json_number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}
