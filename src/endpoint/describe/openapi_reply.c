/*
 * The API's description as a reply. It is the same as long as the program runs, but for the prefix
 * that a proxy's clients see: the long part is written once, when it is first asked for, and then
 * lent to each reply.
 */
#include "describe/openapi.h"

#include "access/admission.h"
#include "http/reply.h"
#include "refuse.h"
#include "serving.h"

#include <event2/buffer.h>
#include <sodium.h>
#include <stdio.h>

#define TAG_BYTES 16

static const struct buffer *rest_of(struct server *server)
{
	if (server->openapi.length == 0)
		server->openapi = openapi_write_rest(server->router);
	return &server->openapi;
}

/* The tag of both parts together, without quotes. */
static void make_tag(
	const struct buffer *head, const struct buffer *rest, char tag[2 * TAG_BYTES + 1])
{
	unsigned char hash[TAG_BYTES];
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	crypto_generichash_update(&state, (const unsigned char *)head->data, head->length);
	crypto_generichash_update(&state, (const unsigned char *)rest->data, rest->length);
	crypto_generichash_final(&state, hash, sizeof(hash));
	sodium_bin2hex(tag, 2 * TAG_BYTES + 1, hash, sizeof(hash));
}

/* With the type first, or of a 304, which has none, without it. */
static void add_headers(struct request *request, const char *tag, bool known)
{
	char block[1024];

	snprintf(block, sizeof(block), "%s\r\nETag: \"%s\"", known ? EMPTY_HEADERS : JSON_HEADERS,
		tag);
	reply_headers(request, known ? "Access-Control-Allow-Origin" : "Content-Type", block);
}

void request_reply_openapi(struct request *request)
{
	struct evbuffer *output = evhttp_request_get_output_buffer(request->evhttp);
	const struct buffer *rest = rest_of(request->server);
	struct buffer head = openapi_write_head(request->prefix);
	char tag[2 * TAG_BYTES + 1];

	make_tag(&head, rest, tag);
	int status = admission_condition_of(request, text_of(tag));
	if (status == 412) {
		reply_problem(request, 412, "The description is another one now.");
	} else {
		add_headers(request, tag, status == 304);
		if (status == 0) {
			reply_add_body(output, &head);
			evbuffer_add_reference(output, rest->data, rest->length, NULL, NULL);
		}
		reply_finish(request, status != 0 ? status : 200);
	}
	buffer_free(&head);
}
