/*
 * The page's files, embedded in the program. The HTML is asked for anew each time; what it refers
 * to has the version in its path, and never changes.
 */
#include "http/condition.h"
#include "http/media_type.h"
#include "http/reply.h"
#include "reply/page_files.h"
#include "reply/reply.h"
#include "state/request_state.h"

#include <event2/buffer.h>
#include <string.h>

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

static void reply_file(struct request *request, const struct page_file *file)
{
	struct evbuffer *output = evhttp_request_get_output_buffer(request->evhttp);
	bool packed = accept_allows_gzip(request->header[HEADER_ACCEPT_ENCODING]);

	reply_header(request, "Content-Type", text_of(media_of(file->name)));
	reply_headers(request, TEXT(PAGE_HEADERS));
	if (packed) {
		reply_header(request, "Content-Encoding", TEXT("gzip"));
		evbuffer_add_reference(output, file->packed, file->packed_size, NULL, NULL);
	} else {
		evbuffer_add_reference(output, file->plain, file->plain_size, NULL, NULL);
	}
	reply_finish(request, 200);
}

static void add_index_headers(struct request *request)
{
	reply_headers(
		request, TEXT("\r\nVary: Accept, Accept-Encoding\r\nCache-Control: no-cache"));
	reply_header(request, "ETag", text_of(page_tag));
}

/* The page's tag without its mark and its quotes. */
static struct text bare_page_tag(void)
{
	static const struct text mark = TEXT_INIT("W/\"");
	struct text tag = text_of(page_tag);

	return (struct text){ tag.data + mark.length, tag.length - mark.length - 1 };
}

/* RFC 9110, 15.4.5: with the headers that say how it is kept. */
static void reply_page_known(struct request *request)
{
	reply_headers(request, TEXT(COMMON_HEADERS));
	add_index_headers(request);
	reply_finish(request, 304);
}

void request_reply_page(struct request *request)
{
	if (request->precondition.if_none_match.given &&
		condition_has_tag(&request->precondition.if_none_match, bare_page_tag())) {
		reply_page_known(request);
		return;
	}
	add_index_headers(request);
	reply_file(request, &page_files[0]);
}

/* Whether the segments after the version's are those of the file's name. */
static bool is_named(const struct page_file *file, const struct path *path)
{
	const char *name = file->name;

	for (unsigned i = 2; i < path->count; i++) {
		struct text segment = { name, strcspn(name, "/") };
		if (!text_equal(path->segment[i], segment))
			return false;
		name += segment.length;
		name += *name == '/';
	}
	return *name == '\0';
}

void request_reply_part(struct request *request)
{
	const struct page_file *file = &page_files[1];

	while (file->name != NULL && !is_named(file, &request->target.path))
		file++;
	if (file->name == NULL ||
		!text_equal(request->target.path.segment[1], text_of(page_version))) {
		request_refuse(request, 404, "There is no such page.");
		return;
	}
	reply_headers(request, TEXT("\r\nVary: Accept-Encoding"
				    "\r\nCache-Control: public, max-age=31536000, immutable"));
	reply_file(request, file);
}
