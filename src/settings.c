/*
 * One row per option; each that is not simply text is checked here, so that what the layers get is
 * right.
 */
#include "settings.h"

#include "base/log.h"
#include "base/network.h"
#include "base/options.h"
#include "base/text.h"
#include "http/host.h"
#include "store/store.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_WRONG_OPTION 2
#define KEEP_DAYS_MOST 36500
#define IDLE_SECONDS_MOST 3600
#define TOKEN_MOST 1024 /* bytes of the metrics' token */

enum {
	OPTION_DB,
	OPTION_PORT,
	OPTION_HOST,
	OPTION_NAMES,
	OPTION_REGISTRATION,
	OPTION_PROXIES,
	OPTION_CONNECTIONS,
	OPTION_PER_ADDRESS,
	OPTION_IDLE,
	OPTION_LIMITS, /* as many as enum limit has, in its order */
	OPTION_LIMITS_LAST = OPTION_LIMITS + LIMITS - 1,
	OPTION_KEEP,
	OPTION_METRICS,
	OPTION_LOG,
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
		"host names to answer to, without scheme, port or path, with commas between them",
		"TODO_ALLOW_HOST", "localhost and IP addresses alone", NULL },
	[OPTION_REGISTRATION] = { "registration", "WHO",
		"who may register: open, closed, or first (the first account closes it)",
		"TODO_REGISTRATION", "open on this machine's own addresses, else first", "" },
	[OPTION_PROXIES] = { "trusted-proxy", "CIDRS",
		"proxies whose X-Forwarded headers count, with commas between them",
		"TODO_TRUSTED_PROXY", "none", "" },
	[OPTION_CONNECTIONS] = { "max-connections", "N", "connections at once",
		"TODO_MAX_CONNECTIONS", "as many as files may be open", "" },
	[OPTION_PER_ADDRESS] = { "max-per-address", "N", "connections at once from one address",
		"TODO_MAX_PER_ADDRESS", "1024", "1024" },
	[OPTION_IDLE] = { "idle-seconds", "N",
		"seconds after which a connection without a request is closed", "TODO_IDLE_SECONDS",
		"60", "60" },
	[OPTION_LIMITS + LIMIT_TASKS] = { "max-tasks", "N",
		"tasks of an account, the trash included", "TODO_MAX_TASKS", "1000000", "1000000" },
	[OPTION_LIMITS + LIMIT_TOKENS] = { "max-tokens", "N", "API tokens of an account",
		"TODO_MAX_TOKENS", "100", "100" },
	[OPTION_LIMITS + LIMIT_SESSIONS] = { "max-sessions", "N",
		"sessions of an account; the one unused longest ends", "TODO_MAX_SESSIONS", "200",
		"200" },
	[OPTION_KEEP] = { "keep-days", "N",
		"days that changes are kept: for undo, history, and programs that follow",
		"TODO_KEEP_DAYS", "90", "90" },
	[OPTION_METRICS] = { "metrics-token", "WORD",
		"what /metrics asks for, wherever one comes from", "TODO_METRICS_TOKEN",
		"none: it answers this machine alone", "" },
	[OPTION_LOG] = { "log", "HOW", "a line for each request: text, json or off", "TODO_LOG",
		"text", "text" },
	[OPTION_HELP] = { "help", NULL, "say this", NULL, NULL, NULL },
	[OPTION_VERSION] = { "version", NULL, "say which version this is", NULL, NULL, NULL },
	{ 0 },
};

static const char *const registrations[] = {
	[REGISTRATION_OPEN] = "open",
	[REGISTRATION_FIRST] = "first",
	[REGISTRATION_CLOSED] = "closed",
	NULL,
};

