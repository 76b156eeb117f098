/*
 * The server as the files of this layer see it: what they share, and a pointer to the state of each
 * service, which is its own file's. Loop thread.
 */
#ifndef ENDPOINT_SERVER_STATE_H
#define ENDPOINT_SERVER_STATE_H

#include "endpoint/server_settings.h"

#include "base/date.h"
#include "base/network.h"

struct clock_watch;
struct connections;
struct descriptions;
struct health;
struct maintenance;
struct passwords;
struct request;
struct request_counts;
struct router;
struct statement;
struct sweeper;
struct work;

/* The time as SQL takes it, written out once a second. */
struct clock {
	time_t second;
	bool settled; /* it is trusted */
	char now[DATE_SIZE];
	char hour_ago[DATE_SIZE];
	char day_ago[DATE_SIZE];
	char month_ago[DATE_SIZE];   /* thirty days */
	char kept_since[DATE_SIZE];  /* as many days as changes are kept for */
	char window_end[DATE_SIZE];  /* of what is counted from now on: ten minutes */
	char session_end[DATE_SIZE]; /* of a session that is used now */
};

/* Memory of requests that have ended, to be used again. Loop thread. */
struct request_pool {
	struct request *first;
	unsigned length;
};

#define SHARE_TOKENS 1024 /* a power of two */

/*
 * The accounts of tokens that were used lately. It decides about turns alone, never about rights.
 */
struct share_cache {
	struct {
		uint64_t token; /* the first bytes of its hash */
		uint64_t account;
	} known[SHARE_TOKENS];
};

/* Of idempotency.c; prepared before store_start(). */
struct idempotency_statements {
	const struct statement *find;
	const struct statement *save_rows;
	const struct statement *save_batch;
	const struct statement *save_problem;
};

/* Of batch.c: what runs before an item's own statements. */
struct batch_statements {
	const struct statement *newest;	 /* the account's revision */
	const struct statement *matches; /* a row where the revision is one that the item wants */
};

/* The Host, with its port, that was last found to be allowed. */
struct known_host {
	char name[264]; /* a longer one is not kept */
	size_t length;
};

struct server {
	struct server_settings settings;
	struct networks proxies; /* that are trusted */
	struct event_base *base;
	struct evhttp *http;
	struct evhttp_bound_socket *socket;
	struct store *store;
	time_t started;
	bool stopping;
	bool closed;		/* what comes back from a thread is refused */
	struct event *deadline; /* of a stop */

	struct connections *connections;
	struct router *router;
	struct descriptions *descriptions;
	struct request_counts *counts;
	struct health *health;
	struct maintenance *maintenance;
	struct passwords *passwords;
	struct sweeper *sweeper;
	struct clock clock;
	struct clock_watch *watch;

	/* Requests. */
	struct request_pool pool;
	struct share_cache shares;
	uint64_t requests;	      /* that have come */
	uint64_t in_flight;	      /* of those */
	struct known_host known_host; /* request.c */
	uint64_t run; /* a random name for this run: with a request's number its id */
	void (*job_done)(struct work *work); /* of every request */
	struct request *waiting;	     /* streams, the longest-waiting first: see stream.c */
	struct request *parked;		     /* the longest-waiting first: see bulk.c */
	uint64_t bulks_ended; /* large changes and sweeps that have come to their end */

	/* Statements. */
	const struct statement *session_refresh; /* session.c */
	const struct statement *session_lookup;	 /* session.c */
	const struct statement *bulk_stands;	 /* guards.c */
	struct idempotency_statements idempotency;
	struct batch_statements batch_statements;

	/* When the log last told of these, in monotonic seconds; 0: never. */
	time_t warned_of_proxy; /* forwarded.c */
	time_t cookie_refused;	/* origin.c */
};

#endif
