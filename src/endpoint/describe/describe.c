/*
 * The API's descriptions as replies, and the shortest of them: every endpoint's name with "METHOD
 * /path". Making them takes as long as the rest of a start, so each is made when it is first asked
 * for.
 */
#include "describe/describe.h"

#include "base/memory.h"
#include "describe/docs.h"
#include "describe/openapi.h"
#include "http/method.h"
#include "reply/constant.h"
#include "route/route.h"
#include "state/request_state.h"
#include "state/server_state.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct descriptions {
	const struct router *router;
	struct constant openapi, docs, route_list;
};

/* A value as compact text; its members stay in their order. It is freed. */
static struct buffer dump(json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	assert(text != NULL);
	json_decref(value);
	return (struct buffer){ text, strlen(text), strlen(text) };
}

/* "{x}" of a row is "<x>" to a reader. */
static void write_path(struct buffer *out, const char *path)
{
	for (; *path != '\0'; path++) {
		const char *brace = strchr("{}", *path);
		buffer_add(out, brace == NULL ? path : *brace == '{' ? "<" : ">", 1);
	}
}

static json_t *make_route_list(const struct router *router)
{
	const struct route *route;
	json_t *list = json_object();

	for (unsigned i = 0; (route = router_route(router, i)) != NULL; i++) {
		const struct endpoint *endpoint = route->endpoint;
		struct buffer line = { 0 };

		if (endpoint->name == NULL)
			continue;
		buffer_add_format(
			&line, "%s " CONSTANT_PREFIX, method_endpoint_name(endpoint->method));
		write_path(&line, endpoint->path);
		json_object_set_new(list, endpoint->name, json_stringn(line.data, line.length));
		buffer_free(&line);
	}
	return list;
}

struct descriptions *descriptions_make(const struct router *router)
{
	struct descriptions *descriptions = memory_zeroed(sizeof(*descriptions));

	descriptions->router = router;
	return descriptions;
}

void descriptions_free(struct descriptions *descriptions)
{
	if (descriptions == NULL)
		return;
	constant_free(&descriptions->openapi);
	constant_free(&descriptions->docs);
	constant_free(&descriptions->route_list);
	free(descriptions);
}

static struct buffer write_openapi(const struct router *router)
{
	return dump(openapi_make(router));
}

static struct buffer write_route_list(const struct router *router)
{
	return dump(make_route_list(router));
}

/* Reply with a description, which is written now if it was not asked for before. */
static void reply(struct request *request, struct constant *constant,
	struct buffer (*write)(const struct router *router), enum constant_form form,
	const char *without_prefix)
{
	if (constant->bare.length == 0) {
		struct buffer text = write(request->server->descriptions->router);
		constant_keep(constant, form, &text, without_prefix);
	}
	constant_reply(request, constant);
}

void request_reply_openapi(struct request *request)
{
	reply(request, &request->server->descriptions->openapi, write_openapi, CONSTANT_JSON, "/");
}

void request_reply_docs(struct request *request)
{
	reply(request, &request->server->descriptions->docs, docs_write, CONSTANT_PAGE, "");
}

void request_reply_route_list(struct request *request)
{
	reply(request, &request->server->descriptions->route_list, write_route_list,
		CONSTANT_JSON_OR_PAGE, "");
}
