/*
 * The methods of HTTP.
 */
#include "http/method.h"

static const struct {
	struct text name;
	unsigned endpoint;
	bool has_body, safe, idempotent;
	bool known_to_evhttp; /* see method_is_known_to_evhttp() */
} rows[HTTP_METHODS] = {
	[HTTP_GET] = { TEXT_INIT("GET"), .endpoint = GET, .has_body = true, .safe = true,
		.idempotent = true, .known_to_evhttp = true },
	[HTTP_HEAD] = { TEXT_INIT("HEAD"), .endpoint = GET, .safe = true, .idempotent = true,
		.known_to_evhttp = true },
	[HTTP_POST] = { TEXT_INIT("POST"), .endpoint = POST, .has_body = true,
		.known_to_evhttp = true },
	[HTTP_PUT] = { TEXT_INIT("PUT"), .endpoint = PUT, .has_body = true, .idempotent = true,
		.known_to_evhttp = true },
	[HTTP_PATCH] = { TEXT_INIT("PATCH"), .endpoint = PATCH, .has_body = true,
		.known_to_evhttp = true },
	[HTTP_DELETE] = { TEXT_INIT("DELETE"), .endpoint = DELETE, .has_body = true,
		.idempotent = true, .known_to_evhttp = true },
	[HTTP_OPTIONS] = { TEXT_INIT("OPTIONS"), .has_body = true, .safe = true, .idempotent = true,
		.known_to_evhttp = true },
	[HTTP_TRACE] = { TEXT_INIT("TRACE"), .safe = true, .idempotent = true },
	[HTTP_CONNECT] = { TEXT_INIT("CONNECT") },
	[HTTP_OTHER] = { TEXT_INIT("-"), .has_body = true },
};

enum http_method method_of_name(struct text name)
{
	enum http_method method = 0;

	while (method < HTTP_OTHER &&
		(rows[method].name.length != name.length || !text_equal(rows[method].name, name)))
		method++;
	return method;
}

const char *method_name(enum http_method method)
{
	return rows[method].name.data;
}

bool method_has_body(enum http_method method)
{
	return rows[method].has_body;
}

bool method_is_known_to_evhttp(enum http_method method)
{
	return rows[method].known_to_evhttp;
}

unsigned method_of_endpoint(enum http_method method)
{
	return rows[method].endpoint;
}

unsigned method_all_of_endpoints(void)
{
	unsigned all = 0;

	for (enum http_method method = 0; method < HTTP_METHODS; method++)
		all |= rows[method].endpoint;
	return all;
}

static enum http_method row_of_endpoint(enum method method)
{
	enum http_method row = 0;

	while (row < HTTP_OTHER && rows[row].endpoint != method)
		row++;
	return row;
}

const char *method_endpoint_name(enum method method)
{
	return rows[row_of_endpoint(method)].name.data;
}

bool method_endpoint_is_safe(enum method method)
{
	return rows[row_of_endpoint(method)].safe;
}

bool method_endpoint_is_idempotent(enum method method)
{
	return rows[row_of_endpoint(method)].idempotent;
}