static const char *const log_forms[] = {
	[REQUEST_LOG_TEXT] = "text",
	[REQUEST_LOG_JSON] = "json",
	[REQUEST_LOG_OFF] = "off",
	NULL,
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

static int wrong_value(const struct option_row *row, const char *sentence)
{
	log_error("--%s %s: %s; see todo --help", row->name, row->value, sentence);
	return EXIT_WRONG_OPTION;
}

static bool is_address(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

static bool is_loopback(const char *host)
{
	return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

static bool are_networks(const char *list)
{
	struct networks networks;
	bool are = networks_read(list, &networks);

	if (are)
		networks_free(&networks);
	return are;
}

/* The place of a word in its list, or -1. */
static int read_choice(const char *const *words, const char *word)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

/* An option's number from least to most; else false. */
static bool read_number(int option, int least, int most, int *number)
{
	int64_t value;

	if (!text_to_integer(text_of(rows[option].value), &value) || value < least || value > most)
		return false;
	*number = (int)value;
	return true;
}

/* The same of an option that may be left out: then 0. */
static bool read_count(int option, int *number)
{
	*number = 0;
	return rows[option].value[0] == '\0' || read_number(option, 1, INT_MAX, number);
}

/* The first of the limits that is wrong, or -1. */
static int read_limits(int limits[LIMITS])
{
	for (int i = 0; i < LIMITS; i++)
		if (!read_number(OPTION_LIMITS + i, 1, INT_MAX, &limits[i]))
			return OPTION_LIMITS + i;
	return -1;
}

static bool read_registration(const char *host, enum registration *registration)
{
	const char *word = rows[OPTION_REGISTRATION].value;
	int choice = read_choice(registrations, word);

	if (word[0] == '\0')
		choice = is_loopback(host) ? REGISTRATION_OPEN : REGISTRATION_FIRST;
	*registration = (enum registration)choice;
	return choice >= 0;
}

static bool read_log(enum request_log *form)
{
	int choice = read_choice(log_forms, rows[OPTION_LOG].value);

	*form = (enum request_log)choice;
	return choice >= 0;
}

/* The option that is wrong, and why; -1 where none is. */
static int check(struct settings *settings, const char **why)
{
	struct server_settings *server = &settings->server;

	if (!store_url_is_valid(settings->url, why))
		return OPTION_DB;
	*why = "not a port";
	if (!read_number(OPTION_PORT, 0, UINT16_MAX, &server->port))
		return OPTION_PORT;
	*why = "not an IP address";
	if (!is_address(server->host))
		return OPTION_HOST;
	*why = "not host names with commas between them, without scheme, port and path";
	if (rows[OPTION_NAMES].value != NULL && !host_names_are_valid(rows[OPTION_NAMES].value))
		return OPTION_NAMES;
	*why = "not one of open, closed, first";
	if (!read_registration(server->host, &server->registration))
		return OPTION_REGISTRATION;
	*why = "not a list of networks";
	if (!are_networks(server->trusted_proxies))
		return OPTION_PROXIES;
	*why = "not a number of connections";
	if (!read_count(OPTION_CONNECTIONS, &server->max_connections))
		return OPTION_CONNECTIONS;
	if (!read_count(OPTION_PER_ADDRESS, &server->max_per_address))
		return OPTION_PER_ADDRESS;
	*why = "not a number of seconds from 1 to 3600";
	if (!read_number(OPTION_IDLE, 1, IDLE_SECONDS_MOST, &server->idle_seconds))
		return OPTION_IDLE;
	*why = "not a number of 1 or more";
	int limit = read_limits(server->limits);
	if (limit >= 0)
		return limit;
	*why = "not a number of days";
	if (!read_number(OPTION_KEEP, 0, KEEP_DAYS_MOST, &server->keep_days))
		return OPTION_KEEP;
	*why = "too long a token";
	if (strlen(server->metrics_token) > TOKEN_MOST)
		return OPTION_METRICS;
	*why = "not one of text, json, off";
	if (!read_log(&server->log))
		return OPTION_LOG;
	return -1;
}

static void take_texts(struct settings *settings)
{
	struct server_settings *server = &settings->server;

	settings->url = rows[OPTION_DB].value;
	settings->port = rows[OPTION_PORT].value;
	server->host = rows[OPTION_HOST].value;
	if (strcmp(server->host, "localhost") == 0)
		server->host = "127.0.0.1";
	server->names = rows[OPTION_NAMES].value != NULL ? rows[OPTION_NAMES].value : "";
	server->trusted_proxies = rows[OPTION_PROXIES].value;
	server->metrics_token = rows[OPTION_METRICS].value;
}

int settings_read(int argc, char **argv, struct settings *settings)
{
	const char *url = getenv("DATABASE_URL");
	char *fault;
	const char *why;

	rows[OPTION_DB].value = url != NULL && url[0] != '\0' ? url : "todo.sqlite";
	int next = options_read(argc, argv, rows, &fault);
	if (next < 0) {
		log_error("%s; see todo --help", fault);
		free(fault);
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
	take_texts(settings);
	int wrong = check(settings, &why);
	return wrong < 0 ? -1 : wrong_value(&rows[wrong], why);
}
