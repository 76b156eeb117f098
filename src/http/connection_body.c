/*
 * Bodies that are longer than an ordinary one: how long each may be, and how many bytes of them
 * are here at once. They lie in memory until their requests are answered.
 */
#include "connection.h"

#define LARGE_MOST ((uint64_t)256 << 20) /* over all connections */

static uint64_t most_of(const struct connection *connection)
{
	const struct connections *all = connection->all;
	struct text method, target;

	wire_asked(&connection->wire, &method, &target);
	return all->body_most(all->owner, method, target);
}

/* Account for the whole of the body, as far as it is announced; false where that is too much. */
static bool hold(struct connection *connection)
{
	struct connections *all = connection->all;
	uint64_t more = connection->wire.body_bytes - connection->wire.held;

	if (more > LARGE_MOST - all->held)
		return false;
	all->held += more;
	connection->held += more;
	connection->wire.held += more;
	return true;
}

bool connection_body_grows(struct wire *wire)
{
	struct connection *connection = wire->owner;

	if (wire->granted == 0)
		wire->granted = most_of(connection);
	if (wire->body_bytes > wire->granted)
		return wire_refuse(wire, 413, "The body is too long.");
	if (!hold(connection))
		return wire_refuse(wire, 503, "Too many large bodies are on their way.");
	return true;
}

void connection_release(struct connection *connection, uint64_t kept)
{
	connection->all->held -= connection->held - kept;
	connection->held = kept;
}
