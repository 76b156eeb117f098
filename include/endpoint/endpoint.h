/*
 * What an endpoint is: a row that reads in the order of events. From the rows come routing,
 * validation, the statements' parameters, the route list and the replies; a handler is written
 * only for what does not fit a row.
 *
 * All of it on the loop's thread.
 */
#ifndef ENDPOINT_ENDPOINT_H
#define ENDPOINT_ENDPOINT_H

#include "base/buffer.h"
#include "base/text.h"
#include "http/method.h"
#include "store/sql.h"
#include "store/statement.h"
#include "store/store.h"

#include <jansson.h>
#include <stdbool.h>

#define ENDPOINT_INPUTS 32
#define ENDPOINT_VALUES 64
#define ENDPOINT_STATEMENTS 24
#define ENDPOINT_EXTRAS 4
#define ENDPOINT_ARRAYS 4
#define ENDPOINT_STEPS 12
#define BATCH_POINTER 64 /* bytes of a pointer, terminated */

/*
 * The clients that are admitted. ACCESS_REGISTRATION: those that may register now, by the operator's
 * setting. From SESSION on a session is needed; OWNER: that of the {username} of the path.
 */
enum access { ACCESS_ANYONE, ACCESS_REGISTRATION, SESSION, OWNER };

/* Bytes of a body that has a password in it, or comes from anyone. */
#define BODY_SMALL ((size_t)64 << 10)

enum source { IN_BODY, IN_QUERY }; /* of an input: the body or the query of the target */

enum input_type {
	INPUT_LINE,	 /* text without control characters, trimmed; max is in characters */
	INPUT_TEXT,	 /* text with tabs and newlines; null is ""; max is in bytes */
	INPUT_STRING,	 /* any string at all */
	INPUT_DATE,	 /* see base/date.h; null and "" are none */
	INPUT_DAY,	 /* a day alone; null and "" are none */
	INPUT_BOOL,	 /* true or false; in a form true/false, 1/0, on/off, yes/no, "" */
	INPUT_USERNAME,	 /* 1 to 64 of A-Za-z0-9._- and not a name that a path needs */
	INPUT_EMAIL,	 /* one '@', at most 254 bytes; null is none */
	INPUT_PASSWORD,	 /* 8 to 1,024 bytes */
	INPUT_CHOICE,	 /* one of the words in choices */
	INPUT_INTEGER,	 /* from min to max */
	INPUT_REAL,	 /* a finite one */
	INPUT_TAGS,	 /* up to max short words: a JSON array; in a form with commas */
	INPUT_TAG,	 /* one short word, as those of INPUT_TAGS */
	INPUT_REPEAT,	 /* a recurrence rule (RFC 5545, 3.3.10); null and "" are none */
	INPUT_REMINDERS, /* up to max durations or instants: a JSON array; in a form with commas */
	INPUT_ZONE,	 /* the IANA name of a time zone; null is UTC, as is an empty one of a form */
	INPUT_LINES,	 /* up to max lines of up to 100 characters, as INPUT_TAGS */
	INPUT_RENAME,	 /* an object of the lines from and to: ["from","to"]; null is none */
	INPUT_COLOR,	 /* #rrggbb; null and "" are "" */
	INPUT_SEARCH,	 /* words to search for, as typed: becomes an FTS5 expression */
	INPUT_NULL,	 /* null alone: it cannot have a value here */
	INPUT_OBJECT,	 /* an object, which a handler reads itself */
	INPUT_ITEMS,	 /* an array of at most max objects, which a handler reads itself */
	INPUT_SORT,	 /* names with commas between them, see struct list_query */
	INPUT_READ_ONLY, /* a member of replies that cannot be set: ignored */
};

/*
 * A member of the body, or a parameter of the query. Its name is the JSON member, the statement's
 * "$name" and the name in an error; "$name_given" is 1 where it was sent, else 0.
 */
