/*
 * Bodies on their way: who may send long ones, how long each may be, and how many bytes of them are
 * here at once. They lie in memory until their requests are answered. So nobody gets much of that
 * memory who has no session: until that is known of a body above 64 KiB the socket is not read. And
 * no account gets all of it, whatever it announces: what counts is what has come.
 */
#include "http/input.h"

#include "base/memory.h"
#include "base/monotonic.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>

#define PIPELINED_MOST ((size_t)16 << 10) /* bytes that are read before their turn */
#define SPANS_MOST 8 /* that one read of the socket fills; libevent reads into four */
#define MIB(n) ((uint64_t)(n) << 20)
#define LARGE_MAX MIB(256) /* where memory is no matter */
#define LARGE_MIN MIB(80)  /* the longest import, and something for the others */
#define SHARE_MAX MIB(64)
#define OTHERS_MIN MIB(16) /* that one account leaves to the others */
#define UNKNOWN_MAX MIB(64)
#define UNKNOWN_FREE ((uint64_t)4 << 10) /* of each of those this much does not count */
#define NO_ROOM "Too many large bodies are on their way."

struct body_share {
	struct body_share *next;
	int64_t account;
	uint64_t held;	  /* bytes; whoever holds them adds and subtracts */
	unsigned holders; /* connections that have this share */
};

static struct body_share **bucket_of(struct body_shares *shares, int64_t account)
{
	return &shares->bucket[(uint64_t)account % BODY_SHARE_BUCKETS];
}

static struct body_share *body_shares_enter(struct body_shares *shares, int64_t account)
{
	struct body_share **bucket = bucket_of(shares, account);
	struct body_share *share = *bucket;

	while (share != NULL && share->account != account)
		share = share->next;
	if (share == NULL) {
		share = memory_zeroed(sizeof(*share));
		share->account = account;
		share->next = *bucket;
		*bucket = share;
	}
	share->holders++;
	return share;
}

static void body_shares_leave(struct body_shares *shares, struct body_share *share)
{
	struct body_share **at = bucket_of(shares, share->account);

	if (--share->holders > 0)
		return;
	assert(share->held == 0);
	while (*at != share)
		at = &(*at)->next;
	*at = share->next;
	free(share);
}

/* It is on its way to the store and back; the connection may go meanwhile, or the request. */
struct question {
	struct connection *connection; /* NULL: gone */
	uint64_t request;
};

static uint64_t most_of(const struct connection *connection)
{
	const struct connections *all = connection->all;
	struct text method, target;

	parser_request_line(&connection->parser, &method, &target);
	return all->body_most(all->owner, method, target);
}

static const char *header_of(const struct buffer *value)
{
	return value->length > 0 ? value->data : NULL;
}

/* Ask who sends this body; false where nobody is named. */
static bool ask(struct connection *connection)
{
	struct connections *all = connection->all;
	const struct http_parser *parser = &connection->parser;
	struct question *question = memory_zeroed(sizeof(*question));

	*question = (struct question){ connection, parser->requests };
	if (!all->ask(all->owner, header_of(&parser->authorization), header_of(&parser->cookie),
		    question)) {
		free(question);
		return false;
	}
	connection->question = question;
	event_active(connection->later, 0, 0);
	return true;
}

static uint64_t between(uint64_t least, uint64_t bytes, uint64_t most)
{
	return bytes < least ? least : bytes < most ? bytes : most;
}

struct byte_limits connection_byte_limits(uint64_t memory)
{
	uint64_t large = between(LARGE_MIN, memory / 8, LARGE_MAX);

	return (struct byte_limits){ .large = large,
		.share = between(0, large - OTHERS_MIN, SHARE_MAX),
		.unknown = between(MIB(1), memory / 16, UNKNOWN_MAX),
		.unsent = between(MIB(1), memory / 8, LARGE_MAX) };
}

/* Whether there is room for so many bytes more, in all and in the account's share. */
static bool has_room(const struct connection *connection, uint64_t more)
{
	const struct body_share *share = connection->parser.admitted ? connection->share : NULL;

	const struct byte_limits *limits = &connection->all->limits;

	return connection->all->held + more <= limits->large &&
	       (share == NULL || share->held + more <= limits->share);
}

bool connection_body_grows(struct http_parser *parser)
{
	struct connection *connection = parser->owner;

	if (parser->body_limit == 0)
		parser->body_limit = most_of(connection);
	if (parser->body_bytes > parser->body_limit)
		return parser_refuse(parser, 413, "The body is too long.");
	if (!has_room(connection, 1))
		return parser_refuse(parser, 503, NO_ROOM);
	if (!parser->admitted && connection->question == NULL && !ask(connection))
		return parser_refuse(parser, 401, SESSION_NEEDED);
	return true;
}

/* The account's share takes what has come of its body. */
static bool hold(struct connection *connection, uint64_t more)
{
	if (!has_room(connection, more))
		return parser_refuse(&connection->parser, 503, NO_ROOM);
	connection->all->held += more;
	connection->share->held += more;
	connection->held += more;
	connection->parser.body_reserved += more;
	return true;
}

