/*
 * Pages that the server writes itself: what they have in common, and what is wrong as a page.
 */
#include "reply/html_page.h"

#include "base/html.h"
#include "base/json.h"
#include "base/json_read.h"
#include "http/media_type.h"
#include "http/reply.h"
#include "reply/page_files.h"
#include "reply/reply.h"
#include "state/request_state.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <string.h>

/* A page of ours has one or two segments: the way to "/" from there. */
static const char *root_of(const struct request *request)
{
	return request->target.path.count > 1 ? "../" : "";
}

bool request_wants_page(struct request *request)
{
	return accept_prefers_page(request->header[HEADER_ACCEPT]);
}

static void add(struct buffer *out, const char *html)
{
	buffer_add_text(out, text_of(html));
}

/*
 * Under the header's no-referrer a browser sends "Origin: null" with a form, and where it knows no
 * Sec-Fetch-Site (http, but for this machine) the form would pass for one of another site.
 */
#define FORMS_SAY_ORIGIN "<meta name=\"referrer\" content=\"same-origin\">"

void request_html_begin(struct buffer *out, const char *title, const char *root)
{
	add(out, "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
		 "<meta name=\"viewport\" content=\"width=device-width, "
		 "initial-scale=1\">" FORMS_SAY_ORIGIN "<title>");
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
	reply_headers(request, TEXT(HTML_HEADERS));
	reply_add_body(evhttp_request_get_output_buffer(request->evhttp), html);
	buffer_free(html);
	reply_finish(request, status);
}

/* A redirect without a body; location is relative to the request's path. */
static void reply_elsewhere(struct request *request, int status, const char *location)
{
	reply_headers(request, TEXT(HTML_HEADERS));
	reply_header(request, "Location", text_of(location));
	reply_finish(request, status);
}

void reply_see_other(struct request *request, const char *location)
{
	reply_elsewhere(request, 303, location);
}

/* A form is sent again as it was (RFC 9110, 15.4.9). */
void reply_without_slash(struct request *request, struct text path)
{
	struct buffer location = { 0 };

	path.length--;
	const char *slash = memrchr(path.data, '/', path.length);
	struct text last = { slash, (size_t)(path.data + path.length - slash) };
	buffer_add_text(&location, TEXT(".."));
	buffer_add_text(&location, last);
	if (request->target.query.length > 0) {
		buffer_add_text(&location, TEXT("?"));
		buffer_add_text(&location, request->target.query);
	}
	buffer_add(&location, "", 1);
	reply_elsewhere(request, 308, location.data);
	buffer_free(&location);
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
		const char *pointer = json_string_value(json_object_get(fault, "pointer"));
		add(out, "<p>");
		html_write_text(out, text_of(pointer[0] == '/' ? pointer + 1 : pointer));
		add(out, " ");
		html_write_text(out, text_of(json_string_value(json_object_get(fault, "detail"))));
		add(out, ".</p>");
	}
	json_decref(faults);
	buffer_free(&object);
}

/* A client without a session is led to the login page. */
void reply_page_problem(struct request *request, int status, const char *detail)
{
	const char *root = root_of(request);
	struct buffer out = { 0 };
	char login[16];

	snprintf(login, sizeof(login), "%splain", root);
	if (status == 401 && request->route->endpoint->access != ACCESS_ANYONE) {
		reply_see_other(request, login);
		return;
	}
	reply_header(request, "Vary", TEXT("Accept"));
	request_html_begin(&out, reply_reason(status), root);
	add(&out, "<h1>");
	html_write_text(&out, text_of(detail));
	add(&out, "</h1>");
	if (status == request->input.fault.status)
		add_faults(&out, &request->input.fault.members);
	buffer_add_format(&out, "<p><a href=\"%s\">Back</a></p>", login);
	request_html_end(&out);
	request_reply_html(request, status, &out);
}
