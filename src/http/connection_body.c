/*
 * Bodies that are longer than an ordinary one: who may send them, how long each may be, and how
 * many bytes of them are here at once. They lie in memory until their requests are answered, so
 * that nobody gets any of that memory who has no session: until that is known the socket is not
 * read.
 */
#include "connection.h"

#include "base/memory.h"
#include "session.h"

#include <event2/bufferevent.h>
#include <stdlib.h>

#define LARGE_MOST ((uint64_t)256 << 20) /* over all connections */
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

	wire_asked(&connection->wire, &method, &target);
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
	const struct wire *wire = &connection->wire;
	struct question *question = memory_zeroed(sizeof(*question));

	*question = (struct question){ connection, wire->requests };
	if (!all->ask(all->owner, header_of(&wire->authorization), header_of(&wire->cookie),
		    question)) {
		free(question);
		return false;
	}
	connection->question = question;
	event_active(connection->later, 0, 0);
	return true;
}

static bool has_room(const struct connection *connection)
{
	uint64_t more = connection->wire.body_bytes - connection->wire.held;

	return more <= LARGE_MOST - connection->all->held;
}

/* Account for the whole of the body, as far as it is announced. */
static void hold(struct connection *connection)
{
	uint64_t more = connection->wire.body_bytes - connection->wire.held;

	connection->all->held += more;
	connection->held += more;
	connection->wire.held += more;
}

bool connection_body_grows(struct wire *wire)
{
	struct connection *connection = wire->owner;

	if (wire->granted == 0)
		wire->granted = most_of(connection);
	if (wire->body_bytes > wire->granted)
		return wire_refuse(wire, 413, "The body is too long.");
	if (!has_room(connection))
		return wire_refuse(wire, 503, NO_ROOM);
	if (wire->admitted)
		hold(connection);
	else if (connection->question == NULL && !ask(connection))
		return wire_refuse(wire, 401, SESSION_NEEDED);
	return true;
}

/* Refuse the body that is on its way, once what came before it is answered. */
static void refuse(struct connection *connection, int status, const char *detail)
{
	wire_refuse(&connection->wire, status, detail);
	if (connection_owes(connection) > 0)
		connection_cut(connection, 0);
	event_active(connection->later, 0, 0);
}

/* evhttp reads on by itself once it has answered what came before. */
static void go_on(struct connection *connection)
{
	if (connection_owes(connection) == 0)
		bufferevent_enable(connection->bev, EV_READ);
}

static void take_answer(struct connection *connection, bool same_request, bool good)
{
	struct wire *wire = &connection->wire;

	if (connection->refused || wire->state == WIRE_REFUSED)
		return;
	if (!wire_is_large(wire)) {
		go_on(connection);
	} else if (!same_request) {
		if (!ask(connection))
			refuse(connection, 401, SESSION_NEEDED);
	} else if (!good) {
		refuse(connection, 401, SESSION_NEEDED);
	} else if (!has_room(connection)) {
		refuse(connection, 503, NO_ROOM);
	} else {
		wire->admitted = true;
		hold(connection);
		go_on(connection);
	}
}

void connection_answer(struct question *question, bool good)
{
	struct connection *connection = question->connection;

	if (connection != NULL) {
		connection->question = NULL;
		take_answer(connection, question->request == connection->wire.requests, good);
	}
	free(question);
}

void connection_forget_question(struct connection *connection)
{
	if (connection->question != NULL)
		connection->question->connection = NULL;
}

void connection_release(struct connection *connection, uint64_t kept)
{
	connection->all->held -= connection->held - kept;
	connection->held = kept;
}
