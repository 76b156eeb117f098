/*
 * One row per option: how it is read, checked and told of in the help, so that what the layers get
 * is right.
 */
#include "settings.h"

#include "base/log.h"
#include "base/network.h"
#include "base/text.h"
#include "http/host.h"
#include "store/store.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_WRONG_OPTION 2
#define KEEP_DAYS_MOST 36500
#define IDLE_SECONDS_MOST 3600
#define TOKEN_MOST 1024 /* bytes of the metrics' token */

struct option_row {
	const char *name;     /* without the dashes */
	const char *argument; /* what its value is called; NULL: it takes none */
	const char *help;
	const char
		*variable[2];  /* of the environment: the first that is set and not empty counts */
	const char *fallback;  /* its value where none is given; NULL: it is not set then */
	const char *otherwise; /* what that means, in the help; NULL: the value itself */
	size_t at;	       /* where set() puts it: an offset in struct settings */
	int least, most;       /* of a number */
	const char *wrong;     /* what is said of a value that set() does not take */
	/* Check a value and keep it; NULL, or what is wrong with it. */
	const char *(*set)(
		const struct option_row *row, const char *value, struct settings *settings);
	void (*say)(void); /* on standard output, instead of serving */
};

/* ---- the forms of values ---- */

static void keep_text(const struct option_row *row, const char *value, struct settings *settings)
{
	*(const char **)((char *)settings + row->at) = value;
}

static void keep_number(const struct option_row *row, int value, struct settings *settings)
{
	*(int *)((char *)settings + row->at) = value;
}

/* From least to most. */
static const char *set_number(
	const struct option_row *row, const char *value, struct settings *settings)
{
	int64_t number;

	if (!text_to_integer(text_of(value), &number) || number < row->least || number > row->most)
		return row->wrong;
	keep_number(row, (int)number, settings);
	return NULL;
}

/* The same, but that it may be empty: then 0. */
static const char *set_count(
	const struct option_row *row, const char *value, struct settings *settings)
{
	if (value[0] != '\0')
		return set_number(row, value, settings);
	keep_number(row, 0, settings);
	return NULL;
}

static const char *set_url(
	const struct option_row *row, const char *value, struct settings *settings)
{
	const char *why;

	keep_text(row, value, settings);
	return store_url_is_valid(value, &why) ? NULL : why;
}

static const char *set_port(
	const struct option_row *row, const char *value, struct settings *settings)
{
	settings->port = value;
	return set_number(row, value, settings);
}

static const char *set_address(
	const struct option_row *row, const char *value, struct settings *settings)
{
	const char *host = strcmp(value, "localhost") == 0 ? "127.0.0.1" : value;
	unsigned char address[sizeof(struct in6_addr)];

	keep_text(row, host, settings);
	if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
		return NULL;
	return row->wrong;
}

static const char *set_names(
	const struct option_row *row, const char *value, struct settings *settings)
{
	keep_text(row, value, settings);
	return host_names_are_valid(value) ? NULL : row->wrong;
}

static const char *set_networks(
	const struct option_row *row, const char *value, struct settings *settings)
{
	struct networks networks;

	keep_text(row, value, settings);
	if (!networks_read(value, &networks))
		return row->wrong;
	networks_free(&networks);
	return NULL;
}

static const char *set_token(
	const struct option_row *row, const char *value, struct settings *settings)
{
	size_t length = strlen(value);

	keep_text(row, value, settings);
	return length >= 1 && length <= TOKEN_MOST ? NULL : row->wrong;
}

/* The place of a word in its list, or -1. */
static int find_word(const char *const *words, const char *word)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

