/*
 * Pages that the server writes itself: what they have in common, and what is wrong as a page.
 */
#include "page.h"

#include "base/html.h"
#include "base/json.h"
#include "reply.h"
#include "request.h"

#include <event2/buffer.h>

#define DOOR "../plain"

static void add(struct buffer *out, const char *html)
{
	buffer_add_text(out, text_of(html));
}

void request_html_begin(struct buffer *out, const char *title, const char *root)
{
	add(out, "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
	html_write_text(out, text_of(title));
	buffer_add_format(out,
		"</title><link rel=\"stylesheet\" href=\"%spage/%s/plain.css\">"
		"<link rel=\"icon\" href=\"%spage/%s/icon.svg\"></head><body><main>",
		root, page_version, root, page_version);
}

void request_html_end(struct buffer *out)
{
	add(out, "</main></body></html>");
}

void request_reply_html(struct request *request, int status, struct buffer *html)
{
	reply_headers(request, "Content-Type", HTML_HEADERS);
	reply_add_body(evhttp_request_get_output_buffer(request->evhttp), html);
	buffer_free(html);
	reply_finish(request, status);
}

void reply_see_other(struct request *request, const char *location)
{
	reply_headers(request, "Location", location);
	reply_headers(
		request, "X-Content-Type-Options", BARE_HEADERS "\r\nCache-Control: no-store");
	reply_finish(request, 303);
}

/* What is wrong with each member, as the input's faults have it. */
static void add_faults(struct buffer *out, const struct buffer *members)
{
	const char *why;
	struct buffer object = { 0 };
	json_t *faults, *fault;
	size_t i;

	buffer_add_text(&object, TEXT("{\"errors\":["));
	buffer_add(&object, members->data, members->length);
	buffer_add_text(&object, TEXT("]}"));
	faults = json_read_object((struct text){ object.data, object.length }, 4, &why);
	json_array_foreach (json_object_get(faults, "errors"), i, fault) {
		add(out, "<p>");
		html_write_text(
			out, text_of(json_string_value(json_object_get(fault, "pointer")) + 1));
		add(out, " ");
		html_write_text(out, text_of(json_string_value(json_object_get(fault, "detail"))));
		add(out, ".</p>");
	}
	json_decref(faults);
	buffer_free(&object);
}

/* Who has no session any more comes to the door. */
void reply_page_problem(struct request *request, int status, const char *detail)
{
	struct buffer out = { 0 };

	if (status == 401 && request->route->endpoint->access != ANYONE) {
		reply_see_other(request, DOOR);
		return;
	}
	request_html_begin(&out, reply_reason(status), "../");
	add(&out, "<h1>");
	html_write_text(&out, text_of(detail));
	add(&out, "</h1>");
	if (status == request->fault.status)
		add_faults(&out, &request->fault.members);
	add(&out, "<p><a href=\"" DOOR "\">Back</a></p>");
	request_html_end(&out);
	request_reply_html(request, status, &out);
}
