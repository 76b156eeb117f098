/*
 * What comes in on a connection. A callback on the evbuffer runs before evhttp reads it: it shows
 * the new bytes to the parser, makes the parser's edits, and cuts off what the parser refuses. The
 * earlier requests then get their replies before the refusal is sent.
 *
 * Bodies lie in memory until their requests are answered, so large ones are limited. A body above
 * 64 KiB needs a session: until the session's lookup is done, the socket is not read. The bytes
 * that have come (not those announced) are limited in all and by account. So are the bytes of
 * unfinished bodies whose sender is not known, in all: the oldest is refused first.
 */
#include "http/input.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "connection/body_shares.h"
#include "http/parser.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>

#define PIPELINED_MAX ((size_t)16 << 10) /* bytes that are read while a thread has a request */
#define SPANS_MAX 8 /* that one read of the socket fills; libevent fills four */
#define UNIDENTIFIED_FREE ((uint64_t)4 << 10) /* bytes of each such body that do not count */

/*
 * The lookup of a session, on its way to the store and back. Connection and request may end
 * meanwhile.
 */
struct session_lookup {
	struct connection *connection; /* NULL: it has closed */
	uint64_t request;	       /* its number */
};

static uint64_t body_limit_of(const struct connection *connection)
{
	const struct connections *all = connection->all;
	struct text method, target;

	parser_request_line(&connection->parser, &method, &target);
	return all->body_limit(all->owner, method, target);
}

static const char *header_or_null(const struct buffer *value)
{
	return value->length > 0 ? value->data : NULL;
}

/* Look up who sends this body. False if its headers name no session. */
static bool start_lookup(struct connection *connection)
{
	struct connections *all = connection->all;
	const struct http_parser *parser = &connection->parser;
	struct session_lookup *lookup = memory_zeroed(sizeof(*lookup));

	*lookup = (struct session_lookup){ connection, parser->requests };
	if (!all->start_lookup(all->owner, header_or_null(&parser->authorization),
		    header_or_null(&parser->cookie), lookup)) {
		free(lookup);
		return false;
	}
	connection->lookup = lookup;
	event_active(connection->deferred, 0, 0);
	return true;
}

bool connection_on_large_body(struct http_parser *parser)
{
	struct connection *connection = parser->owner;

	if (parser->body_limit == 0)
		parser->body_limit = body_limit_of(connection);
	if (parser->body_bytes > parser->body_limit)
		return parser_refuse(parser, 413, "The body is too long.");
	if (!body_share_has_room(connection, 1))
		return parser_refuse(parser, 503, BODY_NO_ROOM);
	if (!parser->admitted && connection->lookup == NULL && !start_lookup(connection))
		return parser_refuse(parser, 401, SESSION_NEEDED);
	return true;
}

/* So many bytes have come of an unfinished body whose sender is not known. */
static void count_unidentified(struct connection *connection, uint64_t bytes)
{
	struct connections *all = connection->all;

	if (bytes > 0 && connection->unidentified == 0)
		TAILQ_INSERT_TAIL(&all->unfinished, connection, unfinished_link);
	if (bytes == 0 && connection->unidentified > 0)
		TAILQ_REMOVE(&all->unfinished, connection, unfinished_link);
	all->unidentified += bytes - connection->unidentified;
	connection->unidentified = bytes;
}

/* Drop the refused request from the input, to which the last read has added so many bytes. */
static void truncate_input(struct connection *connection, size_t added)
{
	struct evbuffer *input = bufferevent_get_input(connection->bev);
	struct http_parser *parser = &connection->parser;
	size_t length = evbuffer_get_length(input);
	/* Its bytes as evhttp sees them; evhttp may have read the first of them already. */
	size_t refused = (size_t)(connection->received + added - parser->request_start) +
			 (size_t)parser->shift;
	size_t keep = length > refused ? length - refused : 0;
	struct evbuffer *kept = evbuffer_new();

	connection->editing = true;
	evbuffer_remove_buffer(input, kept, keep);
	evbuffer_drain(input, length);
	/* At its start, since libevent keeps its end frozen unless it has just read. */
	evbuffer_prepend_buffer(input, kept);
	connection->editing = false;
	evbuffer_free(kept);
	connection->received = parser->request_start;
	parser->shift = 0;
}

/* Refuse the current body; the earlier requests get their replies first. */
static void refuse(struct connection *connection, int status, const char *detail)
{
	count_unidentified(connection, 0);
	parser_refuse(&connection->parser, status, detail);
	if (connection_replies_pending(connection) > 0)
		truncate_input(connection, 0);
	event_active(connection->deferred, 0, 0);
}

/* Refuse the oldest unfinished bodies, so that the others can come to their end. */
static void drop_oldest(struct connection *connection)
{
	struct connections *all = connection->all;

	while (all->unidentified > all->limits.unidentified &&
		TAILQ_FIRST(&all->unfinished) != connection)
		refuse(TAILQ_FIRST(&all->unfinished), 503, BODY_NO_ROOM);
}

/* Bytes have come, perhaps of a body. False if they refuse it. */
static bool count_body(struct connection *connection)
{
	uint64_t bytes = parser_body_received(&connection->parser);

	if (connection->parser.admitted)
		return body_share_reserve(connection, bytes - connection->parser.body_reserved);
	count_unidentified(connection, bytes > UNIDENTIFIED_FREE ? bytes - UNIDENTIFIED_FREE : 0);
	drop_oldest(connection);
	return true;
}

/* While replies are pending, evhttp resumes reading itself. */
static void resume_reading(struct connection *connection)
{
	if (connection_replies_pending(connection) == 0)
		bufferevent_enable(connection->bev, EV_READ);
}