/* Bytes of an unfinished body of which nobody knows who sends it. */
static void count_unknown(struct connection *connection, uint64_t bytes)
{
	struct connections *all = connection->all;

	if (bytes > 0 && connection->unknown == 0)
		TAILQ_INSERT_TAIL(&all->unfinished, connection, unfinished_link);
	if (bytes == 0 && connection->unknown > 0)
		TAILQ_REMOVE(&all->unfinished, connection, unfinished_link);
	all->unknown += bytes - connection->unknown;
	connection->unknown = bytes;
}

/* Leave in the input what came before the refused request, and nothing else. */
static void connection_cut(struct connection *connection, size_t added)
{
	struct evbuffer *input = bufferevent_get_input(connection->bev);
	struct http_parser *parser = &connection->parser;
	size_t length = evbuffer_get_length(input);
	/* Of the refused request, as evhttp sees it; it may have taken the first of them. */
	size_t refused =
		(size_t)(connection->received + added - parser->request_start) + (size_t)parser->shift;
	size_t keep = length > refused ? length - refused : 0;
	struct evbuffer *kept = evbuffer_new();

	connection->cutting = true;
	evbuffer_remove_buffer(input, kept, keep);
	evbuffer_drain(input, length);
	/* At its start, since libevent has frozen its end, but where it has just read. */
	evbuffer_prepend_buffer(input, kept);
	connection->cutting = false;
	evbuffer_free(kept);
	connection->received = parser->request_start;
	parser->shift = 0;
}

/* Refuse the body that is on its way, once what came before it is answered. */
static void refuse(struct connection *connection, int status, const char *detail)
{
	count_unknown(connection, 0);
	parser_refuse(&connection->parser, status, detail);
	if (connection_owes(connection) > 0)
		connection_cut(connection, 0);
	event_active(connection->later, 0, 0);
}

/* Those that have been on their way for longest give way, so that who comes to an end is let. */
static void make_room(struct connection *connection)
{
	struct connections *all = connection->all;

	while (all->unknown > all->limits.unknown && TAILQ_FIRST(&all->unfinished) != connection)
		refuse(TAILQ_FIRST(&all->unfinished), 503, NO_ROOM);
}

static bool connection_body_came(struct connection *connection)
{
	uint64_t bytes = parser_body_received(&connection->parser);

	if (connection->parser.admitted)
		return hold(connection, bytes - connection->parser.body_reserved);
	count_unknown(connection, bytes > UNKNOWN_FREE ? bytes - UNKNOWN_FREE : 0);
	make_room(connection);
	return true;
}

/* evhttp reads on by itself once it has answered what came before. */
static void go_on(struct connection *connection)
{
	if (connection_owes(connection) == 0)
		bufferevent_enable(connection->bev, EV_READ);
}

static void leave_share(struct connection *connection)
{
	if (connection->share != NULL)
		body_shares_leave(&connection->all->shares, connection->share);
	connection->share = NULL;
}

/* What the connection holds already, of an earlier request of perhaps another account, goes along. */
static void enter_share(struct connection *connection, int64_t account)
{
	struct body_share *share = body_shares_enter(&connection->all->shares, account);

	if (connection->share != NULL)
		connection->share->held -= connection->held;
	leave_share(connection);
	share->held += connection->held;
	connection->share = share;
}

static void admit(struct connection *connection, int64_t account)
{
	struct http_parser *parser = &connection->parser;

	enter_share(connection, account);
	count_unknown(connection, 0);
	parser->admitted = true;
	if (hold(connection, parser_body_received(parser)))
		go_on(connection);
	else
		refuse(connection, 503, NO_ROOM);
}

static void take_answer(
	struct connection *connection, bool same_request, bool good, int64_t account)
{
	struct http_parser *parser = &connection->parser;

	if (connection->refused || parser->state == PARSER_REFUSED)
		return;
	if (!parser_is_large(parser)) {
		go_on(connection);
	} else if (!same_request) {
		if (!ask(connection))
			refuse(connection, 401, SESSION_NEEDED);
	} else if (!good) {
		refuse(connection, 401, SESSION_NEEDED);
	} else {
		admit(connection, account);
	}
}

void connection_answer(struct question *question, bool good, int64_t account)
{
	struct connection *connection = question->connection;

	if (connection != NULL) {
		connection->question = NULL;
		take_answer(
			connection, question->request == connection->parser.requests, good, account);
	}
	free(question);
}

void connection_release(struct connection *connection, uint64_t kept)
{
	uint64_t less = connection->held - kept;

	connection->all->held -= less;
	connection->held = kept;
	if (connection->share != NULL)
		connection->share->held -= less;
	if (kept == 0 && !connection->parser.admitted)
		leave_share(connection);
}

void connection_body_ends(struct connection *connection)
{
	count_unknown(connection, 0);
	connection->parser.admitted = false;
	connection_release(connection, 0);
	if (connection->question != NULL)
		connection->question->connection = NULL;
}

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
