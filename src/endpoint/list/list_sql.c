/*
 * The SQL of a page is composed of constants of the endpoint's row, so that SQLite plans for the
 * filters and the order that are asked for: where these have an index, a page costs no more than
 * the rows in it. A page begins at the keys of its first row (keyset pagination), not at an offset.
 */
#include "list/list_sql.h"

#include "base/container_of.h"
#include "list/cursor.h"
#include "state/faults.h"
#include "state/request_state.h"

#include <stdio.h>
#include <string.h>

/* The id, and as many keys as the list is sorted by. */
const char list_next_sql[] = "SELECT 0 AS next_id, 0 AS next_1, 0 AS next_2, 0 AS next_3,"
			     " 0 AS next_4, 0 AS next_5";
const char list_total_sql[] = "SELECT 0 AS total";

static const char *const after[LIST_KEYS] = { "$after_1", "$after_2", "$after_3", "$after_4",
	"$after_5" };
static const char *const as_next[LIST_KEYS] = { " AS next_1", " AS next_2", " AS next_3",
	" AS next_4", " AS next_5" };

/* Every list composes its text: formatted printing would cost as much as ten rows. */
static void add_texts(struct buffer *sql, const char *const *text)
{
	for (; *text != NULL; text++)
		buffer_add_text(sql, text_of(*text));
}

#define ADD(sql, ...) add_texts(sql, (const char *const[]){ __VA_ARGS__, NULL })

static bool is_given(struct request *request, const char *input)
{
	return request_given(request, input) && request_value(request, input)->type != VALUE_NULL;
}

/* One word of sort: false where there is no such order, or it is given twice. */
static bool read_order(struct request *request, struct text word)
{
	const struct order *order = request->route->endpoint->list_query->orders;
	struct sorting *sorting = &request->list.sorting;
	bool down = word.length > 0 && word.data[0] == '-';

	word.data += down;
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
		const char *comma = memchr(text.data, ',', text.length);
		size_t length = comma != NULL ? (size_t)(comma - text.data) : text.length;
		if (!read_order(request, (struct text){ text.data, length }))
			return false;
		if (comma == NULL)
			return true;
		text.data += length + 1;
		text.length -= length + 1;
	}
}

/* Whether the filter's input is among these. */
static bool is_named(const struct filter *filter, const char *const *names, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (filter->input[0] == names[i][0] && strcmp(filter->input, names[i]) == 0)
			return true;
	return false;
}

/* Find the filters that are asked for once: what follows does not look at the others. */
static void read_filters(struct request *request)
{
	const struct route *route = request->route;
	const struct filter *filter = route->endpoint->list_query->filters;
	const struct input *input = route->endpoint->input;
	const char *names[ENDPOINT_INPUTS];
	unsigned count = 0;

	for (int i = 0; i < ENDPOINT_INPUTS && input[i].name != NULL; i++)
		if (input[i].type != INPUT_READ_ONLY &&
			request->values[route->input_slot[i].given].integer != 0 &&
			request->values[route->input_slot[i].value].type != VALUE_NULL)
			names[count++] = input[i].name;
	for (; filter->input != NULL; filter++)
		if (is_named(filter, names, count))
			request->list.filter[request->list.filters++] = filter;
}

static bool is_filtered(const struct request *request, const char *input)
{
	for (unsigned i = 0; i < request->list.filters; i++)
		if (strcmp(request->list.filter[i]->input, input) == 0)
			return true;
	return false;
}

/* The filter whose table the list is joined to, and ordered by; NULL where there is none. */
static const struct filter *find_join(const struct request *request)
{
	for (unsigned i = 0; i < request->list.filters; i++)
		if (request->list.filter[i]->join != NULL)
			return request->list.filter[i];
	return NULL;
}

static void add_condition(struct buffer *sql, const char *condition)
{
	if (condition != NULL)
		ADD(sql, " AND ", condition);
}

/* Whether the input asks for the rows that .otherwise is for: false, or none. */
static bool asks_otherwise(struct request *request, const struct filter *filter)
{
	const struct value *value = request_value(request, filter->input);

	if (filter->otherwise == NULL)
		return false;
	return value->type == VALUE_TEXT ? value->text.length == 0 : value->integer == 0;
}

