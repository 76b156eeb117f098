/* evhttp as it is, lenient, to compare with the strict parser. */
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
	struct buffer seen; /* of each request: as read_plainly() says it */
} oracle;

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
		&oracle.seen, "%s %s\n", method_of(request), evhttp_request_get_uri(request));
	TAILQ_FOREACH (header, evhttp_request_get_input_headers(request), next)
		buffer_add_format(&oracle.seen, "%s: %s\n", header->key, header->value);
	buffer_add_text(&oracle.seen, TEXT("\n["));
	evbuffer_remove(body, buffer_reserve(&oracle.seen, length), length);
	oracle.seen.length += length;
	buffer_add_text(&oracle.seen, TEXT("]\n"));
}

static void request_came(struct evhttp_request *request, void *unused)
{
	(void)unused;
	if (strcmp(evhttp_request_get_uri(request), "/last") == 0) {
		oracle.last = true;
	} else {
		oracle.requests++;
		note_request(request);
	}
	evhttp_send_reply(request, 200, "OK", NULL);
}

void evhttp_oracle_open(void)
{
	struct evhttp_bound_socket *bound;
	socklen_t size = sizeof(oracle.address);

	memset(&oracle, 0, sizeof(oracle));
	oracle.base = event_base_new();
	oracle.http = evhttp_new(oracle.base);
	evhttp_set_allowed_methods(oracle.http, ALL_METHODS);
	evhttp_set_gencb(oracle.http, request_came, NULL);
	bound = evhttp_bind_socket_with_handle(oracle.http, "127.0.0.1", 0);
	ck_assert_ptr_nonnull(bound);
	ck_assert_int_eq(getsockname(evhttp_bound_socket_get_fd(bound),
				 (struct sockaddr *)(void *)&oracle.address, &size),
		0);
}

void evhttp_oracle_close(void)
{
	evhttp_free(oracle.http);
	event_base_free(oracle.base);
}

static void replies_came(struct bufferevent *client, void *unused)
{
	struct evbuffer *input = bufferevent_get_input(client);
	size_t length = evbuffer_get_length(input);

	(void)unused;
	evbuffer_remove(input, buffer_reserve(&oracle.replies, length), length);
	oracle.replies.length += length;
}

static void client_closed(struct bufferevent *client, short what, void *unused)
{
	(void)client;
	(void)unused;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		oracle.closed = 1;
}

/* Send a stream and one more request to evhttp, and wait until it closes the connection. */
static void show_evhttp(struct text stream)
{
	struct bufferevent *client = bufferevent_socket_new(oracle.base, -1, BEV_OPT_CLOSE_ON_FREE);

	oracle.requests = 0;
	oracle.last = false;
	oracle.closed = 0;
	oracle.replies.length = 0;
	oracle.seen.length = 0;
	bufferevent_setcb(client, replies_came, NULL, client_closed, NULL);
	bufferevent_enable(client, EV_READ);
	bufferevent_write(client, stream.data, stream.length);
	bufferevent_write(client, LAST, strlen(LAST));
	bufferevent_socket_connect(
		client, (struct sockaddr *)(void *)&oracle.address, sizeof(oracle.address));
	CHECK_THAT(loop_until(oracle.base, &oracle.closed, 1), "evhttp waits for more: %s",
		feed_shown(stream));
	bufferevent_free(client);
}

/* Each status that evhttp sent is the 200 of the handler above, or 100. */
static void check_replies(struct text stream)
{
	static const char version[] = "HTTP/1.";
	char *replies, *reply;

	buffer_add(&oracle.replies, "", 1);
	replies = oracle.replies.data;
	for (reply = strstr(replies, version); reply != NULL; reply = strstr(reply + 1, version)) {
		const char *status = reply + strlen("HTTP/1.1 ");

		CHECK_THAT(strncmp(status, "200", 3) == 0 || strncmp(status, "100", 3) == 0,
			"evhttp answers by itself: %.40s\nto %s", reply, feed_shown(stream));
	}
}

/* Whether a word is anywhere in the stream, in any case. */
static bool has_word(struct text stream, struct text word)
{
	for (size_t at = 0; at + word.length <= stream.length; at++)
		if (text_equal_nocase((struct text){ stream.data + at, word.length }, word))
			return true;
	return false;
}

/* After HTTP/1.0, absolute-form and "Connection: close" evhttp closes the connection. */
static bool closes_early(struct text stream)
{
	return has_word(stream, TEXT("HTTP/1.0")) || has_word(stream, TEXT("://")) ||
	       has_word(stream, TEXT("close"));
}

/* Each request means the same to evhttp and to a plain reading, and has the parser's method. */
static void check_meaning(struct text stream, const struct buffer *methods)
{
	struct buffer said = { 0 }, asked = { 0 };

	read_plainly(stream, &said, &asked);
	CHECK_THAT(oracle.seen.length == said.length || closes_early(stream),
		"evhttp sees more, or less: %s", feed_shown(stream));
	CHECK_THAT(oracle.seen.length <= said.length &&
			   memcmp(oracle.seen.data, said.data, oracle.seen.length) == 0,
		"evhttp sees something else:\n%.*s\nnot\n%.*s", (int)oracle.seen.length,
		oracle.seen.data, (int)said.length, said.data);
	CHECK_THAT(methods->length == asked.length &&
			   memcmp(methods->data, asked.data, asked.length) == 0,
		"the parser has other methods: %s", feed_shown(stream));
	buffer_free(&said);
	buffer_free(&asked);
}

void evhttp_oracle_check(struct text stream, unsigned requests)
{
	struct buffer onward = { 0 }, methods = { 0 };

	feed_onward(stream, &onward, &methods);
	show_evhttp((struct text){ onward.data, onward.length });
	check_replies(stream);
	if (closes_early(stream))
		CHECK_THAT(oracle.requests <= requests && oracle.requests > 0,
			"evhttp sees %u requests, not %u: %s", oracle.requests, requests,
			feed_shown(stream));
	else
		CHECK_THAT(oracle.requests == requests && oracle.last,
			"evhttp sees %u requests, not %u, and the last: %d: %s", oracle.requests,
			requests, oracle.last, feed_shown(stream));
	check_meaning(stream, &methods);
	buffer_free(&oracle.replies);
	buffer_free(&oracle.seen);
	buffer_free(&onward);
	buffer_free(&methods);
}
