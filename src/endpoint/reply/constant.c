/*
 * The tag is a hash of the text and of the prefix: a client that has the reply already gets 304
 * before anything is written.
 */
#include "reply/constant.h"

#include "access/precondition.h"
#include "http/gzip.h"
#include "http/media_type.h"
#include "http/reply.h"
#include "reply/coding.h"
#include "reply/refuse.h"
#include "reply/reply.h"
#include "state/request_state.h"

#include <event2/buffer.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define TAG_SIZE (2 * CONSTANT_HASH + 1) /* bytes of a tag without quotes, terminated */
#define PAGE_KEPT "\r\nCache-Control: no-cache" VARY_HEADER

#define JSON_OR_PAGE_HEADERS CACHED_HEADERS("private, no-cache") "\r\nVary: Accept, Accept-Encoding"

/* Constant headers: of the reply, and of a 304, which has no type. */
static const struct {
	struct text usual;
	struct text known;
} forms[] = {
	[CONSTANT_JSON] = { TEXT_INIT(JSON_TYPE API_HEADERS), TEXT_INIT(API_HEADERS) },
	[CONSTANT_JSON_OR_PAGE] = { TEXT_INIT(JSON_TYPE JSON_OR_PAGE_HEADERS),
		TEXT_INIT(JSON_OR_PAGE_HEADERS) },
	[CONSTANT_PAGE] = { TEXT_INIT(HTML_TYPE PAGE_HEADERS PAGE_KEPT),
		TEXT_INIT(COMMON_HEADERS PAGE_KEPT) },
};

/* The text with the prefix in the place of each mark. */
static struct buffer fill(struct text text, struct text prefix)
{
	struct buffer out = { 0 };
	const char *mark;

	while ((mark = memchr(text.data, CONSTANT_PREFIX[0], text.length)) != NULL) {
		size_t before = (size_t)(mark - text.data);

		buffer_add(&out, text.data, before);
		buffer_add_text(&out, prefix);
		text.data += before + 1;
		text.length -= before + 1;
	}
	buffer_add_text(&out, text);
	return out;
}

static void keep_text(struct constant *constant, const char *without_prefix)
{
	if (memchr(constant->bare.data, CONSTANT_PREFIX[0], constant->bare.length) == NULL)
		return;
	constant->text = constant->bare;
	constant->bare = fill((struct text){ constant->text.data, constant->text.length },
		text_of(without_prefix));
}

static void pack(struct constant *constant)
{
	struct gzip *gzip = gzip_new();

	gzip_add(gzip, (struct text){ constant->bare.data, constant->bare.length }, true,
		&constant->packed);
	gzip_free(gzip);
}

void constant_keep(struct constant *constant, enum constant_form form, struct buffer *text,
	const char *without_prefix)
{
	*constant = (struct constant){ .form = form, .bare = *text };
	*text = (struct buffer){ 0 };
	crypto_generichash(constant->hash, CONSTANT_HASH,
		(const unsigned char *)constant->bare.data, constant->bare.length, NULL, 0);
	keep_text(constant, without_prefix);
	if (constant->bare.length >= CODING_LEAST)
		pack(constant);
}

static void write_tag(const struct constant *constant, struct text prefix, char tag[TAG_SIZE])
{
	unsigned char hash[CONSTANT_HASH];

	crypto_generichash(hash, CONSTANT_HASH, (const unsigned char *)prefix.data, prefix.length,
		constant->hash, CONSTANT_HASH);
	sodium_bin2hex(tag, TAG_SIZE, hash, CONSTANT_HASH);
}

static void add_headers(
	struct request *request, const struct constant *constant, const char *tag, bool known)
{
	bool weak = known ? precondition_keeps_weak(request, text_of(tag)) : request->coding.applied;
	char quoted[sizeof("W/") + TAG_SIZE + 2];

	snprintf(quoted, sizeof(quoted), "%s\"%s\"", weak ? "W/" : "", tag);
	reply_headers(request, known ? forms[constant->form].known : forms[constant->form].usual);
	reply_header(request, "ETag", text_of(quoted));
}

static void add_body(struct request *request, const struct constant *constant, struct text prefix)
{
	struct evbuffer *output = evhttp_request_get_output_buffer(request->evhttp);
	const struct buffer *lent = request->coding.applied ? &constant->packed : &constant->bare;

	if (request->coding.applied)
		reply_header(request, "Content-Encoding", TEXT("gzip"));
	if (prefix.length == 0) {
		evbuffer_add_reference(output, lent->data, lent->length, NULL, NULL);
		return;
	}
	struct buffer filled =
		fill((struct text){ constant->text.data, constant->text.length }, prefix);
	reply_add_body(output, &filled);
	buffer_free(&filled);
}

void constant_reply(struct request *request, const struct constant *constant)
{
	struct text prefix = constant->text.length > 0 ? request->client.prefix : TEXT("");
	char tag[TAG_SIZE];

	write_tag(constant, prefix, tag);
	int status = precondition_check_tag(request, text_of(tag));
	if (status == 412) {
		request_refuse(request, 412, "The document is another one now.");
		return;
	}
	request->coding.applied = prefix.length == 0 && constant->packed.length > 0 &&
				  accept_allows_gzip(request->header[HEADER_ACCEPT_ENCODING]);
	add_headers(request, constant, tag, status == 304);
	if (status == 0)
		add_body(request, constant, prefix);
	reply_finish(request, status != 0 ? status : 200);
}

void constant_free(struct constant *constant)
{
	buffer_free(&constant->text);
	buffer_free(&constant->bare);
	buffer_free(&constant->packed);
}
