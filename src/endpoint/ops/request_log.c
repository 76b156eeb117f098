/*
 * Lines are put together by hand, since printf() would cost as much as the rest of it. Nothing in
 * them needs escaping: words of ours, numbers, addresses, and ids that were looked at.
 */
#include "ops/request_log.h"

#include "base/log.h"
#include "ops/trace.h"
#include "serving.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

struct log_row {
	char data[PIPE_BUF];
	size_t length;
};

static const char *const ends[] = {
	[TRACE_SENT] = "sent",
	[TRACE_GONE] = "gone",
	[TRACE_CUT] = "cut",
};

static void add(struct log_row *row, const char *text)
{
	size_t length = strlen(text);

	assert(length < sizeof(row->data) - row->length);
	memcpy(row->data + row->length, text, length);
	row->length += length;
}

/* With at least so many digits. */
static void add_number(struct log_row *row, uint64_t number, int least)
{
	char digits[24];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	while (number > 0 || least > 0) {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
		least--;
	}
	add(row, digits + at);
}

static void add_milliseconds(struct log_row *row, uint64_t nanoseconds)
{
	uint64_t micros = nanoseconds / 1000;

	add_number(row, micros / 1000, 1);
	add(row, ".");
	add_number(row, micros % 1000, 3);
}

/* The members in their order, and what stands before each of them. */
enum {
	BEFORE_TIME,
	BEFORE_METHOD,
	BEFORE_ROUTE,
	BEFORE_STATUS,
	BEFORE_MS,
	BEFORE_BYTES,
	BEFORE_ID,
	BEFORE_ADDRESS,
	BEFORE_END,
	BEHIND,
	MARKS
};

/* clang-format off */
static const char *const marks[][MARKS] = {
	[REQUEST_LOG_TEXT] = { "", " ", " ", " ", " ", "ms ", " ", " ", " ", "\n" },
	[REQUEST_LOG_JSON] = {
		"{\"time\":\"", "\",\"method\":\"", "\",\"route\":\"", "\",\"status\":",
		",\"ms\":", ",\"bytes\":", ",\"id\":\"", "\",\"address\":\"", "\",\"end\":\"",
		"\"}\n",
	},
};
/* clang-format on */

void request_log(struct server *server, const struct trace *trace)
{
	const char *const *mark = marks[server->settings.log];
	struct log_row row;

	row.length = 0;
	add(&row, mark[BEFORE_TIME]);
	add(&row, server_clock(server)->now);
	add(&row, mark[BEFORE_METHOD]);
	add(&row, method_name(trace->method));
	add(&row, mark[BEFORE_ROUTE]);
	add(&row, trace->route != NULL ? trace->route->endpoint->path : "-");
	add(&row, mark[BEFORE_STATUS]);
	add_number(&row, (uint64_t)trace->status, 3);
	add(&row, mark[BEFORE_MS]);
	add_milliseconds(&row, trace->nanoseconds);
	add(&row, mark[BEFORE_BYTES]);
	add_number(&row, trace->bytes, 1);
	add(&row, mark[BEFORE_ID]);
	add(&row, trace->id);
	add(&row, mark[BEFORE_ADDRESS]);
	add(&row, trace->address);
	add(&row, mark[BEFORE_END]);
	add(&row, ends[trace->end]);
	add(&row, mark[BEHIND]);
	log_line(row.data, row.length);
}
