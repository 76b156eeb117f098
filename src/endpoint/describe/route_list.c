/*
 * The route list: every endpoint's name, and "METHOD /path".
 */
#include "describe/describe.h"

#include "http/method.h"
#include "route/route.h"

#include <string.h>

/* "{x}" of a row is "<x>" to a reader. */
static void write_path(struct buffer *out, const char *path)
{
	for (; *path != '\0'; path++) {
		const char *brace = strchr("{}", *path);
		buffer_add(out, brace == NULL ? path : *brace == '{' ? "<" : ">", 1);
	}
}

struct buffer route_list_write(const struct router *router)
{
	const struct route *route;
	json_t *list = json_object();

	for (unsigned i = 0; (route = router_route(router, i)) != NULL; i++) {
		const struct endpoint *endpoint = route->endpoint;
		struct buffer line = { 0 };

		if (endpoint->name == NULL)
			continue;
		buffer_add_format(
			&line, "%s " CONSTANT_PREFIX, method_endpoint_name(endpoint->method));
		write_path(&line, endpoint->path);
		json_object_set_new(list, endpoint->name, json_stringn(line.data, line.length));
		buffer_free(&line);
	}
	return description_dump(list);
}
