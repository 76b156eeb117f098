/*
 * The front door: what can be asked, for programs; and the page, for browsers.
 */
#include "tables.h"

static void info_start(struct request *request)
{
	struct buffer list = request_route_list(request);

	request_reply_json(request, &list);
}

static void openapi_start(struct request *request)
{
	struct buffer document = request_openapi(request);

	request_reply_json(request, &document);
}

static void front_start(struct request *request)
{
	if (request_wants_page(request))
		request_reply_page(request, "index.html");
	else
		info_start(request);
}

static void style_start(struct request *request)
{
	request_reply_page(request, "page.css");
}

/* clang-format off */
const struct endpoint info_endpoints[] = {
	{
		.name	= "info",
		.method	= GET,
		.path	= "/api/v1",
		.start	= info_start,
	},
	{
		.name	= "openapi",
		.method	= GET,
		.path	= "/api/v1/openapi.json",
		.start	= openapi_start,
	},
	{
		.method	= GET,
		.path	= "/docs",
		.page	= true,
		.start	= request_reply_docs,
	},
	{
		.method	= GET,
		.path	= "/",
		.page	= true,
		.start	= front_start,
	},
	{
		.method	= GET,
		.path	= "/page.css",
		.page	= true,
		.start	= style_start,
	},
	{ 0 },
};
