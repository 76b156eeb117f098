/*
 * Listening, serving, stopping: it starts and stops the services.
 */
#include "endpoint/server.h"

#include "access/guards.h"
#include "access/idempotency.h"
#include "access/session.h"
#include "base/memory.h"
#include "bulk/batch.h"
#include "bulk/bulk.h"
#include "bulk/sweep.h"
#include "describe/describe.h"
#include "http/connection.h"
#include "http/listener.h"
#include "http/method.h"
#include "list/list_sql.h"
#include "ops/health.h"
#include "ops/maintenance.h"
#include "password/password.h"
#include "reply/stream.h"
#include "request.h"
#include "route/route.h"
#include "state/clock.h"
#include "state/server_state.h"
#include "telemetry/record.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define STOP_SECONDS 10
#define ANY_METHOD 0xffff /* evhttp's unknown ones too: each gets an answer of ours */

/* The path of a target, without its query; an absolute-form's begins after the authority. */
static struct text path_of(struct text target)
{
	const char *end = target.data + target.length;
	const char *at = target.data;
	const char *mark;

	if (*at == 'h' || *at == 'H')
		at = memchr(at + strlen("http://"), '/', target.length - strlen("http://"));
	if (at == NULL)
		return TEXT("/");
	mark = memchr(at, '?', (size_t)(end - at));
	return (struct text){ at, (size_t)((mark != NULL ? mark : end) - at) };
}

/* How long the body of a request may be, which is longer than BODY_WITHOUT_SESSION_MAX. */
static size_t body_limit(void *server, struct text method, struct text target)
{
	const struct route *route = NULL;
	struct arena *arena = NULL;
	struct path path;

	if (path_read(path_of(target), &path, &arena) == 0)
		router_match(((struct server *)server)->router, &path,
			method_of_endpoint(method_of_name(method)), &route);
	arena_free(&arena);
	if (route == NULL)
		return BODY_WITHOUT_SESSION_MAX;
	if (route->endpoint->body_max > 0)
		return route->endpoint->body_max;
	return route->endpoint->access >= SESSION ? BODY_ORDINARY_MAX : BODY_WITHOUT_SESSION_MAX;
}

struct server *server_open(
	struct event_base *base, const struct server_settings *settings, char **why)
{
	struct server *server = memory_zeroed(sizeof(*server));

	server->base = base;
	server->settings = *settings;
	networks_read(settings->trusted_proxies, &server->proxies);
	server->started = time(NULL);
	randombytes_buf(&server->run, sizeof(server->run));
	server->http = evhttp_new(base);
	evhttp_set_allowed_methods(server->http, ANY_METHOD);
	evhttp_set_default_content_type(server->http, NULL);
	server->socket = evhttp_bind_socket_with_handle(
		server->http, settings->host, (ev_uint16_t)settings->port);
	if (server->socket != NULL) {
		/*
		 * evhttp's backlog is 128: more clients may connect at once, and would wait for a
		 * second.
		 */
		listen(evhttp_bound_socket_get_fd(server->socket), SOMAXCONN);
		return server;
	}
	*why = memory_copy(strerror(errno), strlen(strerror(errno)));
	evhttp_free(server->http);
	networks_free(&server->proxies);
	free(server);
	return NULL;
}

static void open_connections(struct server *server)
{
	struct connections *connections = memory_zeroed(sizeof(*connections));

	server->connections = connections;
	connections->max_connections = (unsigned)server->settings.max_connections;
	connections->max_per_address = (unsigned)server->settings.max_per_address;
	connections->idle_seconds = server->settings.idle_seconds;
	connections->unlimited_networks = &server->proxies;
	connections->body_limit = body_limit;
	connections->start_lookup = session_start_lookup;
	connections->on_refusal = record_refusal;
	connections->owner = server;
	connections_open(connections, server->base, server->http,
		evhttp_bound_socket_get_listener(server->socket));
}

void server_start(struct server *server, struct store *store, const struct endpoint *const *tables,
	const struct endpoint *maintenance, const struct endpoint *sweep,
	const struct access_sql *sql)
{
	server->store = store;
	server->job_done = request_job_done;
	server->router = router_new(store, tables,
		&(struct router_sql){ .groups = sql->groups,
			.session = sql->session,
			.registration = sql->registration,
			.next = list_next_sql,
			.total = list_total_sql });
	server->descriptions = descriptions_make(server->router);
	server->counts = request_counts_new(server->router);
	server->health = health_prepare(server, sql);
	server->watch = clock_prepare(server, sql);
	server->session_refresh = store_prepare(store, sql->refresh, route_fixed_slots());
	server->idempotency = idempotency_prepare(store, sql);
	batch_prepare(store, sql, &server->batch_statements);
	server->bulk_stands = store_prepare(store, sql->bulk_stands, route_fixed_slots());
	server->passwords = passwords_start(server->base);
	server->session_lookup = store_prepare(store, sql->session, route_fixed_slots());
	open_connections(server);
	evhttp_set_gencb(server->http, request_begin, server);
	store_on_wal_pressure(store, streams_relieve, server);
	store_start(store);
	clock_start(server);
	health_start(server);
	sweep_start(server, sweep,
		&(struct sweep_calls){ .ended = bulk_unpark, .failed = bulk_fail });
	server->maintenance = maintenance_start(server, maintenance);
}

int server_port(const struct server *server)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
		struct sockaddr_storage room;
	} address;
	socklen_t size = sizeof(address);

	if (getsockname(evhttp_bound_socket_get_fd(server->socket), &address.any, &size) != 0)
		return 0;
	return ntohs(
		address.any.sa_family == AF_INET6 ? address.six.sin6_port : address.four.sin_port);
}

static void break_loop(void *server)
{
	event_base_loopbreak(((struct server *)server)->base);
}

static void stop_deadline(evutil_socket_t fd, short what, void *server)
{
	(void)fd;
	(void)what;
	break_loop(server);
}

void server_stop(struct server *server)
{
	struct timeval patience = { .tv_sec = STOP_SECONDS };

	server->stopping = true;
	evhttp_del_accept_socket(server->http, server->socket);
	server->deadline = evtimer_new(server->base, stop_deadline, server);
	event_add(server->deadline, &patience);
	connections_drain(server->connections, break_loop, server);
}

void server_close(struct server *server)
{
	server->closed = true;
	bulk_close(server);
	sweep_stop(server);
	maintenance_stop(server->maintenance);
	passwords_stop(server->passwords);
}

void server_free(struct server *server)
{
	evhttp_free(server->http);
	if (server->router != NULL) {
		sweep_free(server->sweeper);
		connections_close(server->connections);
		free(server->connections);
		request_counts_free(server->counts);
		router_free(server->router);
	}
	request_pool_free(&server->pool);
	descriptions_free(server->descriptions);
	maintenance_free(server->maintenance);
	health_free(server->health);
	clock_watch_free(server->watch);
	networks_free(&server->proxies);
	if (server->deadline != NULL)
		event_free(server->deadline);
	free(server);
}
