/*
 * The page's files, embedded in the program.
 */
#include "request.h"

#include "reply.h"

#include <event2/buffer.h>
#include <string.h>
#include <strings.h>

extern const char index_html[];
extern const char page_css[];

static const struct {
	const char *name;
	const char *headers; /* from the value of Content-Type on */
	const char *content;
} files[] = {
	{ "index.html", "text/html; charset=utf-8" PAGE_HEADERS, index_html },
	{ "page.css", "text/css; charset=utf-8" PAGE_HEADERS, page_css },
};

bool request_wants_page(struct request *request)
{
	const char *accept = request->header[HEADER_ACCEPT];

	return accept != NULL && strcasestr(accept, "text/html") != NULL;
}

void request_reply_page(struct request *request, const char *name)
{
	struct evbuffer *output = evhttp_request_get_output_buffer(request->evhttp);

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (strcmp(files[i].name, name) != 0)
			continue;
		reply_headers(request, "Content-Type", files[i].headers);
		evbuffer_add_reference(
			output, files[i].content, strlen(files[i].content), NULL, NULL);
		reply_finish(request, 200);
		return;
	}
	reply_problem(request, 404, "There is no such page.");
}
