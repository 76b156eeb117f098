/*
 * http/parser.h: lengths that are just allowed, and those one byte longer.
 */
#include "check_main.h"
#include "feed.h"

#include <string.h>

#define HOST "Host: a\r\n"
#define CHUNKED "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"

static struct buffer stream;

static void setup(void)
{
	stream = (struct buffer){ 0 };
}

static void teardown(void)
{
	buffer_free(&stream);
}

static void add(const char *string)
{
	buffer_add_text(&stream, text_of(string));
}

static void begin(const char *string)
{
	stream.length = 0;
	add(string);
}

static void add_bytes(size_t count)
{
	memset(buffer_reserve(&stream, count), 'x', count);
	stream.length += count;
}

static struct text whole(void)
{
	return (struct text){ stream.data, stream.length };
}

/* The stream consists of whole requests. */
static void expect_requests(unsigned count)
{
	struct verdict expected = {
		.requests = count, .request_start = stream.length, .idle = true
	};

	feed_expect_near(whole(), stream.length, &expected);
}

/* The stream ends in the middle of a request. */
static void expect_more(uint64_t begins, size_t near)
{
	struct verdict expected = { .requests = begins > 0, .request_start = begins };

	feed_expect_near(whole(), near, &expected);
}

/* The last byte of the stream is the one too many. */
static void expect_refusal(int status, const char *detail, uint64_t begins)
{
	struct verdict expected = {
		.status = status, .requests = begins > 0, .request_start = begins
	};

	strcpy(expected.detail, detail);
	feed_expect_near(whole(), stream.length, &expected);
	stream.length--;
	expect_more(begins, stream.length);
}

/* "GET /xxx HTTP/1.1" and CR LF, of so many bytes. */
static void add_request_line(size_t length)
{
	add("GET /");
	add_bytes(length - strlen("GET / HTTP/1.1\r\n"));
	add(" HTTP/1.1\r\n");
}

START_TEST(a_request_line_has_8_kib)
{
	add_request_line(PARSER_REQUEST_LINE_MAX);
	add(HOST "\r\n");
	expect_requests(1);
	stream.length = 0;
	add_request_line(PARSER_REQUEST_LINE_MAX + 1);
	expect_refusal(414, "The request target is too long.", 0);
}
END_TEST

START_TEST(a_request_line_need_not_end_to_be_too_long)
{
	add("GET /");
	add_bytes(PARSER_REQUEST_LINE_MAX + 1 - stream.length);
	expect_refusal(414, "The request target is too long.", 0);
	stream.length = 0;
	add_bytes(PARSER_REQUEST_LINE_MAX + 1);
	expect_refusal(414, "The request target is too long.", 0);
}
END_TEST

/* The method may be nearly all of the line; a longer name is another method. */
START_TEST(a_method_has_the_line)
{
	struct buffer onward = { 0 }, methods = { 0 };

	add("PUT");
	add_bytes(PARSER_REQUEST_LINE_MAX - strlen("PUT / HTTP/1.1\r\n"));
	add(" / HTTP/1.1\r\n" HOST "\r\n");
	expect_requests(1);
	feed_onward(whole(), &onward, &methods);
	ck_assert(text_equal((struct text){ onward.data, onward.length },
		TEXT("POST / HTTP/1.1\r\n" HOST "\r\n")));
	ck_assert_int_eq(methods.data[0], HTTP_OTHER);
	buffer_free(&onward);
	buffer_free(&methods);
	begin("PUT");
	add_bytes(PARSER_REQUEST_LINE_MAX + 1 - strlen("PUT / HTTP/1.1\r\n"));
	add(" / HTTP/1.1\r\n");
	expect_refusal(414, "The request target is too long.", 0);
}
END_TEST

/* A Host and one more header, of so many bytes together with the empty line. */
static void add_headers(size_t length)
{
	add(HOST "X: ");
	add_bytes(length - strlen(HOST "X: \r\n\r\n"));
	add("\r\n\r\n");
}

