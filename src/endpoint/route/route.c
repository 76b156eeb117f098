/*
 * The route table, compiled from the endpoints' rows at boot: segments, the slots of the values,
 * the prepared statements.
 */
#include "route/route.h"

#include "base/log.h"
#include "http/method.h"
#include "types/types.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct slot fixed_slots[SLOTS_FIXED + 1] = {
	[SLOT_ASKER] = INTEGER_SLOT("asker"),
	[SLOT_ACCOUNT] = INTEGER_SLOT("account"),
	[SLOT_USERNAME] = TEXT_SLOT("username"),
	[SLOT_OWNER] = INTEGER_SLOT("owner"),
	[SLOT_SESSION] = INTEGER_SLOT("session"),
	[SLOT_READS] = INTEGER_SLOT("reads"),
	[SLOT_PROGRAM] = INTEGER_SLOT("program"),
	[SLOT_NEEDS_REFRESH] = INTEGER_SLOT("needs_refresh"),
	[SLOT_TOKEN] = BLOB_SLOT("session_token"),
	[SLOT_NOW] = TEXT_SLOT("now"),
	[SLOT_HOUR_AGO] = TEXT_SLOT("hour_ago"),
	[SLOT_DAY_AGO] = TEXT_SLOT("day_ago"),
	[SLOT_MONTH_AGO] = TEXT_SLOT("month_ago"),
	[SLOT_KEPT_SINCE] = TEXT_SLOT("kept_since"),
	[SLOT_WINDOW_END] = TEXT_SLOT("window_end"),
	[SLOT_SETTLED] = INTEGER_SLOT("settled"),
	[SLOT_ADDRESS] = TEXT_SLOT("address"),
	[SLOT_REGISTRATION] = TEXT_SLOT("registration"),
	[SLOT_NEW_TOKEN] = TEXT_SLOT("new_token"),
	[SLOT_NEW_TOKEN_HASH] = BLOB_SLOT("new_token_hash"),
	[SLOT_NEW_EXPIRES] = TEXT_SLOT("new_expires"),
	[SLOT_USER_AGENT] = TEXT_SLOT("user_agent"),
	[SLOT_NEWEST] = INTEGER_SLOT("newest"),
	[SLOT_ID] = INTEGER_SLOT("id"),
	[SLOT_REVISION] = INTEGER_SLOT("revision"),
	[SLOT_MATCHING] = TEXT_SLOT("matching"),
	[SLOT_BULK] = INTEGER_SLOT("bulk"),
	[SLOT_BULK_NUMBER] = INTEGER_SLOT("bulk_number"),
	[SLOT_HIDDEN_FROM] = INTEGER_SLOT("hidden_from"),
	[SLOT_HIDDEN_TO] = INTEGER_SLOT("hidden_to"),
	[SLOT_EMPTIED] = INTEGER_SLOT("emptied"),
	[SLOT_UID_BASE] = TEXT_SLOT("uid_base"),
	[SLOT_TASKS] = INTEGER_SLOT("tasks"),
	[SLOT_LIMITS + LIMIT_TASKS] = INTEGER_SLOT("max_tasks"),
	[SLOT_LIMITS + LIMIT_LISTS] = INTEGER_SLOT("max_lists"),
	[SLOT_LIMITS + LIMIT_TOKENS] = INTEGER_SLOT("max_tokens"),
	[SLOT_LIMITS + LIMIT_SESSIONS] = INTEGER_SLOT("max_sessions"),
	[SLOT_LAST] = INTEGER_SLOT("last"),
	[SLOT_MORE] = INTEGER_SLOT("more"),
	[SLOT_AS_OF] = INTEGER_SLOT("as_of"),
	[SLOT_IDEMPOTENCY_KEY] = TEXT_SLOT("answer_key"),
	[SLOT_IDEMPOTENCY_REQUEST] = BLOB_SLOT("answer_request"),
	[SLOT_IDEMPOTENCY_STATUS] = INTEGER_SLOT("answer_status"),
	[SLOT_IDEMPOTENCY_BODY] = TEXT_SLOT("answer_body"),
	[SLOT_SAVED_REQUEST] = BLOB_SLOT("kept_request"),
	[SLOT_BESIDE] = TEXT_SLOT("beside"),
};

struct router {
	struct route *routes;
	unsigned count;
	/* Those of paths with so many segments are in by_length from first[so many] on. */
	const struct route **by_length;
	unsigned first[PATH_SEGMENTS + 2];
	struct arena *arena; /* names made here */
};

