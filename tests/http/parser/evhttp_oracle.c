/* evhttp, alone and lenient, beside the strict reader. */
#include "evhttp_oracle.h"

#include "check_main.h"
#include "loop.h"
#include "feed.h"
#include "plain_reading.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/queue.h>

#define ALL_METHODS 0xffff
#define LAST "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static struct {
	struct event_base *base;
	struct evhttp *http;
	struct sockaddr_in address;
	unsigned requests; /* before the last */
	bool last;
	unsigned closed;
	struct buffer replies;
	struct buffer seen; /* of each request: as wire_read_plainly() says it */
} hall;

static const char *method_of(struct evhttp_request *request)
{
	static const struct {
		enum evhttp_cmd_type type;
		const char *name;
	} names[] = { { EVHTTP_REQ_GET, "GET" }, { EVHTTP_REQ_HEAD, "HEAD" },
		{ EVHTTP_REQ_POST, "POST" }, { EVHTTP_REQ_PUT, "PUT" },
		{ EVHTTP_REQ_PATCH, "PATCH" }, { EVHTTP_REQ_DELETE, "DELETE" },
		{ EVHTTP_REQ_OPTIONS, "OPTIONS" } };

	for (size_t i = 0; i < CHECK_COUNT(names); i++)
		if (names[i].type == evhttp_request_get_command(request))
			return names[i].name;
	return "another method";
}

static void note_request(struct evhttp_request *request)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(request);
	size_t length = evbuffer_get_length(body);
	const struct evkeyval *header;

	buffer_add_format(
		&hall.seen, "%s %s\n", method_of(request), evhttp_request_get_uri(request));
	TAILQ_FOREACH (header, evhttp_request_get_input_headers(request), next)
		buffer_add_format(&hall.seen, "%s: %s\n", header->key, header->value);
	buffer_add_text(&hall.seen, TEXT("\n["));
	evbuffer_remove(body, buffer_reserve(&hall.seen, length), length);
	hall.seen.length += length;
	buffer_add_text(&hall.seen, TEXT("]\n"));
}

static void request_came(struct evhttp_request *request, void *unused)
{
	(void)unused;
	if (strcmp(evhttp_request_get_uri(request), "/last") == 0) {
		hall.last = true;
	} else {
		hall.requests++;
		note_request(request);
	}
	evhttp_send_reply(request, 200, "OK", NULL);
}

void wire_hall_open(void)
{
	struct evhttp_bound_socket *bound;
	socklen_t size = sizeof(hall.address);

	memset(&hall, 0, sizeof(hall));
	hall.base = event_base_new();
	hall.http = evhttp_new(hall.base);
	evhttp_set_allowed_methods(hall.http, ALL_METHODS);
	evhttp_set_gencb(hall.http, request_came, NULL);
	bound = evhttp_bind_socket_with_handle(hall.http, "127.0.0.1", 0);
	ck_assert_ptr_nonnull(bound);
	ck_assert_int_eq(getsockname(evhttp_bound_socket_get_fd(bound),
				 (struct sockaddr *)(void *)&hall.address, &size),
		0);
}

void wire_hall_close(void)
{
	evhttp_free(hall.http);
	event_base_free(hall.base);
}

static void replies_came(struct bufferevent *client, void *unused)
{
	struct evbuffer *input = bufferevent_get_input(client);
	size_t length = evbuffer_get_length(input);

	(void)unused;
	evbuffer_remove(input, buffer_reserve(&hall.replies, length), length);
	hall.replies.length += length;
}

static void client_closed(struct bufferevent *client, short what, void *unused)
{
	(void)client;
	(void)unused;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		hall.closed = 1;
}

/* Send a stream and one more request to evhttp, and wait until it closes the connection. */
static void show_evhttp(struct text stream)
{
	struct bufferevent *client = bufferevent_socket_new(hall.base, -1, BEV_OPT_CLOSE_ON_FREE);

	hall.requests = 0;
	hall.last = false;
	hall.closed = 0;
	hall.replies.length = 0;
	hall.seen.length = 0;
	bufferevent_setcb(client, replies_came, NULL, client_closed, NULL);
	bufferevent_enable(client, EV_READ);
	bufferevent_write(client, stream.at, stream.length);
	bufferevent_write(client, LAST, strlen(LAST));
	bufferevent_socket_connect(
		client, (struct sockaddr *)(void *)&hall.address, sizeof(hall.address));
	CHECK_THAT(loop_until(hall.base, &hall.closed, 1), "evhttp waits for more: %s",
		wire_shown(stream));
	bufferevent_free(client);
}

/* Each status that evhttp sent is the 200 of the handler above, or 100. */
static void check_replies(struct text stream)
{
	static const char version[] = "HTTP/1.";
	char *replies, *reply;

	buffer_add(&hall.replies, "", 1);
	replies = hall.replies.data;
	for (reply = strstr(replies, version); reply != NULL; reply = strstr(reply + 1, version)) {
		const char *status = reply + strlen("HTTP/1.1 ");

		CHECK_THAT(strncmp(status, "200", 3) == 0 || strncmp(status, "100", 3) == 0,
			"evhttp answers by itself: %.40s\nto %s", reply, wire_shown(stream));
	}
}

/* Whether a word is anywhere in the stream, whatever its case. */
static bool has_word(struct text stream, struct text word)
{
	for (size_t at = 0; at + word.length <= stream.length; at++)
		if (text_equal_nocase((struct text){ stream.at + at, word.length }, word))
			return true;
	return false;
}

/* Behind HTTP/1.0, absolute-form and "Connection: close" evhttp closes the connection. */
static bool closes_early(struct text stream)
{
	return has_word(stream, TEXT("HTTP/1.0")) || has_word(stream, TEXT("://")) ||
	       has_word(stream, TEXT("close"));
}

/* Each request that evhttp sees says what it said when it came, and so does the reader's record. */
static void check_meaning(struct text stream, const struct buffer *methods)
{
	struct buffer said = { 0 }, asked = { 0 };

	wire_read_plainly(stream, &said, &asked);
	CHECK_THAT(hall.seen.length == said.length || closes_early(stream),
		"evhttp sees more, or less: %s", wire_shown(stream));
	CHECK_THAT(hall.seen.length <= said.length &&
			   memcmp(hall.seen.data, said.data, hall.seen.length) == 0,
		"evhttp sees something else:\n%.*s\nnot\n%.*s", (int)hall.seen.length,
		hall.seen.data, (int)said.length, said.data);
	CHECK_THAT(methods->length == asked.length &&
			   memcmp(methods->data, asked.data, asked.length) == 0,
		"the reader has other methods: %s", wire_shown(stream));
	buffer_free(&said);
	buffer_free(&asked);
}

void wire_hall_check(struct text stream, unsigned requests)
{
	struct buffer onward = { 0 }, methods = { 0 };

	wire_onward(stream, &onward, &methods);
	show_evhttp((struct text){ onward.data, onward.length });
	check_replies(stream);
	if (closes_early(stream))
		CHECK_THAT(hall.requests <= requests && hall.requests > 0,
			"evhttp sees %u requests, not %u: %s", hall.requests, requests,
			wire_shown(stream));
	else
		CHECK_THAT(hall.requests == requests && hall.last,
			"evhttp sees %u requests, not %u, and the last: %d: %s", hall.requests,
			requests, hall.last, wire_shown(stream));
	check_meaning(stream, &methods);
	buffer_free(&hall.replies);
	buffer_free(&hall.seen);
	buffer_free(&onward);
	buffer_free(&methods);
}
