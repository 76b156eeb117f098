/*
 * From a path to an endpoint. Made once from the tables; then read by the loop alone.
 */
#ifndef ENDPOINT_ROUTE_H
#define ENDPOINT_ROUTE_H

#include "endpoint/endpoint.h"
#include "endpoint/server_settings.h"

#define PATH_SEGMENTS 8
#define VALUES_MAX 128

/* Values that every endpoint has, by the slot's number; their names and types are in route.c. */
enum fixed_slot {
	SLOT_ASKER,
	SLOT_ACCOUNT,
	SLOT_USERNAME,
	SLOT_OWNER,
	SLOT_SESSION,
	SLOT_READS,
	SLOT_PROGRAM,
	SLOT_NEEDS_REFRESH,
	SLOT_TOKEN,
	SLOT_NOW,
	SLOT_HOUR_AGO,
	SLOT_DAY_AGO,
	SLOT_MONTH_AGO,
	SLOT_KEPT_SINCE,
	SLOT_WINDOW_END,
	SLOT_SETTLED,
	SLOT_ADDRESS,
	SLOT_REGISTRATION,
	SLOT_NEW_TOKEN,
	SLOT_NEW_TOKEN_HASH,
	SLOT_NEW_EXPIRES,
	SLOT_USER_AGENT,
	SLOT_NEWEST,
	SLOT_ID,
	SLOT_REVISION,
	SLOT_MATCHING,
	SLOT_BULK,
	SLOT_BULK_NUMBER,
	SLOT_HIDDEN_FROM,
	SLOT_HIDDEN_TO,
	SLOT_EMPTIED,
	SLOT_UID_BASE,
	SLOT_TASKS,
	SLOT_LAST,
	SLOT_MORE,
	SLOT_AS_OF,  /* the revision of the index that a reply is read by; NULL: it is by none */
	SLOT_LIMITS, /* as many as enum limit has, in its order */
	SLOT_LIMITS_LAST = SLOT_LIMITS + LIMITS - 1,
	SLOT_IDEMPOTENCY_KEY,
	SLOT_IDEMPOTENCY_REQUEST,
	SLOT_IDEMPOTENCY_STATUS,
	SLOT_IDEMPOTENCY_BODY,
	SLOT_SAVED_REQUEST,
	SLOT_BESIDE, /* members that follow the rows in the reply, each after a comma */
	SLOTS_FIXED,
};

struct path {
	struct text segment[PATH_SEGMENTS]; /* decoded */
	unsigned count;
};

struct statements_list {
	const struct statement *statement[ENDPOINT_STATEMENTS + 1];
	unsigned count;
};

struct route {
	const struct endpoint *endpoint;
	unsigned index;			   /* among all */
	struct path path;		   /* "{x}" is a parameter */
	int path_slot[PATH_SEGMENTS];	   /* of a parameter; -1 */
	struct slot slots[VALUES_MAX + 1]; /* the last one has no name */
	unsigned slot_count;
	struct {
		int value;
		int given;	       /* whether it was sent */
	} input_slot[ENDPOINT_INPUTS]; /* by input; -1 for what is INPUT_READ_ONLY */
	struct statements_list
		statements[BULK_FINISH + 1];	  /* by enum statements; the session's first
							       but in a slice and after it */
	int behind;			  /* the slot of the endpoint's value of that name; -1 */
	int next_id;			  /* of a listing: where the next page begins; -1 */
	int extra[ENDPOINT_EXTRAS];	  /* the slots of what goes out beside the rows; -1 */
	int alternative[ENDPOINT_INPUTS + 1];	  /* the slots that say whether one of those inputs
						     was sent; -1 after the last */
	const struct statement *current_revision; /* or NULL */
	const struct statement *below_limit;	  /* or NULL */
	const struct statement *next; /* of a listing: what its composed ones are like */
	const struct statement *total;
	const struct statement *further[ENDPOINT_ARRAYS];
	bool is_safe;			/* its method is (RFC 9110, 9.2.1) */
	bool writes;			/* a GET that does has no HEAD */
	bool uses_address;		/* a statement has $address: it counts by address */
};

struct router;

/* The statements that endpoints have in common. */
struct router_sql {
	const struct member_group *groups; /* of columns */
	const char *session;	  /* before those of an endpoint that needs a session */
	const char *registration; /* before those of one that makes an account: whether it may */
	const char *next, *total; /* what the composed ones of a listing are like */
};

/* All statements are prepared in the store. */
struct router *router_new(
	struct store *store, const struct endpoint *const *tables, const struct router_sql *common);
void router_free(struct router *router);

/*
 * Cut a raw path into decoded segments; text that had to be decoded is kept. A slash at the end
 * counts for nothing. 0, or the status that the path is refused with: 400 or 404.
 */
int path_read(struct text raw, struct path *path, struct arena **arena);

/*
 * The methods known at a path, and in *route the route of one of them (NULL where that method is
 * unknown here). 0 where nothing is at the path. A literal segment wins over a parameter.
 */
unsigned router_match(const struct router *router, const struct path *path, unsigned method,
	const struct route **route);

/* The slots that every endpoint has; the last one has no name. */
const struct slot *route_fixed_slots(void);

/* Set the "$..._given" values: no input was sent so far. */
void route_clear_given(const struct route *route, struct value *values);

/*
 * The statements that do what the request asks, the session's first: SQL's, or the alternative ones
 * where one of their inputs was sent.
 */
const struct statements_list *route_statements(
	const struct route *route, const struct value *values);

/* The slot of a value that the route has. */
int route_slot(const struct route *route, const char *name);

/* The route of an endpoint that is in the tables. */
const struct route *router_of(const struct router *router, const struct endpoint *endpoint);

/* Each route in turn from index 0; NULL after the last. */
const struct route *router_route(const struct router *router, unsigned index);

#endif
