/*
 * How connections come and go. evhttp accepts them, reads leniently, and times only silence; so
 * each one gets a record of ours, which adds strictness, limits and timeouts. evhttp owns the
 * bufferevent, and frees it.
 *
 * At the limit, the connection that has been idle longest is closed for a new one, so that clients
 * that only hold connections lock no one out. While none is idle, accepting pauses, and new clients
 * wait in the kernel's queue.
 */
#include "http/listener.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "base/network.h"
#include "connection/body_shares.h"
#include "connection/timeouts.h"
#include "http/input.h"
#include "http/parser.h"

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
#define RESERVED_FILES 48   /* for the database, its log, and what the libraries open */
#define IDLE_MIN_SECONDS 1  /* that a connection may always be idle */
#define ACCEPT_RETRY_MS 100 /* after an accept() that failed */
#define ADDRESS_MOST 1024   /* connections of one address */
#define WARNING_SECONDS 60  /* between two lines in the log */

/* For accept_failed(): the argument of the listener's callbacks is evhttp's. */
static struct connections *listening;

/* While there are connections. */
static const struct timeval sweep_interval = { .tv_usec = SWEEP_MS * 1000 };

/* As many as files may be open. */
static unsigned max_connections(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur > UINT_MAX)
		return UINT_MAX;
	return files.rlim_cur > RESERVED_FILES ? (unsigned)files.rlim_cur - RESERVED_FILES : 1;
}

static bool is_full(const struct connections *all)
{
	return all->count >= all->max_connections;
}

static void update_listening(struct connections *all)
{
	bool listen = !is_full(all) && !all->accept_paused;

	if (listen == all->listening || all->draining)
		return;
	all->listening = listen;
	if (listen)
		evconnlistener_enable(all->listener);
	else
		evconnlistener_disable(all->listener);
}

/* Close the one that has been idle longest, unless it has only just come or had its reply. */
static void evict_idle(struct connections *all)
{
	struct connection *longest = TAILQ_FIRST(&all->idle);

	if (longest == NULL || monotonic_seconds() - longest->since <= IDLE_MIN_SECONDS)
		return;
	all->over_limit[OVER_LIMIT_TOTAL]++;
	connection_kill(longest);
}

static void evict_if_full(struct connections *all)
{
	if (is_full(all) && !all->draining)
		evict_idle(all);
}

static void resume_accept(evutil_socket_t fd, short what, void *argument)
{
	struct connections *all = argument;

	(void)fd;
	(void)what;
	all->accept_paused = false;
	update_listening(all);
}

/* There is no file or memory for one more: an immediate retry would keep the loop busy. */
static void accept_failed(struct evconnlistener *listener, void *unused)
{
	struct connections *all = listening;
	struct timeval pause = { .tv_usec = ACCEPT_RETRY_MS * 1000 };
	int error = errno;
	time_t now = monotonic_seconds();

	(void)listener;
	(void)unused;
	all->accept_paused = true;
	update_listening(all);
	event_add(all->accept_retry, &pause);
	if (all->last_warning == 0 || now - all->last_warning >= WARNING_SECONDS) {
		log_warning("cannot take more connections: %s", strerror(error));
		all->last_warning = now;
	}
	evict_idle(all);
}

static void link_connection(struct connection *connection)
{
	struct connections *all = connection->all;

	connection->next = all->first;
	if (all->first != NULL)
		all->first->previous = connection;
	all->first = connection;
	all->accepted++;
	all->count++;
	if (all->count == 1)
		event_add(all->sweep, &sweep_interval);
	connection_mark_idle(connection);
	evict_if_full(all);
	update_listening(all);
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
	if (connection->idle)
		connection_mark_active(connection);
	if (connection->peer != NULL)
		peers_leave(&all->peers, connection->peer);
	all->count--;
	if (all->count == 0)
		event_del(all->sweep);
	all->accept_paused = false; /* its file is free now, or will be in a moment */
	update_listening(all);
}

/* evhttp's close callback. The only place that frees a record. */
static void connection_closed(struct evhttp_connection *evcon, void *argument)
{
	struct connection *connection = argument;
	struct connections *all = connection->all;

	(void)evcon;
	if (connection->on_close != NULL)
		connection->on_close(connection->argument);
	evbuffer_remove_cb_entry(bufferevent_get_input(connection->bev), connection->input_watch);
	evbuffer_remove_cb_entry(bufferevent_get_output(connection->bev), connection->output_watch);
	connection_note(all, bufferevent_getfd(connection->bev), NULL);
	unlink_connection(connection);
	connection_drop_body(connection);
	all->unsent -= connection->unsent;
	event_free(connection->deferred);
	parser_free(&connection->parser);
	free(connection);
	if (all->count == 0 && all->draining)
		all->on_drained(all->argument);
}

/*
 * A long reply leaves in several writes. None of them is to wait until the client acknowledges the
 * one before (RFC 896), which it may do late (RFC 1122, 4.2.3.2).
 */
