/*
 * The routes of the site itself: the list and the description of the API, the page for browsers,
 * and the health and metrics of the server.
 */
#include "tables.h"

static void front_start(struct request *request)
{
	if (request_wants_page(request))
		request_reply_page(request);
	else
		request_reply_route_list(request);
}

/* The account of the cookie. Without one the members are null; that is not an error here. */
static const struct member visitor_members[] = { { "username", SCHEMA_TEXT_OR_NULL },
	{ "time_zone", SCHEMA_TEXT_OR_NULL }, { 0 } };
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
		.html	= true,
		.start	= request_reply_docs,
		.etag	= ETAG_CONDITIONS,
	},
	{
		.method	= GET,
		.path	= "/",
		.html	= true,
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
			"SELECT a.username AS username, a.time_zone AS time_zone FROM (SELECT 1) AS one"
			" LEFT JOIN sessions s ON s.token = $session_token AND s.expires > $now"
			" LEFT JOIN accounts a ON a.id = s.account_id",
		},
		.shape	= &visitor_shape,
	},
	{
		.name	= "health",
		.method	= GET,
		.path	= "/healthz",
		.no_store = true,
		.start	= request_reply_health,
	},
	{
		.name	= "readiness",
		.method	= GET,
		.path	= "/readyz",
		.no_store = true,
		.start	= request_reply_readiness,
	},
	{
		.name	= "metrics",
		.method	= GET,
		.path	= "/metrics",
		.no_store = true,
		.media	= "text/plain",
		.start	= request_reply_metrics,
	},
	{ 0 },
};
