/*
 * Connections under evhttp, which reads leniently and times only silence: strictness and deadlines
 * are here.
 *
 * evhttp owns the bufferevent and frees it. The record watches its input by a callback on the
 * evbuffer, which runs before evhttp reads; where the parser refuses what came, those bytes are cut
 * off, the earlier requests get their replies, and then the connection is taken from evhttp: the
 * refusal is written, the rest of the input is read and dropped for a while (so that the client
 * sees the refusal and not a reset), and evhttp is told to free it.
 */
#include "http/listener.h"

#include "http/input.h"
#include "http/output.h"
#include "http/parser.h"
#include "connection/timeouts.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "base/network.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define SWEEP_MS 500
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

static void connections_make_room(struct connections *all)
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

static void connection_enters(struct connection *connection)
{
	struct connections *all = connection->all;

	all->accepted++;
	all->count++;
	connection_rests(connection);
	connections_make_room(all);
	listen_or_rest(all);
}

static void connection_leaves(struct connection *connection)
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

static bool connection_is_welcome(struct connection *connection)
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

static void unlink_connection(struct connection *connection)
{
	struct connections *all = connection->all;

	if (connection->previous != NULL)
		connection->previous->next = connection->next;
	else
		all->first = connection->next;
	if (connection->next != NULL)
		connection->next->previous = connection->previous;
	connection_leaves(connection);
}

/* evhttp's close callback: the one place that frees the record. */
static void connection_closed(struct evhttp_connection *evcon, void *argument)
{
	struct connection *connection = argument;
	struct connections *all = connection->all;

	(void)evcon;
	if (connection->abandoned != NULL)
		connection->abandoned(connection->argument);
	evbuffer_remove_cb_entry(bufferevent_get_input(connection->bev), connection->input_watch);
	evbuffer_remove_cb_entry(bufferevent_get_output(connection->bev), connection->output_watch);
	connection_note(all, bufferevent_getfd(connection->bev), NULL);
	unlink_connection(connection);
	connection_body_ends(connection);
	all->unsent -= connection->unsent;
	event_free(connection->later);
	parser_free(&connection->parser);
	free(connection);
	if (all->count == 0 && all->draining)
		all->drained(all->argument);
}

/*
 * A reply leaves in several writes where it is long: none of them waits until the client has
 * acknowledged the one before (RFC 896), which it may do late (RFC 1122, 4.2.3.2).
 */
static void send_at_once(evutil_socket_t fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* The accept is over: evhttp's record is the bufferevent's argument now. */
static void meet_evhttp(struct connection *connection)
{
	void *evcon;

	bufferevent_getcb(connection->bev, NULL, NULL, NULL, &evcon);
	connection->evcon = evcon;
	evhttp_connection_set_closecb(connection->evcon, connection_closed, connection);
	bufferevent_set_timeouts(connection->bev, NULL, NULL);
	send_at_once(bufferevent_getfd(connection->bev));
	connection_note(connection->all, bufferevent_getfd(connection->bev), connection);
}

/* In a few words, as far as the socket takes them at once; nothing of it is waited for. */
static void turn_away(struct connection *connection)
{
	connection->all->turned_away[TURNED_AWAY_ADDRESS]++;
	parser_refuse(&connection->parser, 503, "Too many connections come from this address.");
	connection_refuse(connection);
	connection_write(connection);
	connection_kill(connection);
}

/* What may not be done inside the callbacks of evhttp or of the bufferevent. */
static void connection_later(evutil_socket_t fd, short what, void *argument)
{
	struct connection *connection = argument;

	(void)fd;
	(void)what;
	if (connection->evcon == NULL) {
		meet_evhttp(connection);
		if (!connection_is_welcome(connection)) {
			turn_away(connection);
			return;
		}
	}
	if (connection->refused)
		return;
	if (connection->parser.state == PARSER_REFUSED && connection_owes(connection) == 0)
		connection_refuse(connection);
	else if (connection->all->draining && connection_is_idle(connection))
		connection_kill(connection);
	else if (connection->question != NULL)
		bufferevent_disable(connection->bev, EV_READ);
}

/* evhttp asks for a bufferevent: a connection was accepted. */
static struct bufferevent *connection_new(struct event_base *base, void *argument)
{
	struct connections *all = argument;
	struct connection *connection = memory_zeroed(sizeof(*connection));

	connection->all = all;
	connection->bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	connection_watch_input(connection);
	connection_watch_output(connection);
	connection->later = event_new(base, -1, 0, connection_later, connection);
	connection->parser.small_body_max = BODY_UNASKED;
	connection->parser.on_large_body = connection_body_grows;
	connection->parser.owner = connection;
	connection->next = all->first;
	if (all->first != NULL)
		all->first->previous = connection;
	all->first = connection;
	connection_enters(connection);
	event_active(connection->later, 0, 0);
	return connection->bev;
}

static void connections_listen(
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

static void sweep(evutil_socket_t fd, short what, void *argument)
{
	struct connections *all = argument;

	(void)fd;
	(void)what;
	connections_sweep(all);
	connections_make_room(all);
}

void connections_open(struct connections *all, struct event_base *base, struct evhttp *http,
	struct evconnlistener *listener)
{
	struct timeval interval = { .tv_usec = SWEEP_MS * 1000 };

	all->limits = connection_byte_limits(memory_limit());
	TAILQ_INIT(&all->idle);
	TAILQ_INIT(&all->unfinished);
	peers_open(&all->peers);
	connections_listen(all, base, listener);
	evhttp_set_bevcb(http, connection_new, all);
	all->sweep = event_new(base, -1, EV_PERSIST, sweep, all);
	event_add(all->sweep, &interval);
}

void connections_drain(struct connections *all, void (*drained)(void *argument), void *argument)
{
	all->drained = drained;
	all->argument = argument;
	all->draining = true;
	event_del(all->again);
	for (struct connection *connection = all->first; connection != NULL;
		connection = connection->next)
		event_active(connection->later, 0, 0);
	if (all->count == 0)
		drained(argument);
}

void connections_close(struct connections *all)
{
	event_free(all->sweep);
	event_free(all->again);
	peers_close(&all->peers);
	free(all->by_fd);
}