START_TEST(headers_have_16_kib)
{
	static const char line[] = "GET / HTTP/1.1\r\n";

	for (int i = 0; i < 3; i++) { /* each request, not all of them together */
		add(line);
		add_headers(PARSER_HEADERS_MAX);
	}
	expect_requests(3);
	begin(line);
	add_headers(PARSER_HEADERS_MAX + 1);
	expect_refusal(431, "The headers are too long.", 0);
}
END_TEST

/* Headers in a section of so many bytes; the last one fills it. */
static void add_many_headers(size_t length)
{
	static const char line[] =
		"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n";
	size_t end = stream.length + length;

	add(HOST);
	while (end - stream.length > 2 * strlen(line))
		add(line);
	add("X:");
	add_bytes(end - stream.length - strlen("\r\n\r\n"));
	add("\r\n\r\n");
}

START_TEST(many_headers_have_16_kib_together)
{
	add("GET / HTTP/1.1\r\n");
	add_many_headers(PARSER_HEADERS_MAX);
	expect_requests(1);
	begin("GET / HTTP/1.1\r\n");
	add_many_headers(PARSER_HEADERS_MAX + 1);
	expect_refusal(431, "The headers are too long.", 0);
}
END_TEST

/* So many lines after the Host, and the empty line. */
static void add_lines(unsigned count)
{
	add("GET / HTTP/1.1\r\n" HOST);
	for (unsigned i = 1; i < count; i++)
		add("X:\r\n");
	add("\r\n");
}

START_TEST(headers_have_so_many_lines)
{
	for (int i = 0; i < 3; i++)
		add_lines(PARSER_HEADER_LINES_MAX);
	expect_requests(3);
	begin("");
	add_lines(PARSER_HEADER_LINES_MAX + 1);
	stream.length -= strlen("\r\n");
	expect_refusal(431, "There are too many headers.", 0);
}
END_TEST

START_TEST(a_header_need_not_end_to_be_too_long)
{
	uint64_t begins;

	add("GET / HTTP/1.1\r\n" HOST "\r\n");
	begins = stream.length;
	add("GET / HTTP/1.1\r\n");
	add_bytes(PARSER_HEADERS_MAX + 1);
	expect_refusal(431, "The headers are too long.", begins);
}
END_TEST

START_TEST(a_body_has_what_its_owner_allows)
{
	for (int i = 0; i < 2; i++) {
		buffer_add_format(&stream, "POST / HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n",
			FEED_BODY_MAX);
		add_bytes(FEED_BODY_MAX);
	}
	expect_requests(2);
}
END_TEST

/*
 * Refused before a byte of it has come; a number too large for an integer is not read as a small
 * one.
 */
START_TEST(a_longer_body_is_refused_at_its_length)
{
	static const char *const ends[] = { "1001\r\n\r\n", "2147483648\r\n\r\n",
		"4294967296\r\n\r\n", "4294967301\r\n\r\n", "9223372036854775807\r\n\r\n",
		"0000000000000000001001\r\n\r\n", "9223372036854775808\r\n",
		"18446744073709551615\r\n", "18446744073709551616\r\n", "18446744073709551621\r\n",
		"99999999999999999999999999999999999999999999\r\n" };

	for (size_t i = 0; i < CHECK_COUNT(ends); i++) {
		begin("POST / HTTP/1.1\r\n" HOST "Content-Length: ");
		add(ends[i]);
		expect_refusal(413, "The body is too long.", 0);
	}
}
END_TEST

static void add_chunk(unsigned length)
{
	buffer_add_format(&stream, "%x\r\n", length);
	add_bytes(length);
	add("\r\n");
}