struct input {
	const char *name;
	enum source source;
	enum input_type type;
	bool required;
	int64_t min;
	size_t max;
	const char *choices; /* with spaces between them */
	bool repeated;	     /* INPUT_TAGS of a query: each time adds one */
	bool nullable;	     /* NULL for null, and for an empty value of a form or query */
	bool or_none;	     /* of a query: the word none is 0, or an empty text */
};

/* An index that has the rows that a filter asks for, and few others. */
struct filter_index {
	const char *name;
	/*
	 * Where it has them in two runs, each in the order of their ids: the condition of either one.
	 * If the filter of the input unless is asked for, too, there is but one run.
	 */
	const char *half[2];
	const char *unless;
	/* It is used for a sorted list, too: few rows are sorted soon. But for this order. */
	bool narrow;
	const char *but_order;
};

/* One way to narrow a list: where holds of the rows that the input of that name asks for. */
struct filter {
	const char *input;
	const char *where;
	const char *otherwise; /* where the input is false, or none; NULL: where stands for all */
	bool by_clock; /* what it finds changes with the time alone: such a list has no ETag */

	const struct filter_index *index, *otherwise_index; /* NULL: SQLite chooses */
	const char *order;  /* sorted by this one and after a cursor, behind replaces where: */
	const char *after_cursor; /* the beginning of where lies before the cursor */

	/* Another table that finds these rows: the list runs through it, in the order of its id. */
	const char *join;
	const char *join_where;
	const char *id;
	const char *id_from; /* an expression of $after_id, where id is not the rows' own */
};

/* One way to sort a list: by a column or an expression of it, which an index should have. */
struct order {
	const char *name;
	const char *up;
	bool up_descends;
	const char *down; /* for "-name" */
	bool down_descends;
};

/*
 * A list that comes in pages. The inputs limit, cursor, count and sort are the list's own; each
 * filter has an input of its name. The SQL of the endpoint is the list without any of them.
 */
struct list_query {
	const char *columns;
	const char *from;
	const char *where;
	const char *id;
	const struct filter *filters; /* the last one has no input */
	const struct order *orders;   /* the last one has no name */
};

#define LIST_KEYS 5 /* orders that may be given at once */
#define LIST_FILTERS 24
/* Values that such an endpoint has to have; keys are as what is sorted by. */
/* clang-format off */
#define LIST_VALUES \
	ANY_SLOT("after_1"), ANY_SLOT("after_2"), ANY_SLOT("after_3"), \
	ANY_SLOT("after_4"), ANY_SLOT("after_5"), INTEGER_SLOT("after_id"), \
	ANY_SLOT("next_1"), ANY_SLOT("next_2"), ANY_SLOT("next_3"), \
	ANY_SLOT("next_4"), ANY_SLOT("next_5"), INTEGER_SLOT("next_id"), \
	INTEGER_SLOT("total")
/* clang-format on */

/* A member of a row as replies show it. */
struct member {
	const char *name;   /* of the statement's column; and "?" if some rows do not have it */
	const char *schema; /* JSON Schema (2020-12), as text */
};

/* The member's name alone. */
static inline struct text member_name(const struct member *member)
{
	return (struct text){ member->name, strcspn(member->name, "?") };
}

/* A member beside the rows. */
struct extra {
	const char *name;
	const char *schema;
	const char *value; /* the name of the value that it shows; none where that is NULL. Without a
			    * name: it is in "beside", of each element where the rows are an array */
	bool optional;	   /* it may be left out, as the API's description says then */
};

/* What the rows of some endpoints have in common; the members are the columns, in their order. */
struct shape {
	const char *name; /* in the API's description; NULL where it is one endpoint's own */
	const struct member *members; /* the last one has no name */
};

/* A member after the array of the rows: another array, of what its statement gives. */
struct rows_beside {
	const char *name;
	const char *sql;
	const struct shape *shape;
};

