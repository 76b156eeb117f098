/*
 * How SQLite goes about what the server asks of it: a page is found by an index in the order that
 * it is asked in, no statement walks through all that an account has ever changed, and an undo costs
 * no more after many others. The SQL is the server's own, as it writes it for a query.
 */
#include "src/endpoint/input/body.h"
#include "src/endpoint/list/cursor.h"
#include "src/endpoint/list/list_sql.h"
#include "src/endpoint/state/request_state.h"
#include "src/store/sqlite/values/function.h"
#include "src/store/statement.h"

#include "api/api.h"
#include "check_main.h"
#include "sql_subset.h"
#include "storage.h"

#include <stdio.h>
#include <string.h>

#define SORTS "USE TEMP B-TREE FOR " /* all of it, or a part */
#define SORTS_TIES "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"

/* A query, and what its page is found by. */
static const struct page {
	const char *query;
	const char *found;
	const char *sorts; /* NULL: it comes in order */
	const char *again; /* what is found by a cursor, beside that */
} pages[] = {
	{ "", "t USING PRIMARY KEY (account_id=? AND deleted_date=?", NULL, NULL },
	{ "completed=true", "INDEX tasks_by_completed", NULL, NULL },
	{ "completed=false", "INDEX tasks_by_completed", NULL, NULL },
	{ "priority=2", "INDEX tasks_by_urgency", NULL, NULL },
	{ "tag=home", "g USING PRIMARY KEY (account_id=? AND tag=?", NULL, NULL },
	{ "tag=home&tag=garden", "g USING PRIMARY KEY (account_id=? AND tag=?", NULL, NULL },
	{ "q=water", "w VIRTUAL TABLE INDEX", NULL, NULL },
	{ "sort=position", "INDEX tasks_by_position", NULL, "(position,id)>(?,?)" },
	{ "sort=due_date", "INDEX tasks_by_due_date", NULL, "(due_order,id)>(?,?)" },
	{ "sort=-priority", "INDEX tasks_by_urgency", NULL, "(urgency,id)>(?,?)" },
	{ "sort=creation_date", "INDEX tasks_by_creation", NULL, "(creation_date,id)>(?,?)" },
	{ "sort=modified_date", "INDEX tasks_by_modification", NULL, "(modified_date,id)>(?,?)" },
	{ "completed=true&sort=position", "INDEX tasks_by_position", NULL, "(position,id)>(?,?)" },
	{ "priority=2&sort=creation_date", "INDEX tasks_by_creation", NULL, NULL },
	{ "due_before=2027-01-01&sort=due_date", "INDEX tasks_by_due_date", NULL,
		"(due_order,id)>(?,?)" },
	{ "due_after=2027-01-01&sort=due_date", "INDEX tasks_by_due_date", NULL,
		"(due_order,id)>(?,?)" },

	/* Of lists, and of none, what is completed lies apart: two runs are merged. */
	{ "list=5", "INDEX tasks_in_list (account_id=? AND list=? AND completed=?", NULL, "id>?" },
	{ "list=5&completed=false", "INDEX tasks_in_list (account_id=? AND list=? AND completed=?", NULL,
		"id>?" },
	{ "list=none", "INDEX tasks_by_completed (account_id=? AND in_list=? AND completed=?", NULL,
		"id>?" },
	{ "list=none&completed=false", "INDEX tasks_by_completed (account_id=? AND in_list=? AND completed=?",
		NULL, "id>?" },
	{ "list=5&parent=6", "INDEX tasks_by_parent (account_id=? AND parent=?", NULL, NULL },
	{ "parent=6", "INDEX tasks_by_parent (account_id=? AND parent=?", NULL, NULL },
	{ "parent=none", "t USING PRIMARY KEY (account_id=? AND deleted_date=?", NULL, NULL },
	{ "repeats=true", "INDEX tasks_by_start (account_id=?", SORTS, NULL },
	{ "repeats=false", "t USING PRIMARY KEY (account_id=? AND deleted_date=?", NULL, NULL },
	{ "list=5&sort=position", "INDEX tasks_by_list (account_id=? AND list=?", NULL,
		"(position,id)>(?,?)" },
	{ "list=5&completed=false&sort=position", "INDEX tasks_by_list (account_id=? AND list=?", NULL,
		"(position,id)>(?,?)" },
	{ "list=5&heading=x", "INDEX tasks_in_list (account_id=? AND list=?", NULL, NULL },

	/* A list, or what is below a task, is sorted rather than that all tasks are walked through. */
	{ "list=5&sort=due_date", "INDEX tasks_in_list (account_id=? AND list=?", SORTS, NULL },
	{ "list=5&sort=name", "INDEX tasks_in_list (account_id=? AND list=?", SORTS, NULL },
	{ "parent=6&sort=position", "INDEX tasks_by_parent (account_id=? AND parent=?", SORTS, NULL },

	/* A walk through all tasks in their order, to find the few without a list, would cost more. */
	{ "list=none&sort=position", "INDEX tasks_by_completed (account_id=? AND in_list=?)", SORTS, NULL },
	{ "list=none&completed=false&sort=name",
		"INDEX tasks_by_completed (account_id=? AND in_list=? AND completed=?)", SORTS, NULL },

	/* A day is sorted, too, and what has not started. */
	{ "due_on=2027-01-01", "INDEX tasks_by_due_date (account_id=? AND due_order>? AND due_order<?)", SORTS,
		NULL },
	{ "due_on=2027-01-01&sort=due_date", "INDEX tasks_by_due_date (account_id=? AND ", NULL, NULL },
	{ "due_on=2027-01-01&sort=position", "INDEX tasks_by_due_date (account_id=? AND ", SORTS, NULL },
	{ "started=false", "INDEX tasks_by_start (account_id=? AND start_date>?)", SORTS, NULL },
	{ "started=false&sort=position", "INDEX tasks_by_start (account_id=? AND start_date>?)", SORTS, NULL },
	{ "repeats=true&sort=due_date", "INDEX tasks_by_start (account_id=?", SORTS, NULL },
	{ "started=true", "t USING PRIMARY KEY (account_id=? AND deleted_date=?", NULL, NULL },

	/* There is no index of these: an order that few ask for would cost each task that is made. */
	{ "sort=name", "t USING ", SORTS, NULL },
	{ "sort=-name", "t USING ", SORTS, NULL },
	{ "sort=completed_date", "t USING ", SORTS, NULL },
	{ "sort=-completed_date", "t USING ", SORTS, NULL },
	{ "sort=start_date", "t USING ", SORTS, NULL },
	{ "sort=-start_date", "t USING ", SORTS, NULL },
	{ "assignee=none", "t USING PRIMARY KEY (account_id=? AND deleted_date=?", NULL, NULL },

	/* In the order of ids, a date can only be looked at. */
	{ "due_before=2027-01-01", "t USING PRIMARY KEY (account_id=? AND deleted_date=?", NULL,
		NULL },
	{ "overdue=true", "t USING PRIMARY KEY (account_id=? AND deleted_date=?", NULL, NULL },
	{ "overdue=false", "t USING PRIMARY KEY (account_id=? AND deleted_date=?", NULL, NULL },

	/* The index runs backwards, and so do the ids of those that are equal. */
	{ "sort=-position", "INDEX tasks_by_position", SORTS_TIES, NULL },
	{ "sort=-creation_date", "INDEX tasks_by_creation", SORTS_TIES, NULL },
	{ "sort=-modified_date", "INDEX tasks_by_modification", SORTS_TIES, NULL },

	/* No date comes last here, too, which is not the index run backwards. */
	{ "sort=-due_date", "t USING ", SORTS, NULL },

	/* Of so few priorities, there are as many ties as tasks. */
	{ "sort=priority", "t USING ", SORTS, NULL },

	/* There is no index for each pair of orders, or of a filter and an order. */
	{ "sort=-priority,due_date", "t USING ", SORTS, NULL },
	{ "tag=home&sort=position", "g USING PRIMARY KEY (account_id=? AND tag=?", SORTS, NULL },
	{ "q=water&sort=position", "w VIRTUAL TABLE INDEX", SORTS, NULL },
};