static void admit(struct connection *connection, int64_t account)
{
	struct http_parser *parser = &connection->parser;

	body_share_enter(connection, account);
	count_unidentified(connection, 0);
	parser->admitted = true;
	if (body_share_reserve(connection, parser_body_received(parser)))
		resume_reading(connection);
	else
		refuse(connection, 503, BODY_NO_ROOM);
}

static void apply_lookup(
	struct connection *connection, bool same_request, bool good, int64_t account)
{
	struct http_parser *parser = &connection->parser;

	if (connection->refused || parser->state == PARSER_REFUSED)
		return;
	if (!parser_is_large(parser)) {
		resume_reading(connection);
	} else if (!same_request) {
		if (!start_lookup(connection))
			refuse(connection, 401, SESSION_NEEDED);
	} else if (!good) {
		refuse(connection, 401, SESSION_NEEDED);
	} else {
		admit(connection, account);
	}
}

void connection_finish_lookup(struct session_lookup *lookup, bool good, int64_t account)
{
	struct connection *connection = lookup->connection;

	if (connection != NULL) {
		connection->lookup = NULL;
		apply_lookup(
			connection, lookup->request == connection->parser.requests, good, account);
	}
	free(lookup);
}

void connection_drop_body(struct connection *connection)
{
	count_unidentified(connection, 0);
	connection->parser.admitted = false;
	body_share_release(connection, 0);
	if (connection->lookup != NULL)
		connection->lookup->connection = NULL;
}

/*
 * Show the parser the bytes at the input's end; false if it refuses them. Finding the end of a long
 * input takes time, so bytes in the middle of a body are skipped.
 */
static bool feed_parser(struct connection *connection, struct evbuffer *input, size_t added)
{
	struct evbuffer_iovec span[SPANS_MAX];
	struct evbuffer_ptr at;
	int spans;

	if (parser_skip(&connection->parser, added))
		return true;
	evbuffer_ptr_set(input, &at, evbuffer_get_length(input) - added, EVBUFFER_PTR_SET);
	spans = evbuffer_peek(input, (ev_ssize_t)added, &at, span, SPANS_MAX);
	assert(spans <= SPANS_MAX);
	for (int i = 0; i < spans && added > 0; i++) {
		size_t length = span[i].iov_len < added ? span[i].iov_len : added;
		if (!parser_feed(&connection->parser, span[i].iov_base, length))
			return false;
		added -= length;
	}
	return true;
}

/*
 * Make the parser's edits in the input, which ends at end in the stream. evhttp has not read these
 * bytes yet, since it waits for the ends of lines. All bytes are moved once, however many edits
 * there are.
 */
static void make_edits(struct connection *connection, struct evbuffer *input, uint64_t end)
{
	struct http_parser *parser = &connection->parser;
	struct evbuffer *made = evbuffer_new();

	connection->editing = true;
	for (size_t i = 0; i < parser->edit_count; i++) {
		const struct parser_edit *edit = &parser->edits[i];
		size_t length = evbuffer_get_length(input), rest = (size_t)(end - edit->at);
		assert(rest <= length);
		evbuffer_remove_buffer(input, made, length - rest);
		evbuffer_drain(input, edit->length);
		evbuffer_add(made, edit->with.data, edit->with.length);
	}
	evbuffer_prepend_buffer(input, made);
	connection->editing = false;
	evbuffer_free(made);
	parser_clear_edits(parser);
}

/*
 * Where a chunk's data ends the input, evhttp would take over the memory block that it lies in, a
 * kilobyte for one byte; where more follows, evhttp copies the data. So the CR LF after the data is
 * added before it comes. The one that comes is an empty line to evhttp, which skips it.
 */
static void end_chunk_early(struct connection *connection, struct evbuffer *input)
{
	struct http_parser *parser = &connection->parser;

	if (parser->state != PARSER_CHUNK_END || parser->line.length > 0)
		return;
	connection->editing = true;
	evbuffer_add(input, "\r\n", 2);
	connection->editing = false;
	parser->shift += 2;
}

/* A request's duration begins with its head, also if the body takes time to come. */
static void note_head(struct connection *connection)
{
	const struct http_parser *parser = &connection->parser;
	bool in_body = parser->state != PARSER_REQUEST_LINE && parser->state != PARSER_HEADER;

	if (!in_body || connection->head_request == parser->requests + 1)
		return;
	connection->head_request = parser->requests + 1;
	connection->head_ns = monotonic_ns();
}

/* The evbuffer's callback. */
static void input_watched(
	struct evbuffer *input, const struct evbuffer_cb_info *info, void *argument)
{
	struct connection *connection = argument;

	if (info->n_added == 0 || connection->editing || connection->refused)
		return;
	connection->all->received += info->n_added;
	if (connection->idle)
		connection_mark_active(connection);
	if (connection->lookup != NULL) /* evhttp has resumed reading: stop it */
		event_active(connection->deferred, 0, 0);
	bool passed = feed_parser(connection, input, info->n_added);
	if (connection->parser.edit_count > 0)
		make_edits(connection, input, connection->received + info->n_added);
	if (passed && count_body(connection)) {
		end_chunk_early(connection, input);
		connection->received += info->n_added;
		note_head(connection);
		if (connection->suspended && evbuffer_get_length(input) > PIPELINED_MAX)
			bufferevent_disable(connection->bev, EV_READ);
		return;
	}
	truncate_input(connection, info->n_added);
	bufferevent_disable(connection->bev, EV_READ);
	event_active(connection->deferred, 0, 0);
}

void connection_watch_input(struct connection *connection)
{
	connection->input_watch =
		evbuffer_add_cb(bufferevent_get_input(connection->bev), input_watched, connection);
}
