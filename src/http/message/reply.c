/*
 * The statuses of the server, ETags, and problem documents.
 */
#include "http/reply.h"

#include "base/json.h"

#include <assert.h>
#include <string.h>
#include <time.h>

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 204, "No Content" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 412, "Precondition Failed" },
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

#define REASONS (sizeof(reasons) / sizeof(reasons[0]))
static_assert(REASONS < REPLY_STATUSES, "each status has an index");

unsigned reply_status_index(int status)
{
	unsigned i = 0;

	while (i < REASONS && reasons[i].status != status)
		i++;
	return i;
}

int reply_status_at(unsigned index)
{
	return index < REASONS ? reasons[index].status : 0;
}

const char *reply_reason(int status)
{
	unsigned i = reply_status_index(status);

	return i < REASONS ? reasons[i].reason : "Unknown";
}

void reply_tag(int64_t revision, char tag[ETAG_SIZE])
{
	assert(revision >= 0);
	memcpy(tag, "\"r", 2);
	memcpy(text_write_number(tag + 2, (uint64_t)revision, 10, 1), "\"", sizeof("\""));
}

struct text reply_unquoted_tag(int64_t revision, char tag[ETAG_SIZE])
{
	reply_tag(revision, tag);
	return (struct text){ tag + 1, strlen(tag) - 2 };
}

/* Formatting it costs as much as the rest of a reply's headers. */
struct text reply_date(void)
{
	static char date[sizeof("Sun, 06 Nov 1994 08:49:37 GMT")];
	static time_t second = -1;
	time_t clock = time(NULL);
	struct tm now;

	if (clock != second)
		strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&clock, &now));
	second = clock;
	return (struct text){ date, sizeof(date) - 1 };
}

void reply_open_problem(struct buffer *out, int status, const char *detail)
{
	buffer_add_text(out, TEXT("{\"type\":\"about:blank\",\"title\":"));
	json_write_text(out, text_of(reply_reason(status)));
	buffer_add_format(out, ",\"status\":%d,\"detail\":", status);
	json_write_text(out, text_of(detail));
}