static struct storage storage;
static struct router *router;
static sqlite3 *database;

static void setup(void)
{
	storage_make(&storage);
	storage_open(&storage);
	router = router_new(storage.store, api_tables,
		&(struct router_sql){ .groups = api_access_sql.groups,
			.session = "SELECT 1 AS account",
			.registration = "SELECT 1",
			.next = list_next_sql,
			.total = list_total_sql });
	database = storage_other(&storage);
	sqlite_add_functions(database);
}

static void teardown(void)
{
	sqlite3_close(database);
	router_free(router);
	storage_remove(&storage);
}

/* What SQLite says that it would do, a line for each step; to be freed. */
static char *plan_of(const char *sql)
{
	char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql), *text = NULL;
	sqlite3_stmt *stmt;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	CHECK_THAT(sqlite3_prepare_v2(database, explain, -1, &stmt, NULL) == SQLITE_OK, "%s: %s",
		sqlite3_errmsg(database), sql);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		fprintf(out, "%s\n", (const char *)sqlite3_column_text(stmt, 3));
	sqlite3_finalize(stmt);
	sqlite3_free(explain);
	fclose(out);
	return text;
}

static const struct route *list_route(void)
{
	const struct route *route;

	for (unsigned i = 0; (route = router_route(router, i)) != NULL; i++)
		if (route->endpoint->list_query != NULL)
			return route;
	ck_abort_msg("no endpoint has a listing");
	return NULL;
}