/* The condition of a filter, for all rows or for those of a page. */
static const char *condition(struct request *request, const struct filter *filter, bool all)
{
	const struct sorting *sorting = &request->list.sorting;

	if (asks_otherwise(request, filter))
		return filter->otherwise;
	if (!all && filter->after_cursor != NULL && is_given(request, "cursor") &&
		sorting->count > 0 && !sorting->key[0].descends &&
		strcmp(sorting->order[0]->name, filter->order) == 0)
		return filter->after_cursor;
	return filter->where;
}

/* Whether the order of the list allows for the index. */
static bool suits_order(const struct sorting *sorting, const struct filter_index *index)
{
	return sorting->count == 0 ||
	       (index->narrow && (index->but_order == NULL ||
					 strcmp(sorting->order[0]->name, index->but_order) != 0));
}

/*
 * The index of a filter by which the list is found; NULL where SQLite is to choose. It would prefer
 * a walk through all rows in their order.
 */
static const struct filter_index *find_index(struct request *request)
{
	if (find_join(request) != NULL)
		return NULL;
	for (unsigned i = 0; i < request->list.filters; i++) {
		const struct filter *filter = request->list.filter[i];
		const struct filter_index *index = asks_otherwise(request, filter)
							   ? filter->otherwise_index
							   : filter->index;
		if (index != NULL && suits_order(&request->list.sorting, index))
			return index;
	}
	return NULL;
}

/* The conditions of the halves that are merged; NULL where the index has one run of rows. */
static const char *const *find_halves(struct request *request)
{
	const struct filter_index *index = find_index(request);

	if (index == NULL || index->unless == NULL || request->list.sorting.count > 0 ||
		is_filtered(request, index->unless))
		return NULL;
	return index->half;
}

static void add_source(struct request *request, struct buffer *sql, bool all)
{
	const struct list_query *listing = request->route->endpoint->list_query;
	const struct filter_index *index = find_index(request);
	const struct filter *join = find_join(request);

	ADD(sql, " FROM ");
	if (join != NULL)
		ADD(sql, join->join, " CROSS JOIN ");
	ADD(sql, listing->from);
	if (index != NULL)
		ADD(sql, SQL_BY_INDEX(""), index->name);
	ADD(sql, " WHERE ", listing->where);
	add_condition(sql, join != NULL ? join->join_where : NULL);
	for (unsigned i = 0; i < request->list.filters; i++) {
		const struct filter *filter = request->list.filter[i];
		request->precondition.no_etag |= filter->by_clock;
		add_condition(sql, condition(request, filter, all));
	}
}

/* From the cursor's row on. A single key and the id are compared as a pair, as in an index. */
static void add_start(struct request *request, struct buffer *sql, const char *id, const char *from)
{
	const struct sorting *sorting = &request->list.sorting;
	const struct sort_key *key = sorting->key;

	if (!is_given(request, "cursor"))
		return;
	ADD(sql, " AND ");
	if (sorting->count == 1 && !key->descends) {
		ADD(sql, "(", key->column, ", ", id, ") >= (", after[0], ", ", from, ")");
		return;
	}
	for (unsigned i = 0; i < sorting->count; i++)
		ADD(sql, key[i].column, key[i].descends ? " <= " : " >= ", after[i], " AND (",
			key[i].column, " <> ", after[i], " OR (");
	ADD(sql, id, " >= ", from);
	for (unsigned i = 0; i < sorting->count; i++)
		ADD(sql, "))");
}

static void add_keys(struct request *request, struct buffer *sql)
{
	const struct sorting *sorting = &request->list.sorting;

	ADD(sql, request->route->endpoint->list_query->id, " AS next_id");
	for (unsigned i = 0; i < sorting->count; i++)
		ADD(sql, ", ", sorting->key[i].column, as_next[i]);
}

/* What the rows are ordered by and begin at: the table that finds them has their ids, too. */
static const char *id_of(struct request *request, const char **from)
{
	const struct filter *join = find_join(request);

	*from = join != NULL && join->id_from != NULL ? join->id_from : "$after_id";
	return join != NULL ? join->id : request->route->endpoint->list_query->id;
}

/* All rows of a page, or the half of them for which a condition holds; not in their order yet. */
static void add_rows(
	struct request *request, struct buffer *sql, bool keys_alone, const char *half)
{
	const char *from, *id = id_of(request, &from);

