/*
 * The API's descriptions as replies.
 */
#include "describe/describe.h"

#include "serving.h"

void descriptions_make(struct descriptions *descriptions, const struct router *router)
{
	struct buffer openapi = openapi_write(router), docs = docs_write(router),
		      route_list = route_list_write(router);

	constant_keep(&descriptions->openapi, CONSTANT_JSON, &openapi, "/");
	constant_keep(&descriptions->docs, CONSTANT_PAGE, &docs, "");
	constant_keep(&descriptions->route_list, CONSTANT_JSON, &route_list, "");
}

void descriptions_free(struct descriptions *descriptions)
{
	constant_free(&descriptions->openapi);
	constant_free(&descriptions->docs);
	constant_free(&descriptions->route_list);
}

void request_reply_openapi(struct request *request)
{
	constant_reply(request, &request->server->descriptions.openapi);
}

void request_reply_docs(struct request *request)
{
	constant_reply(request, &request->server->descriptions.docs);
}

void request_reply_route_list(struct request *request)
{
	constant_reply(request, &request->server->descriptions.route_list);
}
