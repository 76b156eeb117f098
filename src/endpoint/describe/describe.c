/*
 * The API's descriptions as replies.
 */
#include "describe/describe.h"

#include "describe/openapi.h"
#include "serving.h"

void descriptions_make(struct descriptions *descriptions, const struct router *router)
{
	struct buffer openapi = openapi_write(router);

	constant_keep(&descriptions->openapi, CONSTANT_JSON, &openapi, "/");
}

void descriptions_free(struct descriptions *descriptions)
{
	constant_free(&descriptions->openapi);
}

void request_reply_openapi(struct request *request)
{
	constant_reply(request, &request->server->descriptions.openapi);
}
