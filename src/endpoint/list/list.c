/*
 * The SQL of a page is put together from the constants of the endpoint's listing, so that SQLite
 * plans for what is asked, and with an index for each filter and order a page costs what it holds.
 * A page begins at a row's own keys instead of behind so many rows, and is found again by them.
 */
#include "list/list.h"

#include "input/input.h"
#include "list/cursor.h"
#include "request_state.h"

#include <stdio.h>
#include <string.h>

const char list_next_sql[] = "SELECT 0 AS next_1, 0 AS next_2, 0 AS next_3, 0 AS next_4,"
			     " 0 AS next_5, 0 AS next_id";
const char list_total_sql[] = "SELECT 0 AS total";

static const char *const after[LISTING_KEYS] = { "$after_1", "$after_2", "$after_3", "$after_4",
	"$after_5" };

static void add(struct buffer *sql, const char *text)
{
	buffer_add_text(sql, text_of(text));
}

static bool is_given(struct request *request, const char *input)
{
	return request_given(request, input) && request_value(request, input)->type != VALUE_NULL;
}

/* One word of sort: false where there is no such order, or it was given already. */
static bool read_order(struct request *request, struct text word)
{
	const struct order *order = request->route->endpoint->listing->orders;
	struct sorting *sorting = &request->list.sorting;
	bool down = word.length > 0 && word.at[0] == '-';

	word.at += down;
	word.length -= down;
	while (order->name != NULL && !text_equal(text_of(order->name), word))
		order++;
	if (order->name == NULL)
		return false;
	for (unsigned i = 0; i < sorting->count; i++)
		if (sorting->order[i] == order)
			return false;
	struct sort_key *key = &sorting->key[sorting->count];
	sorting->order[sorting->count++] = order;
	key->column = down ? order->down : order->up;
	key->descends = down ? order->down_descends : order->up_descends;
	return true;
}

static bool read_sort(struct request *request)
{
	struct text text = request_value(request, "sort")->text;

	for (;;) {
		const char *comma = memchr(text.at, ',', text.length);
		size_t length = comma != NULL ? (size_t)(comma - text.at) : text.length;
		if (!read_order(request, (struct text){ text.at, length }))
			return false;
		if (comma == NULL)
			return true;
		text.at += length + 1;
		text.length -= length + 1;
	}
}

/* The filter whose own table the list runs through; NULL where it runs through the rows. */
static const struct filter *find_via(struct request *request)
{
	const struct filter *filter = request->route->endpoint->listing->filters;

	for (; filter->input != NULL; filter++)
		if (filter->via != NULL && is_given(request, filter->input))
			return filter;
	return NULL;
}

static void add_condition(struct buffer *sql, const char *condition)
{
	if (condition == NULL)
		return;
	add(sql, " AND ");
	add(sql, condition);
}

/* What holds of the rows that a filter asks for. */
static const char *condition(struct request *request, const struct filter *filter)
{
	const struct sorting *sorting = &request->list.sorting;

	if (filter->otherwise != NULL && request_value(request, filter->input)->integer == 0)
		return filter->otherwise;
	if (filter->behind != NULL && is_given(request, "cursor") && sorting->count > 0 &&
		!sorting->key[0].descends && strcmp(sorting->order[0]->name, filter->order) == 0)
		return filter->behind;
	return filter->where;
}

/* Unsorted, SQLite would rather walk through all rows than trust that an index leaves few. */
static void add_index(struct request *request, struct buffer *sql)
{
	const struct filter *filter = request->route->endpoint->listing->filters;

	for (; filter->input != NULL && request->list.sorting.count == 0; filter++) {
		if (filter->index == NULL || !is_given(request, filter->input))
			continue;
		buffer_add_format(sql, SQL_BY_INDEX("%s"), filter->index);
		return;
	}
}

static void add_source(struct request *request, struct buffer *sql)
{
	const struct paged *listing = request->route->endpoint->listing;
	const struct filter *via = find_via(request);

	add(sql, " FROM ");
	if (via != NULL)
		buffer_add_format(sql, "%s CROSS JOIN ", via->via);
	add(sql, listing->from);
	if (via == NULL)
		add_index(request, sql);
	add(sql, " WHERE ");
	add(sql, listing->where);
	add_condition(sql, via != NULL ? via->via_where : NULL);
	for (const struct filter *filter = listing->filters; filter->input != NULL; filter++) {
		if (!is_given(request, filter->input))
			continue;
		request->precondition.no_etag |= filter->by_clock;
		add_condition(sql, condition(request, filter));
	}
}

