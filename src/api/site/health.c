/*
 * For whoever looks after the server: whether it lives, whether it can take requests, and what it
 * counts.
 */
#include "tables.h"

/* clang-format off */
const struct endpoint health_endpoints[] = {
	{
		.name	= "health",
		.method	= GET,
		.path	= "/healthz",
		.momentary = true,
		.start	= request_reply_health,
	},
	{
		.name	= "readiness",
		.method	= GET,
		.path	= "/readyz",
		.momentary = true,
		.start	= request_reply_readiness,
	},
	{
		.name	= "metrics",
		.method	= GET,
		.path	= "/metrics",
		.momentary = true,
		.media	= "text/plain",
		.start	= request_reply_metrics,
	},
	{ 0 },
};