#define SCHEMA_INTEGER "{\"type\":\"integer\"}"
#define SCHEMA_TEXT "{\"type\":\"string\"}"
#define SCHEMA_NUMBER "{\"type\":\"number\"}"
#define SCHEMA_BOOL "{\"type\":\"boolean\"}"
#define SCHEMA_TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define SCHEMA_TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
/* A day or an instant. */
#define SCHEMA_DATE_OR_NULL                                                                        \
	"{\"anyOf\":[{\"type\":\"string\",\"format\":\"date\"},"                                   \
	"{\"type\":\"string\",\"format\":\"date-time\"},{\"type\":\"null\"}]}"

/*
 * Which revision the ETag "r<revision>" of a reply tells (RFC 9110, 8.8.3): of the row, whose column
 * revision it is, or of the whole account. CONDITIONS: conditions count, and the tag, if the reply has
 * one, is not of a revision.
 */
enum etag { ETAG_NONE, ETAG_CONDITIONS, ETAG_ROW, ETAG_ACCOUNT };

enum cookie { COOKIE_UNCHANGED, COOKIE_SET, COOKIE_CLEARED };

struct request;
struct route;
struct condition;

struct endpoint {
	const char *name; /* in the route list */
	enum method method;
	const char *path; /* "{x}" takes a segment as $x */
	enum access access;
	bool person; /* by a person's session alone: a program's token gets 403 */
	struct input input[ENDPOINT_INPUTS];
	struct slot value[ENDPOINT_VALUES]; /* further $names, set by statements or by a handler */
	void (*check)(struct request *request); /* what inputs ask of each other: request_fault() */

	/*
	 * Instead of running sql at once: runs statements by request_exec() or the like, and ends in
	 * request_reply() or request_refuse(). It does not run where the input has a fault.
	 */
	void (*start)(struct request *request);
	/*
	 * Whether there is what the path names, and its revision: it is asked where a request has
	 * conditions (RFC 9110, 13), or many rows would not tell. And that thing as a row, for 412.
	 */
	const char *current_revision_sql;
	const char *current_row_sql;
	/*
	 * Before the others, where .limit is set: a row while the limit is not reached. Its columns
	 * are values of the statements that follow. Without it the last statement has no row then.
	 */
	const char *below_limit_sql;
	const char *lookup_sql[ENDPOINT_STATEMENTS]; /* for a handler to look something up first */
	/*
	 * Instead of sql, where one of these inputs was sent (names, with spaces between them):
	 * so that a request without them costs no more than if there were none. Without the names
	 * it is for a handler to run.
	 */
	const char *alternative_inputs;
	const char *alternative_sql[ENDPOINT_STATEMENTS];
	const char *sql[ENDPOINT_STATEMENTS]; /* one transaction; the last one's rows go out */
	/*
	 * Functions that follow the statements of this text whose row becomes values: see struct
	 * job_step. A refusal of 422 names a member of the body, and one of 507 a limit ("max_tasks").
	 * Any other status has its sentence; with a member it is about that ("is taken already").
	 */
	struct {
		const char *after;
		const struct job_step_kind *step;
	} step[ENDPOINT_STEPS];

	/*
	 * A large change in slices, see request_exec_bulk(): what begins it, ends in one that gives a
	 * row, or it is not begun; then again and again a slice, with each for every row; then
	 * finish, which makes it visible, and whose rows go out.
	 */
	const char *begin[ENDPOINT_STATEMENTS];
	const char *each;
	const char *slice[ENDPOINT_STATEMENTS];
	const char *finish[ENDPOINT_STATEMENTS];

