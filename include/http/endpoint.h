/*
 * What an endpoint is: a row that reads in the order of events. From the rows come routing,
 * validation, the statements' parameters, the route list and the replies; a handler is written
 * only for what does not fit a row.
 *
 * All of it on the loop's thread.
 */
#ifndef HTTP_ENDPOINT_H
#define HTTP_ENDPOINT_H

#include "base/buffer.h"
#include "base/text.h"
#include "store/store.h"

#include <stdbool.h>

#define ENDPOINT_INPUTS 24
#define ENDPOINT_VALUES 8
#define ENDPOINT_STATEMENTS 6

enum method { GET = 1, POST = 2, PUT = 4, PATCH = 8, DELETE = 16 };

/* Who may ask. OWNER: whoever is the {username} of the path. */
enum access { ANYONE, SESSION, OWNER };

enum source { BODY, QUERY };

enum kind {
	LINE,	  /* text without control characters, trimmed; most is in characters */
	LINES,	  /* text with tabs and newlines; null is ""; most is in bytes */
	STRING,	  /* any string at all */
	DATE,	  /* see base/date.h; null and "" are none */
	BOOL,	  /* true or false; in a form true/false, 1/0, on/off, yes/no, "" */
	USERNAME, /* 1 to 64 of A-Za-z0-9._- and not a name that a path needs */
	EMAIL,	  /* one '@', at most 254 bytes; null is none */
	PASSWORD, /* 8 to 1,024 bytes */
	CHOICE,	  /* one of the words in choices */
	SHOWN,	  /* what a reply shows and nobody sets: taken and left alone, whatever it holds */
};

/*
 * A member of the body, or a parameter of the query. Its name is the JSON member, the statement's
 * "$name" and the name in an error; "$name_given" is 1 where it was sent, else 0.
 */
struct input {
	const char *name;
	enum source source;
	enum kind kind;
	bool required;
	size_t most;
	const char *choices; /* with spaces between them */
};

/* A member of a row as replies show it. */
struct member {
	const char *name;   /* of the statement's column */
	const char *schema; /* JSON Schema (2020-12), as text */
};

/* What the rows of some endpoints have in common; the members are the columns, in their order. */
struct shape {
	const char *name; /* in the API's description; NULL where it is one endpoint's own */
	const struct member *members; /* the last one has no name */
};

#define SCHEMA_INTEGER "{\"type\":\"integer\"}"
#define SCHEMA_TEXT "{\"type\":\"string\"}"
#define SCHEMA_BOOL "{\"type\":\"boolean\"}"
#define SCHEMA_TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define SCHEMA_TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
/* A day or an instant. */
#define SCHEMA_DATE_OR_NULL                                                                        \
	"{\"anyOf\":[{\"type\":\"string\",\"format\":\"date\"},"                                   \
	"{\"type\":\"string\",\"format\":\"date-time\"},{\"type\":\"null\"}]}"

enum cookie { COOKIE_LEFT, COOKIE_SET, COOKIE_CLEARED };

struct request;

struct endpoint {
	const char *name; /* in the route list */
	enum method method;
	const char *path; /* "{x}" takes a segment as $x */
	enum access access;
	struct input input[ENDPOINT_INPUTS];
	const char *value[ENDPOINT_VALUES]; /* further $names, set by statements or by a handler */
	void (*check)(struct request *request); /* what inputs ask of each other: request_fault() */

	/*
	 * Instead of running sql at once: asks by request_exec() or the like, and ends in
	 * request_reply() or request_refuse(). It does not run where the input has a fault.
	 */
	void (*start)(struct request *request);
	const char *before[ENDPOINT_STATEMENTS]; /* for a handler to ask first */
	const char *failed[ENDPOINT_STATEMENTS]; /* for a handler whose answer is no */
	const char *sql[ENDPOINT_STATEMENTS];	 /* one transaction; the last one's rows go out */

	/* The reply: {"msg":…, "username":…, and the rows}, as far as they are named here. */
	int status; /* 200 where none is named */
	const char *msg;
	bool username;	  /* of the path, as it was registered */
	const char *one;  /* the member for the row; without it the row's own members stand here */
	const char *many; /* the member for an array of all rows */
	bool no_row;	  /* a row is asked for (else 404), but not shown */
	const struct shape *shape; /* of the row or rows that are shown */
	const char *location;	   /* of what was made; "{x}" is the value of x */
	bool page;		   /* a page, which reads its query itself */
	enum cookie cookie;	   /* what becomes of the session's cookie */
};

/* The value of a name, to be read or set; the endpoint has one of that name. */
struct value *request_value(struct request *request, const char *name);

/* Whether the input was sent. */
bool request_given(struct request *request, const char *name);

/* How many rows the statements that ran last gave. */
uint64_t request_rows(const struct request *request);

/* A fault of the body's member: it is collected, and all of them are answered together (422). */
void request_fault(struct request *request, const char *member, const char *detail);

enum statements { BEFORE, FAILED, SQL };

/*
 * Run statements of the endpoint, then next() on the loop. Where the session, the input or the
 * store stands against it, that is answered and next() is not called. The rows of SQL's last
 * statement are the reply; those of every other statement become values.
 */
void request_exec(
	struct request *request, enum statements statements, void (*next)(struct request *request));

/* The reply as the row describes it, from the rows of the statements that ran last. */
void request_reply(struct request *request);

/* A reply of one's own: status 200, JSON in body, which is taken over. */
void request_reply_json(struct request *request, struct buffer *body);

/* A problem document (RFC 9457) with a constant sentence, and the faults where status is 422. */
void request_refuse(struct request *request, int status, const char *detail);

/* As request_refuse(), with Retry-After. */
void request_refuse_for(struct request *request, int status, int seconds, const char *detail);

/*
 * A new session's token: sets $new_token (text), $new_token_hash, $new_expires (of a session that
 * is used now) and $user_agent.
 */
void request_new_token(struct request *request);

/*
 * Passwords are hashed (Argon2id) on a thread of their own. Where its queue is full the answer is
 * 503 and next() is not called.
 */
bool request_reserve_hash(struct request *request); /* else it was answered; for one use below */
void request_hash(
	struct request *request, struct text password, void (*next)(struct request *request));
void request_verify(struct request *request, struct text password, struct text hash,
	void (*next)(struct request *request));
struct text request_hashed(struct request *request); /* what request_hash() made */
bool request_verified(struct request *request);	     /* what request_verify() found */

/* Whether the client prefers a page to JSON. */
bool request_wants_page(struct request *request);

/* The page's files, by name; a reply. */
void request_reply_page(struct request *request, const char *name);

/* The description of the whole API: in OpenAPI 3.1, to be freed by the caller; and as a page. */
struct buffer request_openapi(struct request *request);
void request_reply_docs(struct request *request);

/* Every endpoint's name, and "METHOD /path", as one JSON object, to be freed by the caller. */
struct buffer request_route_list(struct request *request);

#endif