START_TEST(chunks_have_what_the_body_has)
{
	for (int i = 0; i < 2; i++) { /* each body */
		add(CHUNKED);
		add_chunk(1);
		add_chunk(FEED_BODY_MAX - 3);
		add_chunk(2);
		add("0\r\n\r\n");
	}
	add(CHUNKED);
	add_chunk(FEED_BODY_MAX);
	add("0\r\n\r\n");
	expect_requests(3);
}
END_TEST

/* Refused at the size of the chunk that is too much, before its data. */
START_TEST(more_chunks_are_refused)
{
	add(CHUNKED "3e9\r\n");
	expect_refusal(413, "The body is too long.", 0);
	begin(CHUNKED "ffffffffffffff\r\n");
	expect_refusal(413, "The body is too long.", 0);
	begin(CHUNKED);
	add_chunk(1);
	add_chunk(FEED_BODY_MAX - 2);
	add("2\r\n");
	expect_refusal(413, "The body is too long.", 0);
}
END_TEST

/* Leading zeros, or no number at all: the parser does not wait for the end of such a line. */
START_TEST(a_chunk_size_has_14_digits)
{
	add(CHUNKED "00000000000001\r\nx\r\n00000000000000\r\n\r\n");
	expect_requests(1);
	begin(CHUNKED "000000000000001\r\n");
	expect_refusal(400, "A chunk is framed wrongly.", 0);
	begin(CHUNKED "00000000000000000");
	expect_refusal(400, "A chunk is framed wrongly.", 0);
	begin(CHUNKED "1\r\nxxxxxxxxxxxxxxxxxx");
	expect_refusal(400, "A chunk is framed wrongly.", 0);
	begin(CHUNKED "000000000000001;a");
	expect_refusal(400, "A chunk is framed wrongly.", 0);
	begin(CHUNKED "00000000000001;a\r\nx\r\n0\r\n\r\n");
	expect_requests(1);
}
END_TEST

#define TOO_LONG "The extensions of the chunks are too long."

/* A chunk of one byte, with a size line of so many. */
static void add_extended(size_t length)
{
	add("1;a=\"");
	add_bytes(length - strlen("1;a=\"\"\r\n"));
	add("\"\r\nx\r\n");
}

/* Counted for each request anew, apart from its head and from chunks without extensions. */
START_TEST(extensions_have_16_kib)
{
	for (int i = 0; i < 2; i++) {
		add("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n");
		add_headers(PARSER_HEADERS_MAX - strlen("Transfer-Encoding: chunked\r\n"));
		add_extended(PARSER_HEADERS_MAX - strlen("\r\n")); /* of the trailer section */
		add_chunk(100);
		add("0\r\n\r\n");
	}
	expect_requests(2);
	begin(CHUNKED);
	add_extended(PARSER_HEADERS_MAX + 1);
	stream.length -= strlen("x\r\n");
	expect_refusal(431, TOO_LONG, 0);
}
END_TEST

START_TEST(an_extension_need_not_end_to_be_too_long)
{
	static const char *const begins[] = { "1;", "1 ", "1\t;a=\"\"", "00000000000000;" };

	for (size_t i = 0; i < CHECK_COUNT(begins); i++) {
		begin(CHUNKED);
		add(begins[i]);
		add_bytes(PARSER_HEADERS_MAX + 1 - strlen(begins[i]));
		expect_refusal(431, TOO_LONG, 0);
	}
}
END_TEST

/* Many short ones count as one long one. */
START_TEST(extensions_have_16_kib_together)
{
	static const char line[] = "01;abcdefgh=ijklmnopqrstuvwxyz\r\n"; /* 32 bytes */

	add(CHUNKED);
	for (size_t i = 0; i < PARSER_HEADERS_MAX / strlen(line); i++) {
		add(line);
		add("x\r\n");
	}
	expect_more(0, stream.length);
	add("1;");
	expect_refusal(431, TOO_LONG, 0);
}
END_TEST

