/*
 * todo --db FILE --port N: open the floors from the bottom up, run the loop, and
 * close them from the top down.
 */
#include "api/api.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/store.h"
#include "settings.h"

#include <event2/event.h>
#include <event2/thread.h>
#include <jansson.h>
#include <malloc.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void say_address(const char *host, int port)
{
	bool six = strchr(host, ':') != NULL;

	if (strcmp(host, "127.0.0.1") == 0 || strcmp(host, "::1") == 0)
		printf("Listening on http://localhost:%d\n", port);
	else
		printf("Listening on http://%s%s%s:%d\n", six ? "[" : "", host, six ? "]" : "",
			port);
	fflush(stdout);
}

static void stop(evutil_socket_t signal, short what, void *server)
{
	(void)signal;
	(void)what;
	server_stop(server);
}

/* Until a signal says stop; the second one does not wait. */
static void run(struct event_base *base, struct server *server, const char *host)
{
	struct event *term = evsignal_new(base, SIGTERM, stop, server);
	struct event *interrupt = evsignal_new(base, SIGINT, stop, server);

	event_add(term, NULL);
	event_add(interrupt, NULL);
	say_address(host, server_port(server));
	event_base_dispatch(base);
	event_free(term);
	event_free(interrupt);
}

static int failed(const char *about, char *why)
{
	log_error("%s: %s", about, why);
	free(why);
	return EXIT_FAILURE;
}

/* The port comes first: where it is in use, no file is made. */
static int serve(struct event_base *base, const struct settings *settings)
{
	const char *host = settings->server.host;
	char *why;
	struct server *server = server_open(base, &settings->server, &why);
	char address[96];

	if (server == NULL) {
		snprintf(address, sizeof(address), "cannot listen on %s port %s", host,
			settings->port);
		return failed(address, why);
	}
	struct store *store = store_open(settings->url, base, &why);
	if (store == NULL) {
		server_free(server);
		return failed(settings->url, why);
	}
	server_start(server, store, api_tables, api_upkeep);
	run(base, server, host);
	server_close(server);
	store_close(store);
	server_free(server);
	return EXIT_SUCCESS;
}

static void *resize(void *memory, size_t size)
{
	return memory_resize(memory, size);
}

static void *allocate(size_t size)
{
	return memory_resize(NULL, size);
}

/* Files for their owner alone, no end by a closed socket, and as many sockets as we may have. */
static void prepare_process(void)
{
	struct rlimit files;

	umask(077);
	signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

/* Replies come and go: memory that is given back to the system is soon asked for again. */
static void prepare_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, 4 << 20);
	mallopt(M_TRIM_THRESHOLD, 4 << 20);
	mallopt(M_TOP_PAD, 256 << 10);
}

/* Where memory ends, the libraries end as we do, instead of returning NULL here and there. */
static bool prepare_libraries(void)
{
	event_set_mem_functions(allocate, resize, free);
	json_set_alloc_funcs(allocate, free);
	json_object_seed(0);
	return sodium_init() >= 0 && evthread_use_pthreads() == 0;
}

static struct event_base *make_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base;

	event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
	base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

int main(int argc, char **argv)
{
	struct settings settings;
	int status = settings_read(argc, argv, &settings);

	if (status >= 0)
		return status;
	prepare_process();
	prepare_memory();
	if (!prepare_libraries())
		return EXIT_FAILURE;
	struct event_base *base = make_base();
	status = serve(base, &settings);
	event_base_free(base);
	libevent_global_shutdown();
	return status;
}
