/*
 * Problem documents, and the whole reply to what never became a request.
 */
#include "reply.h"

#include "base/json.h"

#include <event2/buffer.h>
#include <time.h>

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 204, "No Content" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 421, "Misdirected Request" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
	{ 507, "Insufficient Storage" },
};

const char *reply_reason(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}

void reply_write_problem(
	struct buffer *out, int status, const char *detail, const struct buffer *members)
{
	buffer_add_text(out, TEXT("{\"type\":\"about:blank\",\"title\":"));
	json_write_text(out, text_of(reply_reason(status)));
	buffer_add_format(out, ",\"status\":%d,\"detail\":", status);
	json_write_text(out, text_of(detail));
	if (members != NULL && members->length > 0) {
		buffer_add_text(out, TEXT(",\"errors\":["));
		buffer_add(out, members->data, members->length);
		buffer_add_text(out, TEXT("]"));
	}
	buffer_add_text(out, TEXT("}"));
}

void reply_refusal(struct evbuffer *output, int status, const char *detail, bool head)
{
	struct buffer body = { 0 };
	char date[64];
	struct tm now;
	time_t clock = time(NULL);

	reply_write_problem(&body, status, detail, NULL);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&clock, &now));
	evbuffer_add_printf(output,
		"HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Length: %zu\r\nConnection: close\r\n"
		"Content-Type: " PROBLEM_HEADERS "\r\n\r\n",
		status, reply_reason(status), date, body.length);
	if (!head)
		evbuffer_add(output, body.data, body.length);
	buffer_free(&body);
}