/* A request as far as its query, which has to be read without a fault. */
static void read_query(struct request *request, const char *query)
{
	*request = (struct request){ .route = list_route(), .target.query = text_of(query) };
	ck_assert(input_read_query(request));
	ck_assert(list_read(request));
}

static void drop(struct request *request)
{
	arena_free(&request->arena);
}

/* Another engine takes it, too: those that are not written for one request are in test_sql.c. */
static void check_common(const char *sql)
{
	const char *at, *fault = sql_fault(sql, &at);

	CHECK_THAT(fault == NULL, "%s: at %.40s\n%s", fault, at, sql);
}

static void check_plan(
	const struct page *page, const char *query, const struct statement *statement)
{
	char *plan = plan_of(statement->sql);
	const char *sorts = strstr(plan, "USE TEMP B-TREE");

	CHECK_THAT(strstr(plan, page->found), "?%s is not found by '%s':\n%s\n%s", query,
		page->found, plan, statement->sql);
	CHECK_THAT(!page->again || !strstr(query, "cursor=") || strstr(plan, page->again),
		"?%s begins before its cursor:\n%s\n%s", query, plan, statement->sql);
	CHECK_THAT(page->sorts ? !sorts || strncmp(sorts, page->sorts, strlen(page->sorts)) == 0
			       : !sorts,
		"?%s is sorted:\n%s\n%s", query, plan, statement->sql);
	CHECK_THAT(!strstr(plan, "SCAN t\n"), "?%s:\n%s", query, plan);
	free(plan);
	check_common(statement->sql);
}

/* What is counted is found as a page that is not sorted is, or by a better index. */
static void check_count(const struct page *page, const char *query, const struct statement *statement)
{
	bool is_free = strstr(query, "sort=") || !strncmp(page->found, "t USING", 7);
	char *plan = plan_of(statement->sql);

	CHECK_THAT(is_free || strstr(plan, page->found), "?%s is not counted by '%s':\n%s\n%s",
		query, page->found, plan, statement->sql);
	CHECK_THAT(!strstr(plan, "SCAN t\n"), "?%s:\n%s", query, plan);
	free(plan);
	check_common(statement->sql);
}

