/*
 * Bodies on their way: who may send long ones, how long each may be, and how many bytes of them are
 * here at once. They lie in memory until their requests are answered. So nobody gets much of that
 * memory who has no session: until that is known of a body above 64 KiB the socket is not read. And
 * no account gets all of it, whatever it announces: what counts is what has come.
 */
#include "http/connection.h"

#include "base/memory.h"

#include <event2/bufferevent.h>
#include <stdlib.h>

#define MIB(n) ((uint64_t)(n) << 20)
#define LARGE_MAX MIB(256) /* where memory is no matter */
#define LARGE_MIN MIB(80)  /* the longest import, and something for the others */
#define SHARE_MAX MIB(64)
#define OTHERS_MIN MIB(16) /* that one account leaves to the others */
#define UNKNOWN_MAX MIB(64)
#define UNKNOWN_FREE ((uint64_t)4 << 10) /* of each of those this much does not count */
#define NO_ROOM "Too many large bodies are on their way."

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

bool connection_body_came(struct connection *connection)
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