/* The slot of a name, made where there is none yet. A name is one value, and so of one type. */
static int slot_of(struct route *route, const char *name, enum value_type type)
{
	int slot = route_slot(route, name);

	if (slot >= 0 && route->slots[slot].type == type)
		return slot;
	if (slot >= 0 || route->slot_count == VALUES_MAX) {
		log_error("%s: %s: %s", route->endpoint->path, name,
			slot >= 0 ? "a value of two types" : "a value too many");
		abort();
	}
	route->slots[route->slot_count] = (struct slot){ name, type };
	return (int)route->slot_count++;
}

static char *name_keep(struct router *router, struct text name, const char *end)
{
	size_t size = name.length + strlen(end) + 1;
	char *copy = arena_alloc(&router->arena, size);

	snprintf(copy, size, "%.*s%s", (int)name.length, name.data, end);
	return copy;
}

static bool is_parameter(struct text segment)
{
	return segment.length > 2 && segment.data[0] == '{';
}

/* A name, or else an id. */
static enum value_type path_type(struct text name)
{
	bool is_name = text_equal(name, text_of(fixed_slots[SLOT_USERNAME].name));

	return is_name ? VALUE_TEXT : VALUE_INTEGER;
}

static void compile_path(struct router *router, struct route *route)
{
	path_read(text_of(route->endpoint->path), &route->path, &router->arena);
	for (unsigned i = 0; i < route->path.count; i++) {
		struct text segment = route->path.segment[i];
		route->path_slot[i] = -1;
		if (!is_parameter(segment))
			continue;
		struct text name = { segment.data + 1, segment.length - 2 };
		route->path_slot[i] = slot_of(route, name_keep(router, name, ""), path_type(name));
	}
}

static void compile_slots(struct router *router, struct route *route)
{
	const struct endpoint *endpoint = route->endpoint;

	for (unsigned i = 0; i < SLOTS_FIXED; i++)
		slot_of(route, fixed_slots[i].name, fixed_slots[i].type);
	compile_path(router, route);
	for (unsigned i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++) {
		const struct input *input = &endpoint->input[i];
		route->input_slot[i].value = -1;
		if (input->type == INPUT_READ_ONLY)
			continue;
		route->input_slot[i].value =
			slot_of(route, input->name, input_value_type(input->type));
		route->input_slot[i].given = slot_of(
			route, name_keep(router, text_of(input->name), "_given"), VALUE_INTEGER);
	}
	for (unsigned i = 0; i < ENDPOINT_VALUES && endpoint->value[i].name != NULL; i++)
		slot_of(route, endpoint->value[i].name, endpoint->value[i].type);
}

/* The slots that most replies look at. */
static void compile_reply(struct route *route)
{
	const struct endpoint *endpoint = route->endpoint;

	route->behind = endpoint->behind != NULL ? route_slot(route, endpoint->behind) : -1;
	route->next_id = endpoint->list_query != NULL ? route_slot(route, "next_id") : -1;
	for (unsigned i = 0; i < ENDPOINT_EXTRAS; i++) {
		const char *value = endpoint->extra[i].value;
		route->extra[i] = value != NULL ? route_slot(route, value) : -1;
		assert(value == NULL || route->extra[i] >= 0);
	}
}

static void compile_alternative(struct route *route)
{
	const char *names = route->endpoint->alternative_inputs;
	unsigned count = 0;
	char given[48];

	while (names != NULL && *names != '\0') {
		size_t length = strcspn(names, " ");
		snprintf(given, sizeof(given), "%.*s_given", (int)length, names);
		route->alternative[count] = route_slot(route, given);
		assert(route->alternative[count] >= 0);
		names += length + strspn(names + length, " ");
		count++;
	}
	route->alternative[count] = -1;
}

/* The function that follows a statement of the endpoint, or NULL. */
static const struct job_step_kind *find_step(const struct endpoint *endpoint, const char *sql)
{
	for (int i = 0; i < ENDPOINT_STEPS && endpoint->step[i].after != NULL; i++)
		if (strcmp(endpoint->step[i].after, sql) == 0)
			return endpoint->step[i].step;
	return NULL;
}

/* A statement of the route; NULL where it has none. */
static const struct statement *prepare(struct store *store, struct route *route, const char *sql)
{
	if (sql == NULL)
		return NULL;
	route->uses_address |= strstr(sql, "$address") != NULL;
	const struct job_step_kind *step = find_step(route->endpoint, sql);

	return step == NULL ? store_prepare(store, sql, route->slots)
			    : store_prepare_step(store, sql, route->slots, step);
}

