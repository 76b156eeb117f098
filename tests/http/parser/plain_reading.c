/* Reads requests in the plainest way. */
#include "plain_reading.h"

#include "check_main.h"
#include "http/method.h"

#include <stdlib.h>
#include <string.h>

/* Up to the mark, and past it. */
static struct text take(struct text *rest, const char *mark)
{
	const char *end = memmem(rest->data, rest->length, mark, strlen(mark));

	CHECK_THAT(end != NULL, "a stream that was passed ends too early");
	struct text taken = { rest->data, (size_t)(end - rest->data) };
	rest->data += taken.length + strlen(mark);
	rest->length -= taken.length + strlen(mark);
	return taken;
}

static struct text take_bytes(struct text *rest, size_t length)
{
	struct text taken = { rest->data, length };

	CHECK_THAT(length <= rest->length, "a stream that was passed ends too early");
	rest->data += length;
	rest->length -= length;
	return taken;
}

/* The methods that evhttp gets as they are. */
static bool is_evhttps(struct text method)
{
	static const struct text known[] = { TEXT_INIT("GET"), TEXT_INIT("HEAD"), TEXT_INIT("POST"),
		TEXT_INIT("PUT"), TEXT_INIT("PATCH"), TEXT_INIT("DELETE"), TEXT_INIT("OPTIONS") };

	for (size_t i = 0; i < CHECK_COUNT(known); i++)
		if (text_equal(method, known[i]))
			return true;
	return false;
}

struct framing {
	size_t length;
	bool chunked;
};

static void take_header(struct text line, struct framing *framing, struct buffer *record)
{
	struct text name = take(&line, ":"), value = text_trim_ows(line);

	if (text_equal_nocase(name, TEXT("Content-Length")))
		framing->length = strtoul(value.data, NULL, 10);
	if (text_equal_nocase(name, TEXT("Transfer-Encoding")))
		framing->chunked = true;
	buffer_add_text(record, name);
	buffer_add_text(record, TEXT(": "));
	buffer_add_text(record, value);
	buffer_add_text(record, TEXT("\n"));
}

/* strtoul() ends at the first byte that is no digit: an extension begins with one. */
static void take_chunks(struct text *rest, struct buffer *record)
{
	size_t size;

	while ((size = strtoul(take(rest, "\r\n").data, NULL, 16)) > 0) {
		buffer_add_text(record, take_bytes(rest, size));
		take(rest, "\r\n");
	}
	while (take(rest, "\r\n").length > 0)
		;
}

static void take_request(struct text *rest, struct buffer *record, struct buffer *methods)
{
	struct framing framing = { 0 };
	struct text line, method = take(rest, " ");
	unsigned char number = (unsigned char)method_of_name(method);
	bool known = is_evhttps(method);

	buffer_add(methods, &number, 1);
	buffer_add_text(record, known ? method : TEXT("POST"));
	buffer_add_text(record, TEXT(" "));
	buffer_add_text(record, take(rest, " "));
	buffer_add_text(record, TEXT("\n"));
	take(rest, "\r\n");
	while ((line = take(rest, "\r\n")).length > 0)
		take_header(line, &framing, record);
	buffer_add_text(record, TEXT("\n["));
	if (framing.chunked)
		take_chunks(rest, record);
	else
		buffer_add_text(record, take_bytes(rest, framing.length));
	buffer_add_text(record, TEXT("]\n"));
}

void read_plainly(struct text stream, struct buffer *records, struct buffer *methods)
{
	while (stream.length > 0)
		take_request(&stream, records, methods);
}
