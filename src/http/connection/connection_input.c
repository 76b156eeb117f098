/*
 * What comes in on a connection: the parser sees it before evhttp does; what it rewrites is put in the
 * place of what came, and what it refuses is cut off.
 */
#include "http/connection.h"

#include "base/monotonic.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>

#define PIPELINED_MOST ((size_t)16 << 10) /* bytes that are read before their turn */
#define SPANS_MOST 8 /* that one read of the socket fills; libevent reads into four */

/*
 * Show the parser the bytes at the input's end; false where it refuses them. To get at them takes
 * the longer the more there is before them, which for each piece of a large body would be too long.
 */
static bool feed_parser(struct connection *connection, struct evbuffer *input, size_t added)
{
	struct evbuffer_iovec span[SPANS_MOST];
	struct evbuffer_ptr at;
	int spans;

	if (parser_skip(&connection->parser, added))
		return true;
	evbuffer_ptr_set(input, &at, evbuffer_get_length(input) - added, EVBUFFER_PTR_SET);
	spans = evbuffer_peek(input, (ev_ssize_t)added, &at, span, SPANS_MOST);
	assert(spans <= SPANS_MOST);
	for (int i = 0; i < spans && added > 0; i++) {
		size_t length = span[i].iov_len < added ? span[i].iov_len : added;
		if (!parser_feed(&connection->parser, span[i].iov_base, length))
			return false;
		added -= length;
	}
	return true;
}

/*
 * Put what the parser wants to go on to evhttp in the place of what came; end is where the input ends in
 * the stream. evhttp has not taken these bytes: it waits for the ends of lines. All is moved once, however
 * many places there are.
 */
static void make_edits(struct connection *connection, struct evbuffer *input, uint64_t end)
{
	struct http_parser *parser = &connection->parser;
	struct evbuffer *made = evbuffer_new();

	connection->cutting = true;
	for (size_t i = 0; i < parser->edit_count; i++) {
		const struct parser_edit *edit = &parser->edits[i];
		size_t length = evbuffer_get_length(input), rest = (size_t)(end - edit->at);
		assert(rest <= length);
		evbuffer_remove_buffer(input, made, length - rest);
		evbuffer_drain(input, edit->length);
		evbuffer_add(made, edit->with.at, edit->with.length);
	}
	evbuffer_prepend_buffer(input, made);
	connection->cutting = false;
	evbuffer_free(made);
	parser_clear_edits(parser);
}

/*
 * A chunk that ends where the input does would be moved to evhttp's request with all the memory that it
 * lies in, a kilobyte for one byte; where something stands behind it, it is copied. So the end of its
 * line goes on before it has come. evhttp takes the one that comes for an empty line, which it skips.
 */
static void end_chunk(struct connection *connection, struct evbuffer *input)
{
	struct http_parser *parser = &connection->parser;

	if (parser->state != PARSER_CHUNK_END || parser->line.length > 0)
		return;
	connection->cutting = true;
	evbuffer_add(input, "\r\n", 2);
	connection->cutting = false;
	parser->shift += 2;
}

/* The time that a request takes begins with its head, however long the body is on its way. */
static void note_head(struct connection *connection)
{
	const struct http_parser *parser = &connection->parser;
	bool in_body = parser->state != PARSER_REQUEST_LINE && parser->state != PARSER_HEADER;

	if (!in_body || connection->head_of == parser->requests + 1)
		return;
	connection->head_of = parser->requests + 1;
	connection->head_at = monotonic_ns();
}

uint64_t connection_head_came(const struct connection *connection, uint64_t now)
{
	bool known = connection != NULL && connection->head_of == connection->finished + 1;

	return known ? connection->head_at : now;
}

uint64_t connection_head_age(const struct connection *connection, uint64_t now)
{
	return connection->head_of == connection->parser.requests + 1 ? now - connection->head_at : 0;
}

static void input_watched(
	struct evbuffer *input, const struct evbuffer_cb_info *info, void *argument)
{
	struct connection *connection = argument;

	if (info->n_added == 0 || connection->cutting || connection->refused)
		return;
	connection->all->received += info->n_added;
	if (connection->idle)
		connection_stirs(connection);
	if (connection->question != NULL) /* evhttp has begun to read again */
		event_active(connection->later, 0, 0);
	bool passed = feed_parser(connection, input, info->n_added);
	if (connection->parser.edit_count > 0)
		make_edits(connection, input, connection->received + info->n_added);
	if (passed && connection_body_came(connection)) {
		end_chunk(connection, input);
		connection->received += info->n_added;
		note_head(connection);
		if (connection->waits && evbuffer_get_length(input) > PIPELINED_MOST)
			bufferevent_disable(connection->bev, EV_READ);
		return;
	}
	connection_cut(connection, info->n_added);
	bufferevent_disable(connection->bev, EV_READ);
	event_active(connection->later, 0, 0);
}

void connection_watch_input(struct connection *connection)
{
	connection->input_watch =
		evbuffer_add_cb(bufferevent_get_input(connection->bev), input_watched, connection);
}
