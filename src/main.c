/*
 * todo --db FILE --port N: read the options, open the floors from the bottom up, run the loop, and
 * close them from the top down.
 */
#include "api/api.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/options.h"
#include "http/server.h"
#include "store/store.h"

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
#include <arpa/inet.h>

#define EXIT_WRONG_OPTION 2
#define KEEP_DAYS_MOST 36500

enum {
	OPTION_DB,
	OPTION_PORT,
	OPTION_HOST,
	OPTION_NAMES,
	OPTION_KEEP,
	OPTION_HELP,
	OPTION_VERSION
};

static struct option_row rows[] = {
	[OPTION_DB] = { "db", "FILE", "the database; made where it does not exist", "TODO_DB",
		"$DATABASE_URL, else todo.sqlite", NULL },
	[OPTION_PORT] = { "port", "N", "the port; 0 takes a free one", "TODO_PORT", "8888",
		"8888" },
	[OPTION_HOST] = { "host", "ADDR", "the address to listen on; 0.0.0.0 or :: for all",
		"TODO_HOST", "127.0.0.1", "127.0.0.1" },
	[OPTION_NAMES] = { "allow-host", "NAMES",
		"host names to answer to, with commas between them", "TODO_ALLOW_HOST",
		"localhost and IP addresses alone", "" },
	[OPTION_KEEP] = { "keep-days", "N",
		"days that changes are kept: for undo, history, and programs that follow",
		"TODO_KEEP_DAYS", "90", "90" },
	[OPTION_HELP] = { "help", NULL, "say this", NULL, NULL, NULL },
	[OPTION_VERSION] = { "version", NULL, "say which version this is", NULL, NULL, NULL },
	{ 0 },
};

static void say_help(void)
{
	printf("todo, a to-do service in one program and one file\n\n"
	       "usage: todo [OPTION ...]\n\n");
	options_help(rows);
}

static int wrong_option(const char *about, const char *sentence)
{
	log_error("%s: %s; see todo --help", about, sentence);
	return EXIT_WRONG_OPTION;
}

static bool is_address(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

/* 0 to most, or -1. */
static int read_number(const char *text, int most)
{
	int64_t number;

	return text_to_integer(text_of(text), &number) && number <= most ? (int)number : -1;
}

static int read_port(const char *text)
{
	return read_number(text, UINT16_MAX);
}

/* -1 to go on; else the exit status. */
static int read_options(int argc, char **argv)
{
	char *why;
	int next = options_read(argc, argv, rows, &why);
	const char *url_fault;

	if (next < 0) {
		log_error("%s; see todo --help", why);
		free(why);
		return EXIT_WRONG_OPTION;
	}
	if (rows[OPTION_HELP].value != NULL || rows[OPTION_VERSION].value != NULL) {
		if (rows[OPTION_HELP].value != NULL)
			say_help();
		else
			printf("todo " TODO_VERSION "\n");
		return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	if (next < argc)
		return wrong_option(argv[next], "no such command");
	if (!store_url_is_valid(rows[OPTION_DB].value, &url_fault))
		return wrong_option(rows[OPTION_DB].value, url_fault);
	if (read_port(rows[OPTION_PORT].value) < 0)
		return wrong_option(rows[OPTION_PORT].value, "not a port");
	if (read_number(rows[OPTION_KEEP].value, KEEP_DAYS_MOST) < 0)
		return wrong_option(rows[OPTION_KEEP].value, "not a number of days");
	if (strcmp(rows[OPTION_HOST].value, "localhost") == 0)
		rows[OPTION_HOST].value = "127.0.0.1";
	if (!is_address(rows[OPTION_HOST].value))
		return wrong_option(rows[OPTION_HOST].value, "not an IP address");
	return -1;
}

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
static void run(struct event_base *base, struct server *server)
{
	struct event *term = evsignal_new(base, SIGTERM, stop, server);
	struct event *interrupt = evsignal_new(base, SIGINT, stop, server);

	event_add(term, NULL);
	event_add(interrupt, NULL);
	say_address(rows[OPTION_HOST].value, server_port(server));
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
static int serve(struct event_base *base)
{
	const char *url = rows[OPTION_DB].value;
	char *why;
	struct server *server = server_open(base, rows[OPTION_HOST].value,
		read_port(rows[OPTION_PORT].value), rows[OPTION_NAMES].value, &why);
	char address[96];

	if (server == NULL) {
		snprintf(address, sizeof(address), "cannot listen on %s port %s",
			rows[OPTION_HOST].value, rows[OPTION_PORT].value);
		return failed(address, why);
	}
	struct store *store = store_open(url, base, &why);
	if (store == NULL) {
		server_free(server);
		return failed(url, why);
	}
	server_start(server, store, api_tables, api_upkeep,
		read_number(rows[OPTION_KEEP].value, KEEP_DAYS_MOST));
	run(base, server);
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
	const char *url = getenv("DATABASE_URL");

	rows[OPTION_DB].value = url != NULL && url[0] != '\0' ? url : "todo.sqlite";
	int status = read_options(argc, argv);
	if (status >= 0)
		return status;

	prepare_process();
	prepare_memory();
	if (!prepare_libraries())
		return EXIT_FAILURE;
	struct event_base *base = make_base();
	status = serve(base);
	event_base_free(base);
	libevent_global_shutdown();
	return status;
}
