/* The requests, each a row: what is framed in one way only, and what is not or makes no sense. */
#include "wire_rows.h"

#define ROW(bytes)                                                                                 \
	{                                                                                          \
		TEXT_INIT(bytes), 0, ""                                                            \
	}
#define BAD(status, why, bytes)                                                                    \
	{                                                                                          \
		TEXT_INIT(bytes), status, why                                                      \
	}
#define HOST "Host: a\r\n"
#define GET "GET / HTTP/1.1\r\n" HOST
#define POST "POST / HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

const struct wire_row wire_good[] = {
	/* the request line */
	ROW(GET "\r\n"),
	ROW("GET / HTTP/1.0\r\n\r\n"),
	ROW("GET / HTTP/1.0\r\n" HOST "\r\n"),
	ROW("HEAD / HTTP/1.1\r\n" HOST "\r\n"),
	ROW("HEAD / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"),
	ROW("OPTIONS /api/v1 HTTP/1.1\r\n" HOST "\r\n"),
	ROW("TRACE / HTTP/1.1\r\n" HOST "\r\n"),
	ROW("BREW /pot HTTP/1.1\r\n" HOST "\r\n"),
	ROW("get / HTTP/1.1\r\n" HOST "\r\n"),
	ROW("G!#$%&'*+-.^_`|~9 / HTTP/1.1\r\n" HOST "\r\n"),
	ROW("GET /a/b//c/?d=e&f=%20+g HTTP/1.1\r\n" HOST "\r\n"),
	ROW("GET /!\"$%&'()*+,-.:;<=>?@[\\]^_`{|}~ HTTP/1.1\r\n" HOST "\r\n"),
	ROW("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"),
	ROW("GET http://a HTTP/1.1\r\n" HOST "\r\n"),
	ROW("GET http://a:80 HTTP/1.1\r\n" HOST "\r\n"),
	ROW("GET http://a/ HTTP/1.1\r\n" HOST "\r\n"),
	ROW("GET http://a:/ HTTP/1.1\r\n" HOST "\r\n"),
	ROW("GET HTTP://A-b.c_9:65535/x//y?z HTTP/1.1\r\n" HOST "\r\n"),

	/* headers */
	ROW("GET / HTTP/1.1\r\nHost:\r\n\r\n"),
	ROW("GET / HTTP/1.1\r\nhOST:127.0.0.1:8888\r\n\r\n"),
	ROW("GET / HTTP/1.1\r\nHost:  [::1]:8888 \t \r\n\r\n"),
	ROW("GET / HTTP/1.1\r\nHost: [::ffff:127.0.0.1]\r\n\r\n"),
	ROW("GET / HTTP/1.1\r\nHost: a-B_9.c~:65535\r\n\r\n"),
	ROW("GET / HTTP/1.1\r\nHost: a:\r\n\r\n"),
	ROW(GET "X:\r\n\r\n"),
	ROW(GET "!#$%&'*+-.^_`|~09aZ: x\r\n\r\n"),
	ROW(GET "X: a\tb c \"d\" : \x80\xFF (e)\r\nX: again\r\n\r\n"),
	ROW(GET "Expect: 100-continue\r\n\r\n"),
	ROW(GET "Expect: 100-Continue\r\n\r\n"),
	ROW(GET "X-Content-Length: 5\r\nContent-Length-X: 5\r\nTransfer: chunked\r\n\r\n"),

	/* a body by its length */
	ROW(POST "Content-Length: 0\r\n\r\n"),
	ROW(POST "Content-Length: 5\r\n\r\nhello"),
	ROW(POST "content-LENGTH:005 \r\n\r\nhello"),
	ROW(POST "Content-Length: 5\r\n\r\n\0\r\n\r\n"),
	ROW(POST "Content-Length: 28\r\n\r\n" GET "\r\nx"),
	ROW("PUT / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n{"),
	ROW("PATCH / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n{"),
	ROW("DELETE / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n{"),
	ROW("OPTIONS / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n{"),
	ROW("GET / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n{"),
	ROW("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab"),

	/* a body in chunks */
	ROW(CHUNKED "0\r\n\r\n"),
	ROW(CHUNKED "5\r\nhello\r\n0\r\n\r\n"),
	ROW(CHUNKED "5\r\nhello\r\n1\r\n \r\n00a\r\n0123456789\r\n0000\r\n\r\n"),
	ROW(CHUNKED "A\r\n0123456789\r\nf\r\n0\r\n\r\n0123456789\r\n0\r\n\r\n"),
	ROW(POST "transfer-encoding:  Chunked \t\r\n\r\n1C\r\n" GET "\r\nx\r\n0\r\n\r\n"),
	ROW("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" HOST "\r\n1\r\nx\r\n0\r\n\r\n"),
	{ { 0 }, 0, NULL },
};

