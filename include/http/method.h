/*
 * The methods of HTTP that the server knows (RFC 9110, 9.3; RFC 5789). Each is a name here and a
 * row in method.c. Any thread.
 */
#ifndef HTTP_METHOD_H
#define HTTP_METHOD_H

#include "base/text.h"

/* The method of an endpoint, or a set of methods. */
enum method { GET = 1, POST = 2, PUT = 4, PATCH = 8, DELETE = 16 };

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OPTIONS,
	HTTP_TRACE,   /* of no endpoint; it may have no body (RFC 9110, 9.3.8) */
	HTTP_CONNECT, /* the same (9.3.6), and it is the last of its connection */
	HTTP_OTHER,   /* an unknown one, or none was read */
	HTTP_METHODS
};

/* HTTP_OTHER if there is no such method. Names are case-sensitive (RFC 9110, 9.1). */
enum http_method method_of_name(struct text name);

/* The name; "-" for HTTP_OTHER. */
const char *method_name(enum http_method method);

/* Whether a request with it may have a body. */
bool method_has_body(enum http_method method);

/* Whether evhttp knows it, and reads the body that a request with it may have. */
bool method_is_known_to_evhttp(enum http_method method);

/* The method of the endpoints that serve it, GET for HEAD; 0 if no endpoint can have it. */
unsigned method_of_endpoint(enum http_method method);

/* The set of all methods that endpoints can have. */
unsigned method_all_of_endpoints(void);

/* The name of an endpoint's method. */
const char *method_endpoint_name(enum method method);

/* Whether it only reads (RFC 9110, 9.2.1); whether sending it twice is the same as once (9.2.2). */
bool method_endpoint_is_safe(enum method method);
bool method_endpoint_is_idempotent(enum method method);

#endif