static void disable_nagle(evutil_socket_t fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* After the accept: evhttp's own record is now the argument of the bufferevent's callbacks. */
/* A link-local address ends in a percent sign and the interface. */
static void read_address(struct connection *connection)
{
	ev_uint16_t port;
	char *text;

	evhttp_connection_get_peer(connection->evcon, &text, &port);
	address_read((struct text){ text, strcspn(text, "%") }, &connection->address);
	address_write(&connection->address, connection->address_text);
}

static void finish_accept(struct connection *connection)
{
	void *evcon;

	bufferevent_getcb(connection->bev, NULL, NULL, NULL, &evcon);
	connection->evcon = evcon;
	evhttp_connection_set_closecb(connection->evcon, connection_closed, connection);
	bufferevent_set_timeouts(connection->bev, NULL, NULL);
	disable_nagle(bufferevent_getfd(connection->bev));
	connection_note(connection->all, bufferevent_getfd(connection->bev), connection);
	read_address(connection);
}

/* There is no limit for a proxy, which has the connections of many clients. */
static bool is_within_address_limit(struct connection *connection)
{
	struct connections *all = connection->all;

	connection->peer = peers_enter(&all->peers, &connection->address);
	return peer_count(connection->peer) <= all->max_per_address ||
	       networks_hold(all->unlimited_networks, &connection->address);
}

/* Send a refusal, as far as the socket takes it at once, and close. */
static void reject(struct connection *connection)
{
	connection->all->over_limit[OVER_LIMIT_ADDRESS]++;
	parser_refuse(&connection->parser, 503, "Too many connections come from this address.");
	connection_refuse(connection);
	connection_write(connection);
	connection_kill(connection);
}

/* For what may not be done inside the callbacks of evhttp or of the bufferevent. */
static void run_deferred(evutil_socket_t fd, short what, void *argument)
{
	struct connection *connection = argument;

	(void)fd;
	(void)what;
	if (connection->evcon == NULL) {
		finish_accept(connection);
		if (!is_within_address_limit(connection)) {
			reject(connection);
			return;
		}
	}
	if (connection->refused)
		return;
	if (connection->parser.state == PARSER_REFUSED &&
		connection_replies_pending(connection) == 0)
		connection_refuse(connection);
	else if (connection->all->draining && connection_is_idle(connection))
		connection_kill(connection);
	else if (connection->lookup != NULL)
		bufferevent_disable(connection->bev, EV_READ);
}

/* A connection was accepted: evhttp asks for its bufferevent. */
static struct bufferevent *connection_new(struct event_base *base, void *argument)
{
	struct connections *all = argument;
	struct connection *connection = memory_zeroed(sizeof(*connection));

	connection->all = all;
	connection->bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	connection_watch_input(connection);
	connection_watch_output(connection);
	connection->deferred = event_new(base, -1, 0, run_deferred, connection);
	connection->parser.small_body_max = BODY_WITHOUT_SESSION_MAX;
	connection->parser.on_large_body = connection_on_large_body;
	connection->parser.owner = connection;
	link_connection(connection);
	event_active(connection->deferred, 0, 0);
	return connection->bev;
}

/* One address leaves half of the connections to the others. */
static unsigned address_share(unsigned connections)
{
	unsigned half = (connections + 1) / 2;

	return half < ADDRESS_MOST ? half : ADDRESS_MOST;
}

static void start_listening(
	struct connections *all, struct event_base *base, struct evconnlistener *listener)
{
	unsigned files = max_connections();

	if (all->max_connections > files)
		log_warning(
			"only %u connections: no more files may be open (RLIMIT_NOFILE)", files);
	if (all->max_connections == 0 || all->max_connections > files)
		all->max_connections = files;
	if (all->max_per_address == 0)
		all->max_per_address = address_share(all->max_connections);
	listening = all;
	all->listening = true;
	all->listener = listener;
	all->accept_retry = evtimer_new(base, resume_accept, all);
	evconnlistener_set_error_cb(listener, accept_failed);
}

static void sweep(evutil_socket_t fd, short what, void *argument)
{
	struct connections *all = argument;

	(void)fd;
	(void)what;
	connections_sweep(all);
	evict_if_full(all);
}

void connections_open(struct connections *all, struct event_base *base, struct evhttp *http,
	struct evconnlistener *listener)
{
	all->limits = connection_byte_limits(memory_limit());
	TAILQ_INIT(&all->idle);
	TAILQ_INIT(&all->unfinished);
	peers_open(&all->peers);
	start_listening(all, base, listener);
	evhttp_set_bevcb(http, connection_new, all);
	all->sweep = event_new(base, -1, EV_PERSIST, sweep, all);
}

void connections_drain(struct connections *all, void (*on_drained)(void *argument), void *argument)
{
	all->on_drained = on_drained;
	all->argument = argument;
	all->draining = true;
	event_del(all->accept_retry);
	for (struct connection *connection = all->first; connection != NULL;
		connection = connection->next)
		event_active(connection->deferred, 0, 0);
	if (all->count == 0)
		on_drained(argument);
}

void connections_close(struct connections *all)
{
	event_free(all->sweep);
	event_free(all->accept_retry);
	peers_close(&all->peers);
	free(all->by_fd);
}