/* From the cursor's row on; a single key and the id are compared at once, as an index has them. */
static void add_start(struct request *request, struct buffer *sql, const char *id, const char *from)
{
	const struct sorting *sorting = &request->list.sorting;
	const struct sort_key *key = sorting->key;

	if (!is_given(request, "cursor"))
		return;
	add(sql, " AND ");
	if (sorting->count == 1 && !key->descends) {
		buffer_add_format(sql, "(%s, %s) >= ($after_1, %s)", key->column, id, from);
		return;
	}
	for (unsigned i = 0; i < sorting->count; i++)
		buffer_add_format(sql, "%s %s %s AND (%s <> %s OR (", key[i].column,
			key[i].descends ? "<=" : ">=", after[i], key[i].column, after[i]);
	buffer_add_format(sql, "%s >= %s", id, from);
	for (unsigned i = 0; i < sorting->count; i++)
		add(sql, "))");
}

/* Everything behind the columns. */
static void add_page(struct request *request, struct buffer *sql)
{
	const struct sorting *sorting = &request->list.sorting;
	const struct filter *via = find_via(request);
	const char *id = via != NULL ? via->id : request->route->endpoint->listing->id;
	const char *from = via != NULL && via->id_from != NULL ? via->id_from : "$after_id";

	add_source(request, sql);
	add_start(request, sql, id, from);
	add(sql, " ORDER BY ");
	for (unsigned i = 0; i < sorting->count; i++)
		buffer_add_format(sql, "%s%s, ", sorting->key[i].column,
			sorting->key[i].descends ? " DESC" : "");
	add(sql, id);
}

/* The keys of the row behind the page, if there is one. */
static void add_next(struct request *request, struct buffer *sql)
{
	const struct sorting *sorting = &request->list.sorting;

	add(sql, "SELECT ");
	for (unsigned i = 0; i < LISTING_KEYS; i++)
		buffer_add_format(sql, "%s AS next_%u, ",
			i < sorting->count ? sorting->key[i].column : "NULL", i + 1);
	buffer_add_format(sql, "%s AS next_id", request->route->endpoint->listing->id);
	add_page(request, sql);
	add(sql, " LIMIT 1 OFFSET $limit");
}

static void compose(struct request *request, const struct statement *like, struct buffer *sql)
{
	char *text = memory_keep(&request->kept, sql->length + 1);

	memcpy(text, sql->data, sql->length);
	text[sql->length] = '\0';
	sql->length = 0;
	request->list.composed.statement[request->list.composed.count++] =
		store_compose(like, text, request->route->slots, &request->kept);
}

static void compose_all(struct request *request)
{
	const struct route *route = request->route;
	const struct statements_list *own = &route->statements[SQL];
	struct buffer sql = { 0 };

	request->list.composed.statement[request->list.composed.count++] = own->statement[0];
	if (is_given(request, "limit")) {
		add_next(request, &sql);
		compose(request, route->next, &sql);
	}
	if (is_given(request, "count") && request_value(request, "count")->integer != 0) {
		add(&sql, "SELECT count(*) AS total");
		add_source(request, &sql);
		compose(request, route->total, &sql);
	}
	buffer_add_format(&sql, "SELECT %s", route->endpoint->listing->columns);
	add_page(request, &sql);
	if (is_given(request, "limit"))
		add(&sql, " LIMIT $limit");
	compose(request, own->statement[own->count - 1], &sql);
	buffer_free(&sql);
}

static bool note_fault(struct request *request, const char *parameter, const char *wrong)
{
	input_parameter_fault(request, text_of(parameter), wrong);
	return false;
}

bool list_read(struct request *request)
{
	if (request->target.query.length == 0)
		return true;
	if (is_given(request, "sort") && !read_sort(request))
		return note_fault(
			request, "sort", "must name orders that there are, each of them once");
	if (is_given(request, "cursor") && !cursor_read(request))
		return note_fault(
			request, "cursor", "is none of this list, filtered and sorted as it is");
	compose_all(request);
	return true;
}