/* All but the first one, which is the session's: where the next page begins, the number, the page. */
static void check_request(const struct page *page, const struct request *request)
{
	char query[2048];

	ck_assert_uint_eq(request->list.composed.count, 4);
	snprintf(query, sizeof(query), "%.*s", (int)request->target.query.length,
		request->target.query.data);
	check_plan(page, query, request->list.composed.statement[1]);
	check_count(page, query, request->list.composed.statement[2]);
	check_plan(page, query, request->list.composed.statement[3]);
}

/* From some row on; its keys are texts here, and SQLite does not look at them. */
static void make_cursor(struct request *request, struct buffer *cursor)
{
	char name[16];

	for (unsigned i = 1; i <= request->list.sorting.count; i++) {
		snprintf(name, sizeof(name), "next_%u", i);
		*request_value(request, name) = (struct value){ VALUE_TEXT, .text = TEXT("a") };
	}
	*request_value(request, "next_id") = (struct value){ VALUE_INTEGER, .integer = 5 };
	cursor_write(request, cursor);
	buffer_add(cursor, "", 1);
}

START_TEST(pages_are_found)
{
	const struct page *page = &pages[_i];
	struct request *request = memory_zeroed(sizeof(*request));
	struct buffer cursor = { 0 };
	char query[2048];

	snprintf(query, sizeof(query), "limit=50&count=true&%s", page->query);
	read_query(request, query);
	check_request(page, request);
	make_cursor(request, &cursor);
	drop(request);

	snprintf(query, sizeof(query), "limit=50&count=true&%s&cursor=%s", page->query, cursor.data);
	read_query(request, query);
	check_request(page, request);
	drop(request);
	buffer_free(&cursor);
	free(request);
}
END_TEST

/* Steps through all of a table, or through all changes of an account. */
static const char *long_step(const char *plan)
{
	static const char *const steps[] = { "SCAN accounts\n", "SCAN sessions\n", "SCAN tasks\n",
		"SCAN task_tags\n", "SCAN changes\n", "SCAN answers\n", "SCAN throttle\n",
		"changes USING PRIMARY KEY (account_id=?)\n",
		"changes USING COVERING INDEX changes_by_task (account_id=?)\n",
		"SEARCH c USING PRIMARY KEY (account_id=?)\n",
		"SEARCH n USING PRIMARY KEY (account_id=?)\n",
		"SEARCH n USING PRIMARY KEY (account_id=? AND revision>?)\n" };

	for (size_t i = 0; i < CHECK_COUNT(steps); i++)
		if (strstr(plan, steps[i]))
			return steps[i];
	return NULL;
}

/* What takes the first row that fits ends there, and is not as long as its plan. */
static bool ends_early(const char *sql)
{
	return strstr(sql, "SELECT min(revision) AS oldest") != NULL ||
	       strstr(sql, "n.revision > u.undone") != NULL ||
	       strstr(sql, "FROM changes WHERE account_id = $account LIMIT") != NULL ||
	       strstr(sql, "NOT EXISTS (SELECT 1 FROM changes WHERE account_id = $account)") !=
		       NULL;
}

/* What names one task goes to that one, in the trash too. */
static bool looks_through_trash(const char *sql, const char *plan)
{
	return strstr(sql, "id = $id") != NULL &&
	       strstr(plan, "tasks USING PRIMARY KEY (account_id=? AND deleted_date>?)") != NULL;
}

static void check_statement(const struct route *route, const struct statement *statement)
{
	char *plan = plan_of(statement->sql);
	const char *step = ends_early(statement->sql) ? NULL : long_step(plan);

	CHECK_THAT(!step, "%s: %s%s\n%s", route->endpoint->path, step, plan, statement->sql);
	CHECK_THAT(!looks_through_trash(statement->sql, plan), "%s: %s\n%s", route->endpoint->path,
		plan, statement->sql);
	free(plan);
}

