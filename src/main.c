/*
 * todo --db FILE --port N: open the floors from the bottom up, run the loop, and
 * close them from the top down.
 */
#include "api/api.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/store.h"
#include "settings.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/thread.h>
#include <jansson.h>
#include <malloc.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTLE_MS 300 /* for the log's last lines, before the process ends at once */

struct address {
	const char *host;
	int port;
};

/* The loop's first turn says it: who has read the line finds a server that listens to signals, too. */
static void say_address(evutil_socket_t fd, short what, void *argument)
{
	const struct address *address = argument;
	const char *host = address->host;
	int port = address->port;
	bool six = strchr(host, ':') != NULL;

	if (strcmp(host, "127.0.0.1") == 0 || strcmp(host, "::1") == 0)
		printf("Listening on http://localhost:%d\n", port);
	else
		printf("Listening on http://%s%s%s:%d\n", six ? "[" : "", host, six ? "]" : "",
			port);
	(void)fd;
	(void)what;
	fflush(stdout);
}

static atomic_int signals; /* that said stop */
static int first_signal;   /* readable when one has */

/*
 * The first signal is the loop's business. The second one ends the process at once, wherever it is:
 * what was acknowledged is on the disk, and the next start finds it.
 */
static void stop_signalled(int signal)
{
	uint64_t one = 1;
	int error = errno;

	(void)signal;
	if (atomic_fetch_add(&signals, 1) > 0) {
		log_settle(SETTLE_MS);
		_exit(EXIT_FAILURE);
	}
	if (write(first_signal, &one, sizeof(one)) < 0)
		_exit(EXIT_FAILURE);
	errno = error;
}

static void stop(evutil_socket_t fd, short what, void *server)
{
	uint64_t count;

	(void)what;
	if (read(fd, &count, sizeof(count)) > 0)
		server_stop(server);
}

/* Until a signal says stop. */
static void run(struct event_base *base, struct server *server, const char *host)
{
	struct sigaction action = { .sa_handler = stop_signalled, .sa_flags = SA_RESTART };
	struct address address = { host, server_port(server) };

	first_signal = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct event *signalled = event_new(base, first_signal, EV_READ, stop, server);

	event_add(signalled, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	log_start();
	event_base_once(base, -1, EV_TIMEOUT, say_address, &address, NULL);
	event_base_dispatch(base);
	event_free(signalled);
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
	api_check();
	server_start(server, store, api_tables, api_upkeep, api_sweep);
	run(base, server, host);
	server_close(server);
	store_close(store);
	server_free(server);
	log_stop();
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

/*
 * Where memory ends, the libraries end as we do, instead of returning NULL here and there. What they
 * free is wiped: bodies with passwords and headers with tokens go through them.
 */
static bool prepare_libraries(void)
{
	event_set_mem_functions(allocate, resize, memory_forget);
	json_set_alloc_funcs(allocate, memory_forget);
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
	log_set_form(settings.server.log == REQUEST_LOG_JSON ? LOG_JSON : LOG_TEXT);
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
