/*
 * api/tables.h: a row of another table is found by its route, and where there is none the program
 * says which and ends, at its start.
 */
#include "src/api/tables.h"

#include "api/api.h"
#include "check_main.h"
#include "storage.h"

#define TASKS "/api/v1/accounts/{username}/tasks"

START_TEST(a_row_is_found_by_its_route)
{
	for (const struct endpoint *row = task_endpoints; row->path != NULL; row++)
		ck_assert_ptr_eq(table_row(task_endpoints, row->method, row->path), row);
}
END_TEST

/* Another method, another path, and the beginning of one. */
static const struct endpoint missing[] = {
	{ .method = DELETE, .path = TASKS },
	{ .method = POST, .path = TASKS "/nowhere" },
	{ .method = POST, .path = "/api/v1/accounts" },
};

static void find_missing(struct storage *storage, const void *row)
{
	const struct endpoint *endpoint = row;

	(void)storage;
	table_row(task_endpoints, endpoint->method, endpoint->path);
}

START_TEST(a_row_that_is_missing_ends_the_program)
{
	storage_expect_abort(NULL, find_missing, &missing[_i], missing[_i].path);
}
END_TEST

/* What tables name of each other is there: this comes back. */
START_TEST(all_that_is_named_is_there)
{
	api_check();
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_test(test_case, a_row_is_found_by_its_route);
	tcase_add_loop_test(
		test_case, a_row_that_is_missing_ends_the_program, 0, CHECK_COUNT(missing));
	tcase_add_test(test_case, all_that_is_named_is_there);
}

int main(void)
{
	return check_main("tables", add);
}