	/*
	 * The reply: {"msg":…, "username":…, and the rows}, as far as they are named here. Then come
	 * further members, which a statement has set as the value "beside": ",\"next\":null".
	 */
	int status; /* 200 where none is named */
	const char *msg;
	bool username;	    /* of the path, as it was registered */
	const char *object; /* the member for the row; without it the row's own members are here */
	const char *row_name;	  /* the same beside a problem (412), and without object in an item's
				   * result */
	const char *array;	  /* the member for an array of all rows */
	struct rows_beside further[ENDPOINT_ARRAYS];
	bool slow;   /* a whole account's rows: they are read apart from short reads */
	/*
	 * The value, NULL at first, behind which the rows of sql begin, if they come in the order of
	 * their first column: a long list is then read once, whichever thread begins it.
	 */
	const char *behind;
	bool no_row; /* a row is asked for (else 404), but not shown */
	struct extra extra[ENDPOINT_EXTRAS];
	const struct list_query *list_query;
	enum etag etag;
	size_t body_max;   /* bytes of a body; 0: 1 MiB, or BODY_SMALL where it takes no session */
	const char *file;  /* what the reply is called where it is saved */
	const char *media; /* that the reply or a raw body may have, with spaces between */
	bool raw;	   /* the body is no object: a handler reads it */
	bool itemized;	   /* much is made of the body, so nothing is before the session is known */
	bool internal; /* no route: its input and its sql are those of items of other endpoints */
	const char *limit; /* the value that was reached where no row comes, such as "max_tasks" */
	bool not_replayable; /* the reply is not saved for a request with the same Idempotency-Key */
	const struct shape *shape; /* of the row or rows that are shown */
	const char *location;	   /* of what was made; "{x}" is the value of x */
	bool any_time;		   /* it does not wait for a large change of the account's tasks */
	bool sweeps;		   /* what it has deleted is removed afterwards, step by step */
	bool no_store;		   /* no cache may store a reply, which is true only now */
	bool html; /* a page, which reads its query itself; problems are pages to browsers */
	const char *see_other; /* of a page's form: where it leads, relative to its path */
	/*
	 * What becomes of the session's cookie. Where it is SET, the value "cookie_refused" says why a
	 * browser gets none; a page is refused before anything is done, and needs no such value.
	 */
	enum cookie cookie;
};

/* The value of a name, to be read or set; the endpoint has one of that name. */
struct value *request_value(struct request *request, const char *name);

/* Whether anything was sent in the query. */
bool request_has_query(const struct request *request);

/* Whether the input was sent. */
bool request_given(struct request *request, const char *name);

/*
 * Whether a list of the account has an ETag, before request_exec(). False: it depends on more than
 * the account's revision; conditions say nothing of it then, but wait for true.
 */
void request_set_etag(struct request *request, bool has_etag);

/* How many rows the statements that ran last gave. */
uint64_t request_rows(const struct request *request);

/* So many random bytes as hexadecimal digits; the request keeps them. */
struct text request_random(struct request *request, size_t bytes);

/* The bytes of the body. */
struct text request_body(struct request *request);

/* The text of the body's own member, which is sound JSON; empty where it was not sent as such. */
struct text request_json(struct request *request, const char *member);

/* A fault of the body's member: it is collected, and all of them are answered together (422). */
void request_fault(struct request *request, const char *member, const char *detail);

/* Whether any fault was found so far. */
bool request_has_fault(const struct request *request);

/* The same of any place in the body, by its JSON pointer (RFC 6901). */
void request_fault_at(struct request *request, const char *pointer, const char *detail);

/* A fault of the body as a whole, with a status of its own; the first one of all is told. */
void request_fault_whole(struct request *request, int status, const char *detail);

/* One more to a list of faults as replies have it: JSON objects with commas between them. */
void fault_write(struct buffer *list, struct text pointer, const char *detail);

/*
 * The rows of the table that removes what large changes leave behind; they have no routes. FIND: the next
 * account with hidden rows. STEP, DELETED: remove some of an account's, or of one that is gone, and say
 * in $left whether there are more.
 */
enum sweep_row { SWEEP_FIND, SWEEP_STEP, SWEEP_DELETED, SWEEP_ROWS };

/*
 * SQL over accounts, sessions and idempotency keys, which comes before the statements of endpoints or
 * beside them: see server_start(). It uses the values that every endpoint has, but for the last two.
 */