static void compile_statements(struct store *store, struct route *route, enum statements which,
	const char *const *sql, const struct router_sql *common)
{
	struct statements_list *list = &route->statements[which];
	enum access access = route->endpoint->access;
	const char *first = access == ACCESS_REGISTRATION ? common->registration : common->session;

	if (access != ACCESS_ANYONE && sql[0] != NULL && which <= BULK_BEGIN)
		list->statement[list->count++] = prepare(store, route, first);
	for (unsigned i = 0; i < ENDPOINT_STATEMENTS && sql[i] != NULL; i++) {
		const struct statement *statement = prepare(store, route, sql[i]);
		route->writes |=
			(which == SQL || which == BULK_FINISH) && store_statement_writes(statement);
		list->statement[list->count++] = statement;
	}
}

/* The description of the API says what the rows have: it must be what they have. */
static void check_shape(const struct route *route, enum statements which)
{
	const struct statements_list *list = &route->statements[which];
	const struct shape *shape = route->endpoint->shape;
	unsigned i = 0;

	assert(route->endpoint->current_row_sql == NULL || route->endpoint->row_name != NULL);
	if (list->count == 0 || route->endpoint->no_row || route->endpoint->internal ||
		route->endpoint->html)
		return;
	const struct statement *last = list->statement[list->count - 1];
	if (store_statement_member(last, 0).data == NULL)
		return;
	for (; shape != NULL && shape->members[i].name != NULL; i++) {
		if (!text_equal(store_statement_member(last, i),
			    member_name(&shape->members[i])))
			break;
	}
	if (shape != NULL && shape->members[i].name == NULL &&
		store_statement_member(last, i).data == NULL)
		return;
	log_error("%s: its rows have not the shape that it names", route->endpoint->path);
	abort();
}

static void compile(struct router *router, struct store *store, const struct endpoint *endpoint,
	const struct router_sql *common)
{
	router->routes = memory_resize(router->routes, sizeof(struct route) * (router->count + 1));
	struct route *route = &router->routes[router->count];

	*route = (struct route){ .endpoint = endpoint,
		.index = router->count++,
		.is_safe = method_endpoint_is_safe(endpoint->method) };
	compile_slots(router, route);
	compile_reply(route);
	compile_alternative(route);
	compile_statements(store, route, LOOKUP_SQL, endpoint->lookup_sql, common);
	compile_statements(store, route, ALTERNATIVE_SQL, endpoint->alternative_sql, common);
	compile_statements(store, route, CURRENT_SQL,
		(const char *[]){ endpoint->current_row_sql, NULL }, common);
	compile_statements(store, route, SQL, endpoint->sql, common);
	compile_statements(store, route, BULK_BEGIN, endpoint->begin, common);
	compile_statements(
		store, route, BULK_EACH, (const char *[]){ endpoint->each, NULL }, common);
	compile_statements(store, route, BULK_SLICE, endpoint->slice, common);
	compile_statements(store, route, BULK_FINISH, endpoint->finish, common);
	route->current_revision = prepare(store, route, endpoint->current_revision_sql);
	route->below_limit = prepare(store, route, endpoint->below_limit_sql);
	for (unsigned i = 0; i < ENDPOINT_ARRAYS && endpoint->further[i].name != NULL; i++)
		route->further[i] = prepare(store, route, endpoint->further[i].sql);
	if (endpoint->list_query != NULL) {
		route->next = prepare(store, route, common->next);
		route->total = prepare(store, route, common->total);
	}
	check_shape(route, SQL);
	if (endpoint->alternative_inputs != NULL)
		check_shape(route, ALTERNATIVE_SQL);
	check_shape(route, BULK_FINISH);
}

/* A path is compared with those alone that are as long. */
static void sort_by_length(struct router *router)
{
	unsigned sorted = 0;

	router->by_length = memory_allocate(sizeof(*router->by_length) * router->count);
	for (unsigned length = 0; length <= PATH_SEGMENTS; length++) {
		router->first[length] = sorted;
		for (unsigned i = 0; i < router->count; i++)
			if (router->routes[i].path.count == length &&
				!router->routes[i].endpoint->internal)
				router->by_length[sorted++] = &router->routes[i];
	}
	router->first[PATH_SEGMENTS + 1] = sorted;
}

