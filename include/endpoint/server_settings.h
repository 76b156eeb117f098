/*
 * What the operator asks of the server.
 */
#ifndef ENDPOINT_SERVER_SETTINGS_H
#define ENDPOINT_SERVER_SETTINGS_H

/* FIRST: the first account may be made, and closes it. */
enum registration { REGISTRATION_OPEN, REGISTRATION_FIRST, REGISTRATION_CLOSED };

enum request_log { REQUEST_LOG_TEXT, REQUEST_LOG_JSON, REQUEST_LOG_OFF };

/*
 * What an account may have so many of. Each is an option "--max-tokens" (settings.c) and a value
 * "$max_tokens" of every endpoint's (route.c); request_refuse_limit() names it.
 */
enum limit { LIMIT_TASKS, LIMIT_LISTS, LIMIT_TOKENS, LIMIT_SESSIONS, LIMITS };

/* The texts must stay; lists have commas between. */
struct server_settings {
	const char *host;  /* an IP address to listen on */
	int port;	   /* 0: a free one */
	const char *names; /* that are answered to, beside localhost and IP addresses */
	enum registration registration;
	const char *trusted_proxies; /* networks: "10.0.0.0/8, ::1" */
	int max_connections;	     /* 0: as many as files may be open */
	int max_per_address;	     /* 0: 1,024, or half of all if that is fewer */
	int idle_seconds; /* after which a connection without a request is closed */
	int limits[LIMITS];
	int keep_days;		   /* of changes */
	const char *metrics_token; /* "": /metrics answers this machine alone */
	enum request_log log;
};

#endif