struct access_sql {
	/*
	 * From $session_token: $asker (the account that asks), $account (the one whose rows are asked
	 * for), $session, $owner, $username, $reads (may only read), $program (is a program's token),
	 * $needs_refresh (refresh is to be run), and of the account $newest, $bulk, $hidden_from,
	 * $hidden_to, $emptied and $tasks. No row where the session has ended.
	 */
	const char *session;
	const char *registration; /* in its place: gives a row where an account may be made now */
	const char *refresh;	  /* writes down that $session is used */
	const char *newest;	  /* again, of the account: before each item of a batch */
	const char *bulk_stands;  /* gives a row where the account's large change is $bulk_number */

	/* Idempotency keys: the reply that was saved for $answer_key; and save one in its place. */
	const char *find_key;
	const char *save_rows; /* of rows, where there is one */
	const char *save_batch;
	const char *save_problem; /* in a job of its own */

	const struct member_group *groups; /* of columns, see store_define_members() */

	const char *session_count; /* $sessions that have not ended by $now */
	const char *used_between;  /* $agrees: the database was used between $from and $until, or never */
};

enum statements {
	LOOKUP_SQL,
	ALTERNATIVE_SQL,
	CURRENT_SQL,
	SQL,
	BULK_BEGIN,
	BULK_EACH,
	BULK_SLICE,
	BULK_FINISH
};

/*
 * Run statements of the endpoint, then next() on the loop. Where the session, the input or the
 * store does not allow it, the request is refused and next() is not called. The rows of SQL's last
 * statement are the reply; those of every other statement become values.
 */
void request_exec(
	struct request *request, enum statements statements, void (*next)(struct request *request));

/*
 * Many things in one transaction, all or nothing. Each item is what a request to another endpoint
 * would be, without its session and its reply.
 */
struct batch_item {
	const struct route *route;
	struct value *values;	    /* by the route's slots; kept by the request */
	char pointer[BATCH_POINTER]; /* its place in the body */
	bool conditional;	    /* see batch_item_if_match() */
	bool whole;   /* faults are of the item as a whole, and say which member they mean */
	bool passing; /* its text goes when the next such item is read */
};

/*
 * An item of an endpoint (its row), with the members of an object; faults are collected. The
 * pointer is that of the members. Any thread that has the request.
 */
void batch_item(struct request *request, struct batch_item *item, const struct endpoint *endpoint,
	const char *pointer, const json_t *members);

/* The same of an object in the body, as request_json() gives it. */
void batch_item_text(struct request *request, struct batch_item *item,
	const struct endpoint *endpoint, const char *pointer, struct text members);

/* The value of a name of the item's endpoint. */
struct value *batch_item_value(struct batch_item *item, const char *name);

/*
 * That the item runs only if this is its tag: as If-Match, but the quotes may be left out. Its
 * endpoint has current_revision_sql. False where it is none.
 */
bool batch_item_if_match(struct request *request, struct batch_item *item, const char *tags);

/*
 * Run the session's statement, then each item's endpoint's sql, then that of the request; then done().
 * Where one cannot be done, none is, and the refusal names it. The items stay where they are until
 * the request ends.
 */
void request_exec_batch(struct request *request, struct batch_item *items, unsigned count,
	void (*done)(struct request *request));

/*
 * Packed rows for the endpoint's each, which has values with these names (NULL-ended), as have the
 * items that are added. Any thread that has the request.
 */
struct bulk_rows;
struct bulk_rows *request_rows_new(
	struct request *request, const struct endpoint *item, const char *const *names);
void request_rows_add(struct bulk_rows *rows, const struct batch_item *item);
/* Ask, when a row is run, see struct rows: its values are those of the request then. */
void request_rows_ask(struct bulk_rows *rows, bool (*take)(void *owner, size_t row), void *owner);
void request_rows_free(struct bulk_rows *rows); /* NULL is none */

