/*
 * The page's files, embedded in the program. The HTML is asked for anew each time; what it refers to
 * has the version in its path, and never changes.
 */
#include "page.h"

#include "reply.h"
#include "request.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BLOCK_SIZE 1024

static const struct {
	const char *suffix;
	const char *media;
} medias[] = {
	{ ".html", "text/html; charset=utf-8" },
	{ ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".svg", "image/svg+xml" },
};

static const char *media_of(const char *name)
{
	const char *suffix = strrchr(name, '.');

	for (size_t i = 0; suffix != NULL && i < sizeof(medias) / sizeof(medias[0]); i++)
		if (strcmp(medias[i].suffix, suffix) == 0)
			return medias[i].media;
	return "application/octet-stream";
}

bool request_wants_page(struct request *request)
{
	const char *accept = request->header[HEADER_ACCEPT];

	return accept != NULL && strcasestr(accept, "text/html") != NULL;
}

/* A client that can read gzip says so, and does not say ";q=0" of it (RFC 9110, 12.5.3). */
static bool takes_gzip(const struct request *request)
{
	const char *accept = request->header[HEADER_ACCEPT_ENCODING];
	const char *gzip = accept != NULL ? strcasestr(accept, "gzip") : NULL;

	return gzip != NULL && strncmp(gzip + strcspn(gzip, ";,"), ";q=0", 4) != 0;
}

static void reply_file(struct request *request, const struct page_file *file, const char *headers)
{
	struct evbuffer *output = evhttp_request_get_output_buffer(request->evhttp);
	bool packed = takes_gzip(request);
	char block[BLOCK_SIZE];

	snprintf(block, sizeof(block), "%s" PAGE_HEADERS "%s%s", media_of(file->name), headers,
		packed ? "\r\nContent-Encoding: gzip" : "");
	reply_headers(request, "Content-Type", block);
	if (packed)
		evbuffer_add_reference(output, file->packed, file->packed_size, NULL, NULL);
	else
		evbuffer_add_reference(output, file->plain, file->plain_size, NULL, NULL);
	reply_finish(request, 200);
}

void request_reply_page(struct request *request)
{
	const char *known = request->header[HEADER_IF_NONE_MATCH];
	char headers[256];

	snprintf(headers, sizeof(headers),
		"\r\nVary: Accept, Accept-Encoding\r\nCache-Control: no-cache\r\nETag: %s",
		page_tag);
	if (known != NULL && strstr(known, page_tag) != NULL) {
		reply_headers(request, "X-Content-Type-Options", BARE_HEADERS);
		reply_header(request, "ETag", page_tag);
		reply_finish(request, 304);
		return;
	}
	reply_file(request, &page_files[0], headers);
}

void request_reply_part(struct request *request)
{
	const struct text *segment = request->path.segment;
	const struct page_file *file = &page_files[1];

	while (file->name != NULL && !text_equal(segment[2], text_of(file->name)))
		file++;
	if (file->name == NULL || !text_equal(segment[1], text_of(page_version)))
		reply_problem(request, 404, "There is no such page.");
	else
		reply_file(request, file,
			"\r\nVary: Accept-Encoding"
			"\r\nCache-Control: public, max-age=31536000, immutable");
}