START_TEST(trailers_have_16_kib)
{
	size_t end;

	add(CHUNKED "0\r\n");
	end = stream.length;
	add_many_headers(PARSER_HEADERS_MAX);
	expect_requests(1);
	stream.length = end;
	add_many_headers(PARSER_HEADERS_MAX + 1);
	expect_refusal(431, "The headers are too long.", 0);
	begin(CHUNKED "0\r\n");
	add_bytes(PARSER_HEADERS_MAX + 1);
	expect_refusal(431, "The headers are too long.", 0);
}
END_TEST

/* Extensions share the same 16 KiB. */
START_TEST(trailers_come_behind_extensions)
{
	add(CHUNKED);
	add_extended(PARSER_HEADERS_MAX - 100);
	add("0\r\n");
	size_t end = stream.length;
	add_many_headers(100);
	expect_requests(1);
	stream.length = end;
	add_many_headers(101);
	expect_refusal(431, "The headers are too long.", 0);
}
END_TEST

/* As many lines as a header section may have, beside those of the header section. */
START_TEST(trailers_have_so_many_lines)
{
	add("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n");
	for (unsigned i = 2; i < PARSER_HEADER_LINES_MAX; i++)
		add("X:\r\n");
	add("\r\n0\r\n");
	for (unsigned i = 0; i < PARSER_HEADER_LINES_MAX; i++)
		add("X:\r\n");
	add("\r\n");
	expect_requests(1);
	stream.length -= strlen("\r\n");
	add("X:\r\n");
	expect_refusal(431, "There are too many headers.", 0);
}
END_TEST

START_TEST(the_owner_decides_how_long_a_body_may_be)
{
	static const struct {
		uint64_t most;
		struct text stream;
		int status;
	} rows[] = {
		{ 0, TEXT_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"), 0 },
		{ 0, TEXT_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n"), 413 },
		{ 0, TEXT_INIT(CHUNKED "0\r\n"), 0 },
		{ 0, TEXT_INIT(CHUNKED "1\r\n"), 413 },
		{ UINT64_MAX, TEXT_INIT(CHUNKED "ffffffffffffff\r\n"), 0 },
		{ UINT64_MAX,
			TEXT_INIT("PUT / HTTP/1.1\r\n" HOST
				  "Content-Length: 9223372036854775807\r\n\r\n"),
			0 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct http_parser parser = { .small_body_max = rows[i].most };

		parser_feed(&parser, rows[i].stream.data, rows[i].stream.length);
		ck_assert_int_eq(parser.status, rows[i].status);
		parser_free(&parser);
	}
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, a_request_line_has_8_kib);
	tcase_add_test(test_case, a_request_line_need_not_end_to_be_too_long);
	tcase_add_test(test_case, a_method_has_the_line);
	tcase_add_test(test_case, headers_have_16_kib);
	tcase_add_test(test_case, many_headers_have_16_kib_together);
	tcase_add_test(test_case, headers_have_so_many_lines);
	tcase_add_test(test_case, a_header_need_not_end_to_be_too_long);
	tcase_add_test(test_case, a_body_has_what_its_owner_allows);
	tcase_add_test(test_case, a_longer_body_is_refused_at_its_length);
	tcase_add_test(test_case, chunks_have_what_the_body_has);
	tcase_add_test(test_case, more_chunks_are_refused);
	tcase_add_test(test_case, a_chunk_size_has_14_digits);
	tcase_add_test(test_case, extensions_have_16_kib);
	tcase_add_test(test_case, an_extension_need_not_end_to_be_too_long);
	tcase_add_test(test_case, extensions_have_16_kib_together);
	tcase_add_test(test_case, trailers_have_16_kib);
	tcase_add_test(test_case, trailers_come_behind_extensions);
	tcase_add_test(test_case, trailers_have_so_many_lines);
	tcase_add_test(test_case, the_owner_decides_how_long_a_body_may_be);
}

int main(void)
{
	return check_main("parser_limits", add_tests);
}