/*
 * A large change, all or nothing for every reader, in slices between which others write: its rows
 * are hidden until finish moves the account's revision. Other changes of the account wait meanwhile.
 * With rows each slice is some of them, and $number is raised by one for each; else there are slices
 * as long as $more is set. After finish comes next(). Where begin gave no row nothing was done, and
 * refused() is called instead.
 */
void request_exec_bulk(struct request *request, struct bulk_rows *rows,
	void (*next)(struct request *request), void (*refused)(struct request *request));

/* Run long work on a thread of the store's, then next() on the loop. */
void request_run_in_background(struct request *request, void (*work)(struct request *request),
	void (*next)(struct request *request));

/* A handler's own state, which is freed with the request. */
void request_keep_state(struct request *request, void *state, void (*drop)(void *state));
void *request_state(struct request *request);

/*
 * The rows of SQL go out as another format than JSON: with this media type (and its charset) and
 * file name, each written by write(). Without a media type they are a page. Before request_exec().
 */
struct row_format {
	const char *media;
	const char *file; /* or NULL */
	void (*begin)(struct buffer *out);
	void (*write)(struct buffer *out, const struct value *row);
	void (*end)(struct buffer *out);
};
void request_set_row_format(struct request *request, const struct row_format *writing);

/* The reply as the row describes it, from the rows of the statements that ran last. */
void request_reply(struct request *request);

/* A reply that the handler writes: status 200, JSON in body, which is taken over. */
void request_reply_json(struct request *request, struct buffer *body);

/* A problem document (RFC 9457) with a constant sentence, and the faults where status is 422. */
void request_refuse(struct request *request, int status, const char *detail);

/*
 * 507: the account has as many as the value of this name ("max_tokens") allows; the problem names the
 * option and the number.
 */
void request_refuse_limit(struct request *request, const char *name);

/* As request_refuse(), with Retry-After. */
void request_refuse_for(struct request *request, int status, int seconds, const char *detail);

/*
 * A new session's token: sets $new_token (text), $new_token_hash and $user_agent.
 */
void request_new_token(struct request *request);

/*
 * Passwords are hashed (Argon2id) on a thread of their own. Where its queue has no place for the
 * client's address, or loses it to another one, the answer is 503 and next() is not called. Each hash
 * is to be counted against the address before, as src/api/accounts/throttle.h does.
 */
bool request_reserve_hash(struct request *request); /* else it was answered; for one use below */
void request_hash(
	struct request *request, struct text password, void (*next)(struct request *request));
void request_verify(struct request *request, struct text password, struct text hash,
	void (*next)(struct request *request));
struct text request_hashed(struct request *request); /* what request_hash() made */
bool request_verified(struct request *request);	     /* what request_verify() found */

/* Refuse the request for the faults of its input. There is one. */
void request_refuse_faults(struct request *request);

/* Free the body: it has been read, and nothing points into it. */
void request_drop_body(struct request *request);

/* Whether the client prefers a page to JSON. */
bool request_wants_page(struct request *request);

/*
 * The beginning and the end of a page that a handler writes, and such a page as a reply. root is the
 * way to "/" from its path: "" or "../".
 */
void request_html_begin(struct buffer *out, const char *title, const char *root);
void request_html_end(struct buffer *out);
void request_reply_html(struct request *request, int status, struct buffer *html);

/* The page; and a file of it, of a path "/page/{version}/{file}" or with a folder before the file. */
void request_reply_page(struct request *request);
void request_reply_part(struct request *request);

/*
 * The description of the whole API: in OpenAPI 3.1; as a page; and every endpoint's name with
 * "METHOD /path", as one JSON object. They have tags, so their endpoints are ETAG_CONDITIONS.
 */
void request_reply_openapi(struct request *request);
void request_reply_docs(struct request *request);
void request_reply_route_list(struct request *request);

/*
 * For the operator: that the server is alive; whether a change can be saved now (else 503); and the
 * metrics, in Prometheus's text format, for clients that may see them.
 */
void request_reply_health(struct request *request);
void request_reply_readiness(struct request *request);
void request_reply_metrics(struct request *request);

#endif
