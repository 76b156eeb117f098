/*
 * The route list, from the routes themselves; as a client of a proxy sees them, where there is one.
 */
#include "request.h"

#include "base/json.h"
#include "http/method.h"
#include "serving.h"

#include <string.h>

/* "{x}" of a row is "<x>" to a reader. */
static void write_path(struct buffer *out, const char *path)
{
	for (; *path != '\0'; path++) {
		const char *brace = strchr("{}", *path);
		buffer_add(out, brace == NULL ? path : *brace == '{' ? "<" : ">", 1);
	}
}

struct buffer request_route_list(struct request *request)
{
	const struct route *route;
	struct buffer out = { 0 };

	for (unsigned i = 0; (route = router_route(request->server->router, i)) != NULL; i++) {
		const struct endpoint *endpoint = route->endpoint;
		if (endpoint->name == NULL)
			continue;
		buffer_add_text(&out, out.length > 0 ? TEXT(",") : TEXT("{"));
		json_write_text(&out, text_of(endpoint->name));
		buffer_add_format(&out, ":\"%s ", method_endpoint_name(endpoint->method));
		buffer_add_text(&out, request->prefix);
		write_path(&out, endpoint->path);
		buffer_add_text(&out, TEXT("\""));
	}
	buffer_add_text(&out, TEXT("}"));
	return out;
}