	ADD(sql, "SELECT ");
	if (!keys_alone)
		ADD(sql, request->route->endpoint->list_query->columns);
	if (!keys_alone && (request->list.next != NULL || half != NULL))
		ADD(sql, ", ");
	if (keys_alone || request->list.next != NULL || half != NULL)
		add_keys(request, sql);
	add_source(request, sql, false);
	add_condition(sql, half);
	add_start(request, sql, id, from);
}

/* Of two halves only what they show can be sorted by: the keys. */
static void add_order(struct request *request, struct buffer *sql, bool in_halves)
{
	const struct sorting *sorting = &request->list.sorting;
	const char *from, *id = id_of(request, &from);

	ADD(sql, " ORDER BY ");
	for (unsigned i = 0; i < sorting->count; i++)
		ADD(sql, sorting->key[i].column, sorting->key[i].descends ? " DESC, " : ", ");
	ADD(sql, in_halves ? "next_id" : id);
}

/* The rows of a page, or the keys of those alone. */
static void add_page(struct request *request, struct buffer *sql, bool keys_alone)
{
	const char *const *half = find_halves(request);

	add_rows(request, sql, keys_alone, half != NULL ? half[0] : NULL);
	if (half != NULL) {
		ADD(sql, " UNION ALL ");
		add_rows(request, sql, keys_alone, half[1]);
	}
	add_order(request, sql, half != NULL);
}

static const struct statement *compose(struct request *request, const struct statement *like,
	int columns, struct buffer *sql)
{
	char *text = arena_alloc(&request->arena, sql->length + 1);

	memcpy(text, sql->data, sql->length);
	text[sql->length] = '\0';
	sql->length = 0;
	return request->list.composed.statement[request->list.composed.count++] =
		       store_prepare_dynamic(
			       like, columns, text, request->route->slots, &request->arena);
}

static void add_count(struct request *request, struct buffer *sql)
{
	const char *const *half = find_halves(request);

	ADD(sql, "SELECT count(*) AS total");
	add_source(request, sql, true);
	if (half != NULL)
		ADD(sql, " AND (", half[0], " OR ", half[1], ")");
}

static void compose_all(struct request *request)
{
	const struct route *route = request->route;
	const struct statements_list *own = &route->statements[SQL];
	struct buffer sql = { 0 };

	request->list.composed.statement[request->list.composed.count++] = own->statement[0];
	if (is_given(request, "limit")) { /* the keys of the first row of the next page */
		add_page(request, &sql, true);
		ADD(&sql, " LIMIT 1 OFFSET $limit");
		request->list.next = compose(
			request, route->next, 1 + (int)request->list.sorting.count, &sql);
	}
	if (is_given(request, "count") && request_value(request, "count")->integer != 0) {
		add_count(request, &sql);
		compose(request, route->total, COLUMNS_ALL, &sql);
	}
	add_page(request, &sql, false);
	if (request->list.next != NULL)
		ADD(&sql, " LIMIT $limit + 1");
	compose(request, own->statement[own->count - 1], COLUMNS_ALL, &sql);
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
	read_filters(request);
	compose_all(request);
	return true;
}

/* ---- lists of a whole account ---- */

static void write_row(struct job *job, const struct value *row)
{
	struct request *request = container_of(job, struct request, job);

	request->reply.format->write(&job->out, row);
}

/* The text before a further list; the rows of all are of one snapshot of the database. */
static struct text between(struct request *request, const char *name)
{
	size_t size = strlen(name) + sizeof("],\"\":[");
	char *at = arena_alloc(&request->arena, size);

	snprintf(at, size, "],\"%s\":[", name);
	return (struct text){ at, size - 1 };
}

static void add_rest(struct request *request)
{
	const struct rows_beside *further = request->route->endpoint->further;
	struct job_part *parts = arena_alloc(&request->arena, sizeof(*parts) * ENDPOINT_ARRAYS);
	unsigned count = 0;

	for (; count < ENDPOINT_ARRAYS && further[count].name != NULL; count++)
		parts[count] = (struct job_part){ .statements = &request->route->further[count],
			.count = 1,
			.values = request->values,
			.before = between(request, further[count].name) };
	request->job.parts = parts;
	request->job.part_count = count;
}

void list_prepare_rows(struct request *request)
{
	if (request->reply.format != NULL)
		request->job.write = write_row;
	else
		add_rest(request);
}

void request_set_row_format(struct request *request, const struct row_format *writing)
{
	request->reply.format = writing;
}
