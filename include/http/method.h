/*
 * The methods of HTTP that mean anything here, each in one row (RFC 9110, 9.3; RFC 5789). A method more
 * is a row more, here and in method.c. Any thread.
 */
#ifndef HTTP_METHOD_H
#define HTTP_METHOD_H

#include "base/text.h"

/* Of an endpoint, or of several. */
enum method { GET = 1, POST = 2, PUT = 4, PATCH = 8, DELETE = 16 };

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OPTIONS,
	HTTP_TRACE,   /* no endpoint's; no body may come with it (RFC 9110, 9.3.8) */
	HTTP_CONNECT, /* the same (9.3.6), and it is the last of its connection */
	HTTP_OTHER,   /* none that means anything here, or none was read */
	HTTP_METHODS
};

/* HTTP_OTHER where there is no such method: names have a case (RFC 9110, 9.1). */
enum http_method method_of_name(struct text name);

/* The name; "-" of HTTP_OTHER. */
const char *method_name(enum http_method method);

/* Whether a body may come with it. */
bool method_has_body(enum http_method method);

/* Whether evhttp knows it by its name; it reads the bodies that may come with those. */
bool method_is_evhttps(enum http_method method);

/* The method of the endpoints that it asks for, HEAD being a GET; 0 where none has it. */
unsigned method_of_endpoint(enum http_method method);

/* All that endpoints can have. */
unsigned method_all_of_endpoints(void);

/* The name of an endpoint's method. */
const char *method_endpoint_name(enum method method);

/* Whether it only reads (RFC 9110, 9.2.1); and whether twice is the same as once (9.2.2). */
bool method_endpoint_is_safe(enum method method);
bool method_endpoint_is_idempotent(enum method method);

#endif