static bool is_loopback(const char *host)
{
	return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

/* Without a word it depends on the address, whose row comes before. */
static const char *set_registration(
	const struct option_row *row, const char *value, struct settings *settings)
{
	static const char *const words[] = {
		[REGISTRATION_OPEN] = "open",
		[REGISTRATION_FIRST] = "first",
		[REGISTRATION_CLOSED] = "closed",
		NULL,
	};
	struct server_settings *server = &settings->server;
	int choice = find_word(words, value);

	if (value[0] == '\0')
		choice = is_loopback(server->host) ? REGISTRATION_OPEN : REGISTRATION_FIRST;
	server->registration = (enum registration)choice;
	return choice >= 0 ? NULL : row->wrong;
}

static const char *set_log(
	const struct option_row *row, const char *value, struct settings *settings)
{
	static const char *const words[] = {
		[REQUEST_LOG_TEXT] = "text",
		[REQUEST_LOG_JSON] = "json",
		[REQUEST_LOG_OFF] = "off",
		NULL,
	};
	int choice = find_word(words, value);

	settings->server.log = (enum request_log)choice;
	return choice >= 0 ? NULL : row->wrong;
}

/* ---- the options ---- */

static void say_help(void);
static void say_version(void);

#define NOT_CONNECTIONS "not a number of connections"
#define NOT_A_LIMIT "not a number of 1 or more"
#define AT(member) offsetof(struct settings, member)

/* clang-format off */
static const struct option_row rows[] = {
	{
		.name = "db", .argument = "FILE", .variable = { "TODO_DB", "DATABASE_URL" },
		.help = "the database; made where it does not exist",
		.fallback = "todo.sqlite", .otherwise = "$DATABASE_URL, else todo.sqlite",
		.set = set_url, .at = AT(url),
	},
	{
		.name = "port", .argument = "N", .variable = { "TODO_PORT" },
		.help = "the port; 0 takes a free one",
		.fallback = "8888",
		.set = set_port, .at = AT(server.port), .most = UINT16_MAX,
		.wrong = "not a port",
	},
	{
		.name = "host", .argument = "ADDR", .variable = { "TODO_HOST" },
		.help = "the address to listen on; 0.0.0.0 or :: for all",
		.fallback = "127.0.0.1",
		.set = set_address, .at = AT(server.host),
		.wrong = "not an IP address",
	},
	{
		.name = "allow-host", .argument = "NAMES", .variable = { "TODO_ALLOW_HOST" },
		.help = "host names to answer to, without scheme, port or path, with commas between them",
		.otherwise = "localhost and IP addresses alone",
		.set = set_names, .at = AT(server.names),
		.wrong = "not host names with commas between them, without scheme, port and path",
	},
	{
		.name = "registration", .argument = "WHO", .variable = { "TODO_REGISTRATION" },
		.help = "who may register: open, closed, or first (the first account closes it)",
		.fallback = "", .otherwise = "open on this machine's own addresses, else first",
		.set = set_registration,
		.wrong = "not one of open, closed, first",
	},
	{
		.name = "trusted-proxy", .argument = "CIDRS", .variable = { "TODO_TRUSTED_PROXY" },
		.help = "proxies whose X-Forwarded headers count, with commas between them",
		.fallback = "", .otherwise = "none",
		.set = set_networks, .at = AT(server.trusted_proxies),
		.wrong = "not a list of networks",
	},
	{
		.name = "max-connections", .argument = "N", .variable = { "TODO_MAX_CONNECTIONS" },
		.help = "connections at once",
		.fallback = "", .otherwise = "as many as files may be open",
		.set = set_count, .at = AT(server.max_connections), .least = 1, .most = INT_MAX,
		.wrong = NOT_CONNECTIONS,
	},
	{
		.name = "max-per-address", .argument = "N", .variable = { "TODO_MAX_PER_ADDRESS" },
		.help = "connections at once from one address",
		.fallback = "", .otherwise = "1024, or half of all connections",
		.set = set_count, .at = AT(server.max_per_address), .least = 1, .most = INT_MAX,
		.wrong = NOT_CONNECTIONS,
	},
	{
		.name = "idle-seconds", .argument = "N", .variable = { "TODO_IDLE_SECONDS" },
		.help = "seconds after which a connection without a request is closed",
		.fallback = "60",
		.set = set_number, .at = AT(server.idle_seconds), .least = 1, .most = IDLE_SECONDS_MOST,
		.wrong = "not a number of seconds from 1 to 3600",
	},
	{
		.name = "max-tasks", .argument = "N", .variable = { "TODO_MAX_TASKS" },
		.help = "tasks of an account, the trash included",
		.fallback = "1000000",
		.set = set_number, .at = AT(server.limits[LIMIT_TASKS]), .least = 1, .most = INT_MAX,
		.wrong = NOT_A_LIMIT,
	},
	{
		.name = "max-lists", .argument = "N", .variable = { "TODO_MAX_LISTS" },
		.help = "lists of an account, the trash included",
		.fallback = "1000",
		.set = set_number, .at = AT(server.limits[LIMIT_LISTS]), .least = 1, .most = INT_MAX,
		.wrong = NOT_A_LIMIT,
	},
	{
		.name = "max-tokens", .argument = "N", .variable = { "TODO_MAX_TOKENS" },
		.help = "API tokens of an account",
		.fallback = "100",
		.set = set_number, .at = AT(server.limits[LIMIT_TOKENS]), .least = 1, .most = INT_MAX,
		.wrong = NOT_A_LIMIT,
	},
	{
		.name = "max-sessions", .argument = "N", .variable = { "TODO_MAX_SESSIONS" },
		.help = "sessions of an account; the one unused longest ends",
		.fallback = "200",
		.set = set_number, .at = AT(server.limits[LIMIT_SESSIONS]), .least = 1, .most = INT_MAX,
		.wrong = NOT_A_LIMIT,
	},
	{
		.name = "keep-days", .argument = "N", .variable = { "TODO_KEEP_DAYS" },
		.help = "days that changes are kept: for undo, history, and programs that follow",
		.fallback = "90",
		.set = set_number, .at = AT(server.keep_days), .most = KEEP_DAYS_MOST,
		.wrong = "not a number of days",
	},
	{
		.name = "metrics-token", .argument = "WORD", .variable = { "TODO_METRICS_TOKEN" },
		.help = "what /metrics asks for, wherever one comes from",
		.otherwise = "none: it answers this machine alone",
		.set = set_token, .at = AT(server.metrics_token),
		.wrong = "not a token of 1 to 1024 bytes",
	},
	{
		.name = "log", .argument = "HOW", .variable = { "TODO_LOG" },
		.help = "a line for each request: text, json or off",
		.fallback = "text",
		.set = set_log,
		.wrong = "not one of text, json, off",
	},
	{ .name = "help", .help = "say this", .say = say_help },
	{ .name = "version", .help = "say which version this is", .say = say_version },
};
/* clang-format on */

#define OPTIONS (sizeof(rows) / sizeof(rows[0]))

static void say_option(const struct option_row *row)
{
	const char *otherwise = row->otherwise != NULL ? row->otherwise : row->fallback;
	char left[48];

	snprintf(left, sizeof(left), "--%s %s", row->name,
		row->argument != NULL ? row->argument : "");
	printf("  %-23s %s", left, row->help);
	if (row->variable[0] != NULL)
		printf(" [%s]", row->variable[0]);
	if (otherwise != NULL)
		printf(" (%s)", otherwise);
	printf("\n");
}

static void say_help(void)
{
	printf("todo, a to-do service in one program and one file\n\n"
	       "usage: todo [OPTION ...]\n\n");
	for (size_t i = 0; i < OPTIONS; i++)
		say_option(&rows[i]);
}

static void say_version(void)
{
	printf("todo " TODO_VERSION "\n");
}

/* ---- the command line ---- */

static int wrong_word(const char *word, const char *sentence)
{
	log_error("%s: %s; see todo --help", word, sentence);
	return EXIT_WRONG_OPTION;
}

/* getopt_long() takes the beginning of a name for it, which an option added later would change. */
static bool is_whole_name(const char *word, const char *name)
{
	size_t length = strlen(name);

	return strncmp(word + strlen("--"), name, length) == 0 &&
	       strchr("=", word[strlen("--") + length]) != NULL;
}

#define OPTION_FIRST (UCHAR_MAX + 1) /* what getopt_long() calls the first row: no letter */

static void name_options(struct option options[OPTIONS + 1])
{
	for (int i = 0; i < (int)OPTIONS; i++)
		options[i] = (struct option){ rows[i].name,
			rows[i].argument != NULL ? required_argument : no_argument, NULL,
			OPTION_FIRST + i };
	options[OPTIONS] = (struct option){ 0 };
}

/*
 * What the command line gives, the last of each: -1, or the status to exit with. Options end at the
 * first other word, and "--" is no word of ours.
 */
static int read_words(int argc, char **argv, const char *values[OPTIONS])
{
	struct option options[OPTIONS + 1];
	int at = optind, found;

	name_options(options);
	while ((found = getopt_long(argc, argv, "+:", options, NULL)) != -1) {
		int row = (found == ':' || found == '?' ? optopt : found) - OPTION_FIRST;

		if (row < 0 || !is_whole_name(argv[at], rows[row].name))
			return wrong_word(argv[at], "no such option");
		if (found == ':')
			return wrong_word(argv[at], "wants a value");
		if (found == '?')
			return wrong_word(argv[at], "takes no value");
		values[row] = optarg != NULL ? optarg : "";
		at = optind;
	}
	if (at < argc && argv[at][0] == '-')
		return wrong_word(argv[at], "no such option");
	return -1;
}

/* The variable that counts where the command line does not give the option; may be NULL. */
static const char *variable_of(const struct option_row *row)
{
	for (int i = 0; i < 2 && row->variable[i] != NULL; i++) {
		const char *value = getenv(row->variable[i]);
		if (value != NULL && value[0] != '\0')
			return row->variable[i];
	}
	return NULL;
}

static int wrong_value(
	const struct option_row *row, const char *variable, const char *value, const char *sentence)
{
	if (variable != NULL)
		log_error("%s=%s: %s; see todo --help", variable, value, sentence);
	else
		log_error("--%s %s: %s; see todo --help", row->name, value, sentence);
	return EXIT_WRONG_OPTION;
}

/* Check and keep each value: -1, or the status to exit with. */
static int set_values(const char *const values[OPTIONS], struct settings *settings)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		const char *variable = values[i] == NULL ? variable_of(&rows[i]) : NULL;
		const char *value = variable != NULL ? getenv(variable) : values[i];
		if (value == NULL)
			value = rows[i].fallback;
		if (value == NULL || rows[i].set == NULL)
			continue;
		const char *wrong = rows[i].set(&rows[i], value, settings);
		if (wrong != NULL)
			return wrong_value(&rows[i], variable, value, wrong);
	}
	return -1;
}

int settings_read(int argc, char **argv, struct settings *settings)
{
	const char *values[OPTIONS] = { NULL };
	int status = read_words(argc, argv, values);

	if (status >= 0)
		return status;
	for (size_t i = 0; i < OPTIONS; i++) {
		if (rows[i].say == NULL || values[i] == NULL)
			continue;
		rows[i].say();
		return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	if (optind < argc)
		return wrong_word(argv[optind], "no such command");
	*settings = (struct settings){ .server.names = "", .server.metrics_token = "" };
	return set_values(values, settings);
}
