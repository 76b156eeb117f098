/*
 * todo --db FILE --port N: open the layers from the bottom up, run the loop, and
 * close them from the top down.
 */
#include "api/api.h"
#include "base/log.h"
#include "base/memory.h"
#include "endpoint/server.h"
#include "settings.h"
#include "store/store.h"

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

#define SETTLE_MS 300  /* for the log's last lines, before the process ends at once */
#define FILES_LEAST 64 /* the server's own are about 45; the others are for connections */
#define NAME_MOST 1024 /* bytes of what is complained of: the reason is to be read behind it */

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
		log_flush(SETTLE_MS);
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

/* From here on a signal to stop is heard. */
static bool listen_to_signals(struct event *signalled)
{
	struct sigaction action = { .sa_handler = stop_signalled, .sa_flags = SA_RESTART };

	return event_add(signalled, NULL) == 0 && sigaction(SIGTERM, &action, NULL) == 0 &&
	       sigaction(SIGINT, &action, NULL) == 0;
}

/* Until a signal says stop. An exit status. */
static int run(struct event_base *base, struct server *server, const char *host)
{
	struct address address = { host, server_port(server) };
	struct event *signalled = event_new(base, first_signal, EV_READ, stop, server);
	int status = EXIT_SUCCESS;

	log_start();
	if (!listen_to_signals(signalled) ||
		event_base_once(base, -1, EV_TIMEOUT, say_address, &address, NULL) != 0 ||
		event_base_dispatch(base) < 0) {
		log_error("the event loop cannot run: %s", strerror(errno));
		status = EXIT_FAILURE;
	}
	event_free(signalled);
	return status;
}

static int failed(const char *about, char *why)
{
	bool is_long = strlen(about) > NAME_MOST;

	log_error("%.*s%s: %s", NAME_MOST, about, is_long ? "..." : "", why);
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
	server_start(server, store, api_tables, api_maintenance, api_sweep, &api_access_sql);
	int status = run(base, server, host);
	server_close(server);
	store_close(store);
	server_free(server);
	log_stop();
	return status;
}

/* As many files and sockets as we may have, and enough to serve anybody. */
static bool prepare_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return true;
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < FILES_LEAST) {
		log_error("only %llu files may be open at once (ulimit -n): at least %d are needed",
			(unsigned long long)files.rlim_cur, FILES_LEAST);
		return false;
	}
	return true;
}

/*
 * Files for their owner alone; no end by a closed socket, nor by a file that may not grow
 * (ulimit -f), which is then as if the disk were full.
 */
static bool prepare_process(void)
{
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (!prepare_files())
		return false;
	first_signal = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (first_signal < 0)
		log_error("no event can be waited for: %s", strerror(errno));
	return first_signal >= 0;
}

#define ARENAS 3 /* of malloc(3), which would have one a thread: each reserves 64 MiB of addresses */

/* Replies come and go: memory that is given back to the system is soon asked for again. */
static void prepare_memory(void)
{
	mallopt(M_ARENA_MAX, ARENAS);
	mallopt(M_MMAP_THRESHOLD, 4 << 20);
	mallopt(M_TRIM_THRESHOLD, 4 << 20);
	mallopt(M_TOP_PAD, 256 << 10);
}

/* What libevent would write to standard error by itself. */
static void log_event(int severity, const char *message)
{
	if (severity == EVENT_LOG_ERR)
		log_error("libevent: %s", message);
	else if (severity == EVENT_LOG_WARN)
		log_warning("libevent: %s", message);
	else if (severity == EVENT_LOG_MSG)
		log_info("libevent: %s", message);
}

/*
 * Where memory ends, the libraries end as we do, instead of returning NULL here and there. What they
 * free is wiped: bodies with passwords and headers with tokens go through them.
 */
static bool prepare_libraries(void)
{
	event_set_log_callback(log_event);
	event_set_mem_functions(memory_allocate, memory_resize, memory_forget);
	json_set_alloc_funcs(memory_allocate, memory_forget);
	json_object_seed(0);
	if (sodium_init() >= 0 && evthread_use_pthreads() == 0)
		return true;
	log_error("the libraries for cryptography or events do not start");
	return false;
}

static struct event_base *make_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config != NULL &&
		event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST) == 0)
		base = event_base_new_with_config(config);
	if (config != NULL)
		event_config_free(config);
	if (base == NULL)
		log_error("the event loop cannot be made: there is no way to wait for events");
	return base;
}

int main(int argc, char **argv)
{
	struct settings settings;
	int status = settings_read(argc, argv, &settings);

	if (status >= 0)
		return status;
	log_set_form(settings.server.log == REQUEST_LOG_JSON ? LOG_JSON : LOG_TEXT);
	prepare_memory();
	if (!prepare_process() || !prepare_libraries())
		return EXIT_FAILURE;
	struct event_base *base = make_base();
	if (base == NULL)
		return EXIT_FAILURE;
	status = serve(base, &settings);
	event_base_free(base);
	libevent_global_shutdown();
	return status;
}
