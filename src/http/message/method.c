/*
 * The methods of HTTP.
 */
#include "http/method.h"

#include <event2/http.h>

static const struct {
	enum evhttp_cmd_type type;
	struct text name;
	unsigned endpoint;
	bool has_body;
} rows[HTTP_METHODS] = {
	[HTTP_GET] = { EVHTTP_REQ_GET, TEXT_INIT("GET"), GET, true },
	[HTTP_HEAD] = { EVHTTP_REQ_HEAD, TEXT_INIT("HEAD"), GET, false },
	[HTTP_POST] = { EVHTTP_REQ_POST, TEXT_INIT("POST"), POST, true },
	[HTTP_PUT] = { EVHTTP_REQ_PUT, TEXT_INIT("PUT"), PUT, true },
	[HTTP_PATCH] = { EVHTTP_REQ_PATCH, TEXT_INIT("PATCH"), PATCH, true },
	[HTTP_DELETE] = { EVHTTP_REQ_DELETE, TEXT_INIT("DELETE"), DELETE, true },
	[HTTP_OPTIONS] = { EVHTTP_REQ_OPTIONS, TEXT_INIT("OPTIONS"), 0, true },
	[HTTP_OTHER] = { 0, TEXT_INIT("-"), 0, false },
};

enum http_method method_of_name(struct text name)
{
	enum http_method method = 0;

	while (method < HTTP_OTHER && !text_equal(rows[method].name, name))
		method++;
	return method;
}

enum http_method method_of_type(unsigned type)
{
	enum http_method method = 0;

	while (method < HTTP_OTHER && (unsigned)rows[method].type != type)
		method++;
	return method;
}

const char *method_name(enum http_method method)
{
	return rows[method].name.at;
}

bool method_has_body(enum http_method method)
{
	return rows[method].has_body;
}

unsigned method_of_endpoint(enum http_method method)
{
	return rows[method].endpoint;
}

const char *method_endpoint_name(enum method method)
{
	enum http_method row = 0;

	while (row < HTTP_OTHER && rows[row].endpoint != method)
		row++;
	return rows[row].name.at;
}