const struct wire_row wire_bad[] = {
	/* the request line */
	BAD(400, "no method", "\r\n"),
	BAD(400, "no method", "GET\r\n"),
	BAD(400, "no method", " / HTTP/1.1\r\n"),
	BAD(400, "no method", "PA / HTTP/1.1\r\n"),
	BAD(400, "no method", "GET\t/ HTTP/1.1\r\n"),
	BAD(400, "no method", "GE(T / HTTP/1.1\r\n"),
	BAD(400, "no method", "GE\0T / HTTP/1.1\r\n"),
	BAD(400, "no method", "G\x80T / HTTP/1.1\r\n"),
	BAD(400, "target", "GET  / HTTP/1.1\r\n"),
	BAD(400, "target", "GET /\r\n"),
	BAD(400, "target", "GET /\x7F HTTP/1.1\r\n"),
	BAD(400, "target", "GET /\x80 HTTP/1.1\r\n"),
	BAD(400, "target", "GET /\0 HTTP/1.1\r\n"),
	BAD(400, "target", "GET /\t HTTP/1.1\r\n"),
	BAD(400, "target", "GET /\rX HTTP/1.1\r\n"),
	BAD(400, "target", "GET /a#b HTTP/1.1\r\n"),
	BAD(400, "target", "GET a/b HTTP/1.1\r\n"),
	BAD(400, "target", "GET ../ HTTP/1.1\r\n"),
	BAD(400, "target", "CONNECT a:80 HTTP/1.1\r\n"),
	BAD(400, "target", "GET https://a/ HTTP/1.1\r\n"),
	BAD(400, "target", "GET ftp://a/ HTTP/1.1\r\n"),
	BAD(400, "target", "GET http:/a/ HTTP/1.1\r\n"),
	BAD(400, "target", "GET http:/a/b/c HTTP/1.1\r\n"),
	BAD(400, "target", "GET http:///a HTTP/1.1\r\n"),
	BAD(400, "target", "GET http://[::1]/ HTTP/1.1\r\n"),
	BAD(400, "target", "GET http://a?b HTTP/1.1\r\n"),
	BAD(400, "target", "GET http:// HTTP/1.1\r\n"),
	BAD(400, "target", "GET * HTTP/1.1\r\n"),
	BAD(400, "target", "OPTIONS ** HTTP/1.1\r\n"),
	BAD(400, "target", "GET http://b@a/ HTTP/1.1\r\n"),
	BAD(400, "target", "GET http://a:65536/ HTTP/1.1\r\n"),
	BAD(400, "target", "GET http://a:b/ HTTP/1.1\r\n"),
	BAD(400, "target", "GET http://:80/ HTTP/1.1\r\n"),
	BAD(404, "nothing at this path", "GET //a/x HTTP/1.1\r\n"),
	BAD(400, "HTTP/1.1 and HTTP/1.0", "GET / \r\n"),
	BAD(400, "HTTP/1.1 and HTTP/1.0", "GET / HTTP/1.2\r\n"),
	BAD(400, "HTTP/1.1 and HTTP/1.0", "GET / HTTP/2.0\r\n"),
	BAD(400, "HTTP/1.1 and HTTP/1.0", "GET / HTTP/-1.1\r\n"),
	BAD(400, "HTTP/1.1 and HTTP/1.0", "GET / HTTP/1.10\r\n"),
	BAD(400, "HTTP/1.1 and HTTP/1.0", "GET / http/1.1\r\n"),
	BAD(400, "HTTP/1.1 and HTTP/1.0", "GET /a b HTTP/1.1\r\n"),
	BAD(400, "HTTP/1.1 and HTTP/1.0", "GET / HTTP/1.1 \r\n"),
	BAD(400, "HTTP/1.1 and HTTP/1.0", "GET / HTTP/1.1\r\r\n"),

	/* the ends of lines */
	BAD(400, "CR LF", "\n"),
	BAD(400, "CR LF", "GET / HTTP/1.1\n"),
	BAD(400, "CR LF", GET "\n"),
	BAD(400, "CR LF", GET "X: y\n"),
	BAD(400, "CR LF", CHUNKED "1\n"),
	BAD(400, "CR LF", CHUNKED "1\r\nx\n"),
	BAD(400, "CR LF", CHUNKED "0\r\n\n"),

	/* headers */
	BAD(400, "no valid name", GET "X\r\n"),
	BAD(400, "no valid name", GET ": x\r\n"),
	BAD(400, "no valid name", GET "X : y\r\n"),
	BAD(400, "no valid name", GET "X\t: y\r\n"),
	BAD(400, "with a tab", GET "X:\ty\r\n"),
	BAD(400, "with a tab", "GET / HTTP/1.1\r\nHost:\ta\r\n"),
	BAD(400, "with a tab", POST "Transfer-Encoding: \tchunked\r\n"),
	BAD(400, "no valid name", GET "\0X: y\r\n"),
	BAD(400, "no valid name", GET "X\xE9: y\r\n"),
	BAD(400, "no valid name", GET "(X): y\r\n"),
	BAD(400, "no valid name", GET "X: y\r\n folded\r\n"),
	BAD(400, "no valid name", GET "X: y\r\n\tfolded: too\r\n"),
	BAD(400, "no valid name", "GET / HTTP/1.1\r\n X: y\r\n"),
	BAD(400, "no valid name", GET "Content-Length : 5\r\n"),
	BAD(400, "control character", GET "X: a\0b\r\n"),
	BAD(400, "control character", GET "X: a\rb\r\n"),
	BAD(400, "control character", GET "X: a\r\r\n"),
	BAD(400, "control character", GET "X: a\x1F\r\n"),
	BAD(400, "control character", GET "X: a\x7F\r\n"),
	BAD(400, "asks for a Host", "GET / HTTP/1.1\r\n\r\n"),
	BAD(400, "asks for a Host", "GET / HTTP/1.1\r\nX-Host: a\r\n\r\n"),
	BAD(400, "asks for a Host", "GET http://a/ HTTP/1.1\r\n\r\n"),
	BAD(400, "more than one Host", GET "Host: a\r\n"),
	BAD(400, "more than one Host", GET "host: b\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: a b\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: \xE9\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: a/b\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: a@b\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: a, b\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: :80\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: a:b\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: a:65536\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: a:1:2\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: [::1\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: []\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: [::1]a\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: [::1]5\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: [::1]:x\r\n"),
	BAD(400, "Host is not", "GET / HTTP/1.1\r\nHost: [a b]\r\n"),
	BAD(417, "100-continue", GET "Expect: 200-ok\r\n"),

	/* how long the body is */
	BAD(400, "not a number", POST "Content-Length:\r\n"),
	BAD(400, "not a number", POST "Content-Length: +5\r\n"),
	BAD(400, "not a number", POST "Content-Length: -5\r\n"),
	BAD(400, "not a number", POST "Content-Length: 0x5\r\n"),
	BAD(400, "not a number", POST "Content-Length: 5 5\r\n"),
	BAD(400, "not a number", POST "Content-Length: 5, 5\r\n"),
	BAD(400, "not a number", POST "Content-Length: 5.0\r\n"),
	BAD(400, "more than one Content-Length", POST "Content-Length: 5\r\nContent-Length: 5\r\n"),
	BAD(400, "more than one Content-Length", POST "Content-Length: 0\r\ncontent-length: 5\r\n"),
	BAD(400, "is chunked", POST "Transfer-Encoding:\r\n"),
	BAD(400, "is chunked", POST "Transfer-Encoding: identity\r\n"),
	BAD(400, "is chunked", POST "Transfer-Encoding: xchunked\r\n"),
	BAD(400, "is chunked", POST "Transfer-Encoding: gzip, chunked\r\n"),
	BAD(400, "is chunked", POST "Transfer-Encoding: chunked;q=1\r\n"),
	BAD(400, "more than one Transfer",
		POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"),
	BAD(400, "exclude", POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
	BAD(400, "exclude", POST "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n"),
	BAD(400, "exclude", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
	BAD(400, "takes no body", "HEAD / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n"),
	BAD(400, "takes no body", "HEAD / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"),
	BAD(400, "takes no body", "TRACE / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n"),
	BAD(400, "takes no body", "BREW / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n"),
	BAD(400, "takes no body", "post / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n"),

	/* chunks */
	BAD(400, "has no size", CHUNKED "\r\n"),
	BAD(400, "hexadecimal", CHUNKED "x\r\n"),
	BAD(400, "hexadecimal", CHUNKED "0x5\r\n"),
	BAD(400, "hexadecimal", CHUNKED "+5\r\n"),
	BAD(400, "hexadecimal", CHUNKED "-5\r\n"),
	BAD(400, "hexadecimal", CHUNKED " 5\r\n"),
	BAD(400, "hexadecimal", CHUNKED "5 \r\n"),
	BAD(400, "hexadecimal", CHUNKED "5;a=b\r\n"),
	BAD(400, "hexadecimal", CHUNKED "5g\r\n"),
	BAD(400, "hexadecimal", CHUNKED "@\r\n"),
	BAD(400, "longer than its size", CHUNKED "1\r\nxy\r\n"),
	BAD(400, "has no size", CHUNKED "1\r\nx\r\n\r\n"),
	BAD(400, "Trailers", CHUNKED "0\r\nX: y\r\n"),
	{ { 0 }, 0, NULL },
};

unsigned wire_rows_count(const struct wire_row *rows)
{
	unsigned count = 0;

	while (rows[count].bytes.at != NULL)
		count++;
	return count;
}