START_TEST(statements_go_to_what_they_need)
{
	const struct route *route;

	for (unsigned i = 0; (route = router_route(router, i)) != NULL; i++) {
		for (unsigned list = LOOKUP_SQL; list <= BULK_FINISH; list++)
			for (unsigned n = 0; n < route->statements[list].count; n++)
				check_statement(route, route->statements[list].statement[n]);
		if (route->current_revision != NULL)
			check_statement(route, route->current_revision);
	}
}
END_TEST

/* ---- undo ---- */

static void run(const char *sql)
{
	CHECK_THAT(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s",
		sqlite3_errmsg(database), sql);
}

/* A task that was changed so many times, and all of them but the first were taken back. */
static void change_and_undo(int account, int times)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		"INSERT INTO accounts (id, username, password, date_joined) VALUES (%d, %d, '', '');"
		"INSERT INTO tasks (account_id, id, name, creation_date, position, modified_date,"
		" revision, changed) VALUES (%d, 1, 'a', '', 1, '', 1, '')",
		account, account, account);
	run(sql);
	for (int revision = 2; revision <= 2 * times; revision++) {
		snprintf(sql, sizeof(sql),
			"UPDATE tasks SET name = %d, revision = %d WHERE account_id = %d", revision,
			revision, account);
		run(sql);
		if (revision <= times + 1)
			continue;
		snprintf(sql, sizeof(sql),
			"UPDATE changes SET kind = 'back' WHERE account_id = %d AND revision = %d;"
			"UPDATE changes SET undone = %d WHERE account_id = %d AND revision = %d",
			account, revision, revision, account, 2 * times + 3 - revision);
		run(sql);
	}
}

static const struct route *undo_route(void)
{
	const struct route *route;

	for (unsigned i = 0; (route = router_route(router, i)) != NULL; i++)
		if (strstr(route->endpoint->path, "/undo") != NULL)
			return route;
	ck_abort_msg("no endpoint undoes");
	return NULL;
}

static void bind_integer(sqlite3_stmt *stmt, const char *name, int value)
{
	int index = sqlite3_bind_parameter_index(stmt, name);

	if (index > 0)
		sqlite3_bind_int(stmt, index, value);
}

/* The steps of SQLite's machine in which the change is found that is to be undone. */
static int undo_steps(int account, int newest)
{
	const struct statements_list *list = &undo_route()->statements[LOOKUP_SQL];
	int steps = 0;

	for (unsigned i = 1; i <= 3; i++) { /* the change, its end, and why it cannot be undone */
		sqlite3_stmt *stmt;
		ck_assert_int_eq(sqlite3_prepare_v2(database, list->statement[i]->sql, -1, &stmt,
					 NULL),
			SQLITE_OK);
		bind_integer(stmt, "$account", account);
		bind_integer(stmt, "$newest", newest);
		bind_integer(stmt, "$fault", 0);
		bind_integer(stmt, "$target", 2);
		bind_integer(stmt, "$end", 2);
		ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
		ck_assert_int_eq(sqlite3_column_int(stmt, 0), i < 3 ? 2 : 0);
		steps += sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 0);
		sqlite3_finalize(stmt);
	}
	return steps;
}

START_TEST(undos_in_a_row_cost_the_same)
{
	change_and_undo(1, 5);
	change_and_undo(2, 500);
	int few = undo_steps(1, 10), many = undo_steps(2, 1000);
	CHECK_THAT(many < few + few / 10, "%d steps after 4 undos, %d after 499", few, many);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, pages_are_found, 0, CHECK_COUNT(pages));
	tcase_add_test(test_case, statements_go_to_what_they_need);
	tcase_add_test(test_case, undos_in_a_row_cost_the_same);
}

int main(void)
{
	return check_main("query plan", add);
}