struct router *router_new(
	struct store *store, const struct endpoint *const *tables, const struct router_sql *common)
{
	struct router *router = memory_zeroed(sizeof(*router));

	store_define_members(common->groups);
	for (; *tables != NULL; tables++)
		for (const struct endpoint *row = *tables; row->path != NULL; row++)
			compile(router, store, row, common);
	sort_by_length(router);
	return router;
}

void router_free(struct router *router)
{
	arena_free(&router->arena);
	free(router->by_length);
	free(router->routes);
	free(router);
}

/* Decode one raw segment; false where it holds what no segment may. */
static bool segment_read(struct text raw, struct text *segment, struct arena **arena)
{
	*segment = raw;
	if (raw.length > 0 && memchr(raw.data, '%', raw.length) != NULL) {
		char *decoded = arena_alloc(arena, raw.length);
		if (!text_percent_decode(raw, false, decoded, &segment->length))
			return false;
		segment->data = decoded;
		if (memchr(decoded, '\0', segment->length) != NULL ||
			memchr(decoded, '/', segment->length) != NULL)
			return false;
	}
	return text_is_utf8(*segment);
}

int path_read(struct text raw, struct path *path, struct arena **arena)
{
	*path = (struct path){ 0 };
	while (raw.length > 1) {
		raw.data++; /* the slash */
		raw.length--;
		const char *slash = memchr(raw.data, '/', raw.length);
		struct text segment = { raw.data, slash ? (size_t)(slash - raw.data) : raw.length };
		raw.data += segment.length;
		raw.length -= segment.length;
		if (segment.length == 0 || path->count == PATH_SEGMENTS)
			return 404;
		if (!segment_read(segment, &path->segment[path->count++], arena))
			return 400;
	}
	return 0;
}

/* From the end on, since all of the API's paths begin alike. */
static bool path_fits(const struct route *route, const struct path *path)
{
	for (unsigned i = path->count; i-- > 0;) {
		struct text own = route->path.segment[i], sent = path->segment[i];
		if (route->path_slot[i] < 0 &&
			(own.length != sent.length || memcmp(own.data, sent.data, own.length) != 0))
			return false;
	}
	return true;
}

/* Of two routes that fit a path: whether a's first difference from b is a literal segment. */
static bool is_nearer(const struct route *a, const struct route *b)
{
	for (unsigned i = 0; i < a->path.count; i++)
		if ((a->path_slot[i] < 0) != (b->path_slot[i] < 0))
			return a->path_slot[i] < 0;
	return false;
}

unsigned router_match(const struct router *router, const struct path *path, unsigned method,
	const struct route **route)
{
	const struct route *best = NULL;
	unsigned methods = 0;

	*route = NULL;
	for (unsigned i = router->first[path->count]; i < router->first[path->count + 1]; i++) {
		const struct route *other = router->by_length[i];
		if (!path_fits(other, path) || (best != NULL && is_nearer(best, other)))
			continue;
		if (best == NULL || is_nearer(other, best)) {
			best = other;
			methods = 0;
			*route = NULL;
		}
		methods |= other->endpoint->method;
		if (other->endpoint->method == method)
			*route = other;
	}
	return methods;
}

const struct slot *route_fixed_slots(void)
{
	return fixed_slots;
}

void route_clear_given(const struct route *route, struct value *values)
{
	const struct endpoint *endpoint = route->endpoint;

	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		if (endpoint->input[i].type != INPUT_READ_ONLY)
			values[route->input_slot[i].given].type = VALUE_INTEGER;
}

const struct statements_list *route_statements(
	const struct route *route, const struct value *values)
{
	for (const int *slot = route->alternative; *slot >= 0; slot++)
		if (values[*slot].integer != 0)
			return &route->statements[ALTERNATIVE_SQL];
	return &route->statements[SQL];
}

int route_slot(const struct route *route, const char *name)
{
	for (unsigned i = 0; i < route->slot_count; i++) {
		const char *other = route->slots[i].name;
		/* Most differ in the first letter: no call for those. */
		if (other[0] == name[0] && strcmp(other, name) == 0)
			return (int)i;
	}
	return -1;
}

const struct route *router_of(const struct router *router, const struct endpoint *endpoint)
{
	unsigned i = 0;

	while (i < router->count && router->routes[i].endpoint != endpoint)
		i++;
	assert(i < router->count);
	return &router->routes[i];
}

const struct route *router_route(const struct router *router, unsigned index)
{
	return index < router->count ? &router->routes[index] : NULL;
}
