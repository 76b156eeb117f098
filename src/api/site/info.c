/*
 * The front door: what can be asked, for programs; and the page, for browsers.
 */
#include "tables.h"

static void front_start(struct request *request)
{
	if (request_wants_page(request))
		request_reply_page(request);
	else
		request_reply_route_list(request);
}

/* Who has come with a cookie: nobody is no fault here, as it would be for the API. */
static const struct member visitor_members[] = { { "username", SCHEMA_TEXT_OR_NULL }, { 0 } };
static const struct shape visitor_shape = { NULL, visitor_members };

/* clang-format off */
const struct endpoint info_endpoints[] = {
	{
		.name	= "info",
		.method	= GET,
		.path	= "/api/v1",
		.start	= request_reply_route_list,
		.etag	= ETAG_CONDITIONS,
	},
	{
		.name	= "openapi",
		.method	= GET,
		.path	= "/api/v1/openapi.json",
		.start	= request_reply_openapi,
		.etag	= ETAG_CONDITIONS,
	},
	{
		.method	= GET,
		.path	= "/docs",
		.page	= true,
		.start	= request_reply_docs,
		.etag	= ETAG_CONDITIONS,
	},
	{
		.method	= GET,
		.path	= "/",
		.page	= true,
		.start	= front_start,
		.etag	= ETAG_CONDITIONS,
	},
	{
		.method	= GET,
		.path	= "/page/{version}/{part}",
		.start	= request_reply_part,
	},
	{
		.method	= GET,
		.path	= "/page/{version}/{folder}/{part}",
		.start	= request_reply_part,
	},
	{
		.method	= GET,
		.path	= "/page/session",
		.sql	= {
			"SELECT (SELECT a.username FROM sessions s JOIN accounts a"
			" ON a.id = s.account_id WHERE s.token = $session_token"
			" AND s.expires > $now) AS username",
		},
		.shape	= &visitor_shape,
	},
	{ 0 },
};
