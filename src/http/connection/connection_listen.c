/*
 * How many connections there may be. Where there is no place for one more, the one that has been
 * idle for longest gives way, so that those who only hold connections lock nobody out; where none
 * is idle the listener rests, and newcomers wait in the kernel.
 */
#include "http/connection.h"

#include "base/log.h"
#include "base/monotonic.h"
#include "base/network.h"

#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define FILES_KEPT 48	     /* for the database, its log, and what the libraries open */
#define IDLE_LEAST 1	     /* seconds that a connection may be idle whoever waits */
#define AGAIN_MS 100	     /* from one accept() that failed to the next */
#define COMPLAINT_SECONDS 60 /* from one line in the log to the next */

/* evhttp makes itself the listener's argument, also for the callback about errors. */
static struct connections *listening;

static unsigned most_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur > UINT_MAX)
		return UINT_MAX;
	return files.rlim_cur > FILES_KEPT ? (unsigned)files.rlim_cur - FILES_KEPT : 1;
}

static bool is_full(const struct connections *all)
{
	return all->count >= all->most;
}

bool connections_are_crowded(const struct connections *all)
{
	return is_full(all) && TAILQ_EMPTY(&all->idle);
}

static void listen_or_rest(struct connections *all)
{
	bool listen = !is_full(all) && !all->starved;

	if (listen == all->listening || all->draining)
		return;
	all->listening = listen;
	if (listen)
		evconnlistener_enable(all->listener);
	else
		evconnlistener_disable(all->listener);
}

/* Close the longest idle one; but nobody is sent away who has only just come, or only just asked. */
static void close_idle(struct connections *all)
{
	struct connection *longest = TAILQ_FIRST(&all->idle);

	if (longest == NULL || monotonic_seconds() - longest->since <= IDLE_LEAST)
		return;
	all->turned_away[TURNED_AWAY_ALL]++;
	connection_kill(longest);
}

void connections_make_room(struct connections *all)
{
	if (is_full(all) && !all->draining)
		close_idle(all);
}

static void try_again(evutil_socket_t fd, short what, void *argument)
{
	struct connections *all = argument;

	(void)fd;
	(void)what;
	all->starved = false;
	listen_or_rest(all);
}

/* There is no file or no memory for one more: to try again at once would keep the loop busy. */
static void accept_failed(struct evconnlistener *listener, void *unused)
{
	struct connections *all = listening;
	struct timeval pause = { .tv_usec = AGAIN_MS * 1000 };
	int error = errno;
	time_t now = monotonic_seconds();

	(void)listener;
	(void)unused;
	all->starved = true;
	listen_or_rest(all);
	event_add(all->again, &pause);
	if (all->complained == 0 || now - all->complained >= COMPLAINT_SECONDS) {
		log_warning("cannot take more connections: %s", strerror(error));
		all->complained = now;
	}
	close_idle(all);
}

void connections_listen(
	struct connections *all, struct event_base *base, struct evconnlistener *listener)
{
	unsigned files = most_files();

	if (all->most > files)
		log_warning("only %u connections: no more files may be open (RLIMIT_NOFILE)", files);
	if (all->most == 0 || all->most > files)
		all->most = files;
	listening = all;
	all->listening = true;
	all->listener = listener;
	all->again = evtimer_new(base, try_again, all);
	evconnlistener_set_error_cb(listener, accept_failed);
}

void connection_rests(struct connection *connection)
{
	connection->since = monotonic_seconds();
	connection->idle = true;
	TAILQ_INSERT_TAIL(&connection->all->idle, connection, idle_link);
}

void connection_stirs(struct connection *connection)
{
	connection->since = monotonic_seconds();
	connection->idle = false;
	TAILQ_REMOVE(&connection->all->idle, connection, idle_link);
}

void connection_enters(struct connection *connection)
{
	struct connections *all = connection->all;

	all->accepted++;
	all->count++;
	connection_rests(connection);
	connections_make_room(all);
	listen_or_rest(all);
}

void connection_leaves(struct connection *connection)
{
	struct connections *all = connection->all;

	if (connection->idle)
		connection_stirs(connection);
	if (connection->peer != NULL)
		peers_leave(&all->peers, connection->peer);
	all->count--;
	all->starved = false; /* there is a file again, or will be in a moment */
	listen_or_rest(all);
}

/* A proxy has the connections of many. */
static bool is_uncounted(struct connection *connection)
{
	struct address address;
	ev_uint16_t port;
	char *text;

	evhttp_connection_get_peer(connection->evcon, &text, &port);
	return address_read(text_of(text), &address) &&
	       networks_hold(connection->all->uncounted, &address);
}

bool connection_is_welcome(struct connection *connection)
{
	struct connections *all = connection->all;
	union {
		struct sockaddr any;
		struct sockaddr_storage room;
	} address = { .any = { .sa_family = AF_UNSPEC } };
	socklen_t size = sizeof(address);

	getpeername(bufferevent_getfd(connection->bev), &address.any, &size);
	connection->peer = peers_enter(&all->peers, &address.any);
	return all->per_address == 0 || peer_count(connection->peer) <= all->per_address ||
	       is_uncounted(connection);
}
