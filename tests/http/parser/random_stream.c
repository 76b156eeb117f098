/* Streams of requests with random damage, the same in every run. */
#include "random_stream.h"

#include "check_main.h"
#include "request_rows.h"

#define REQUESTS_MOST 4
#define DAMAGES_MOST 4

static uint64_t state = 0x9E3779B97F4A7C15;
static size_t below(size_t limit)
{
	return (size_t)(check_random(&state) % limit);
}

static const struct request_row *random_row(void)
{
	const struct request_row *rows = below(4) > 0 ? good_requests : bad_requests;

	return &rows[below(request_rows_count(rows))];
}

/* Replace a part of the stream. */
static void splice(struct buffer *stream, size_t at, size_t length, struct text with)
{
	struct buffer spliced = { 0 };

	buffer_add(&spliced, stream->data, at);
	buffer_add_text(&spliced, with);
	buffer_add(&spliced, stream->data + at + length, stream->length - at - length);
	buffer_free(stream);
	*stream = spliced;
}

/* Pieces that are likely to matter. */
static struct text random_piece(void)
{
	static const struct text pieces[] = { TEXT_INIT("\r\n"), TEXT_INIT("\n"), TEXT_INIT("\r"),
		TEXT_INIT("\r\n\r\n"), TEXT_INIT(" "), TEXT_INIT("\t"), TEXT_INIT(":"),
		TEXT_INIT("0"), TEXT_INIT("5"), TEXT_INIT("\0"), TEXT_INIT("\x80"), TEXT_INIT("-"),
		TEXT_INIT("Content-Length: 5\r\n"), TEXT_INIT("Content-Length: 99\r\n"),
		TEXT_INIT("Transfer-Encoding: chunked\r\n"), TEXT_INIT("Host: b\r\n"),
		TEXT_INIT("0\r\n\r\n"), TEXT_INIT("GET / HTTP/1.1\r\n"),
		TEXT_INIT("PROPFIND / HTTP/1.1\r\n"), TEXT_INIT("X:\ty\r\n"), TEXT_INIT(";a=b"),
		TEXT_INIT(";a=\"b"), TEXT_INIT("\""), TEXT_INIT("\\"), TEXT_INIT(";"),
		TEXT_INIT("5;a\r\n"), TEXT_INIT("0\r\nX: y\r\n\r\n"),
		TEXT_INIT("Transfer-Encoding:\tchunked\r\n"), TEXT_INIT("TRACE "), TEXT_INIT("b") };

	return pieces[below(CHECK_COUNT(pieces))];
}

static void damage(struct buffer *stream)
{
	size_t at = below(stream->length);
	size_t length = 1 + below(8);
	unsigned char byte = (unsigned char)below(256);

	if (length > stream->length - at)
		length = stream->length - at;
	switch (below(4)) {
	case 0:
		splice(stream, at, length, (struct text){ NULL, 0 });
		break;
	case 1:
		splice(stream, at, 1, (struct text){ (char *)&byte, 1 });
		break;
	case 2:
		splice(stream, at, 0, random_piece());
		break;
	default:
		splice(stream, at, below(2) * length, random_piece());
		break;
	}
}

struct buffer random_stream_next(void)
{
	struct buffer stream = { 0 };
	size_t requests = 1 + below(REQUESTS_MOST);
	size_t damages = below(DAMAGES_MOST + 1);

	for (size_t i = 0; i < requests; i++)
		buffer_add_text(&stream, random_row()->bytes);
	for (size_t i = 0; i < damages && stream.length > 0; i++)
		damage(&stream);
	return stream;
}
