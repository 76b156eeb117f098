/*
 * endpoint/route/route.h: the slots of an endpoint's values, and its statements.
 */
#include "src/endpoint/route/route.h"

#include "check_main.h"
#include "storage.h"

#include <string.h>

static const struct member members[] = {
	{ .name = "asker" },
	{ .name = "id" },
	{ .name = "extra" },
	{ 0 },
};
static const struct shape rows = { .members = members };

static const struct endpoint asking[] = {
	{
		.name = "read",
		.method = GET,
		.path = "/{username}/things/{id}",
		.access = OWNER,
		.input = { { "fresh", IN_QUERY, INPUT_BOOL }, { "id", IN_BODY, INPUT_READ_ONLY } },
		.value = { INTEGER_SLOT("extra") },
		.sql = { "SELECT $asker AS asker, $id AS id,"
			 " iif($fresh_given, $fresh, $extra) AS extra" },
		.shape = &rows,
	},
	{
		.name = "write",
		.method = PUT,
		.path = "/{username}",
		.access = ACCESS_ANYONE,
		.input = { { "username", IN_BODY, INPUT_LINE }, { "name", IN_BODY, INPUT_LINE } },
		.lookup_sql = { "SELECT $username" },
		.no_row = true,
		.sql = { "SELECT 1",
			"INSERT INTO things (name) VALUES (iif($username_given, $name, ''))" },
	},
	{ 0 },
};

static int slot_named(const struct route *route, const char *name)
{
	int found = -1;

	for (int i = 0; route->slots[i].name != NULL; i++) {
		if (strcmp(route->slots[i].name, name) == 0) {
			ck_assert_int_eq(found, -1); /* no name has two */
			found = i;
		}
	}
	ck_assert_int_ge(found, 0);
	return found;
}

static void check_slots(const struct route *route)
{
	const struct slot *fixed = route_fixed_slots();

	for (int i = 0; i < SLOTS_FIXED; i++)
		ck_assert_str_eq(route->slots[i].name, fixed[i].name);
	ck_assert_ptr_null(fixed[SLOTS_FIXED].name);
	ck_assert_ptr_null(route->slots[route->slot_count].name);
	ck_assert_int_eq(slot_named(route, "username"), SLOT_USERNAME);
	ck_assert_int_eq(route->path_slot[0], SLOT_USERNAME);
}

/* A name is one slot, wherever it is used, and "given" belongs to the input of its name. */
static void check_inputs(const struct route *read, const struct route *write)
{
	ck_assert_int_eq(read->path_slot[1], -1);
	ck_assert_int_eq(read->path_slot[2], slot_named(read, "id"));
	ck_assert_int_eq(read->input_slot[0].value, slot_named(read, "fresh"));
	ck_assert_int_eq(read->input_slot[0].given, slot_named(read, "fresh_given"));
	ck_assert_int_eq(read->input_slot[1].value, -1);
	slot_named(read, "extra");
	ck_assert_int_eq(read->slots[slot_named(read, "fresh")].type, VALUE_INTEGER);
	ck_assert_int_eq(write->slots[slot_named(write, "name")].type, VALUE_TEXT);
	ck_assert_int_eq(write->input_slot[0].value, SLOT_USERNAME);
	ck_assert_int_eq(write->input_slot[0].given, slot_named(write, "username_given"));
	ck_assert_int_eq(write->input_slot[1].value, slot_named(write, "name"));
	ck_assert_int_eq(write->input_slot[1].given, slot_named(write, "name_given"));
}

/* The session's stands before those of who must have one; where nothing is asked, nothing is. */
static void check_statements(const struct route *read, const struct route *write)
{
	ck_assert_uint_eq(read->statements[SQL].count, 2);
	ck_assert_uint_eq(read->statements[LOOKUP_SQL].count, 0);
	ck_assert_uint_eq(read->statements[ALTERNATIVE_SQL].count, 0);
	ck_assert_uint_eq(write->statements[SQL].count, 2);
	ck_assert_uint_eq(write->statements[LOOKUP_SQL].count, 1);
	ck_assert(!store_statement_writes(read->statements[SQL].statement[1]));
	ck_assert(!store_statement_writes(write->statements[SQL].statement[0]));
	ck_assert(store_statement_writes(write->statements[SQL].statement[1]));
	ck_assert(!read->writes);
	ck_assert(write->writes);
}

START_TEST(an_endpoint_has_its_slots_and_statements)
{
	const struct endpoint *const tables[] = { asking, NULL };
	struct storage storage;

	storage_make(&storage);
	storage_open(&storage);
	struct router *router = router_new(
		storage.store, tables, &(struct router_sql){ .session = "SELECT 1 AS asker" });
	const struct route *read = router_route(router, 0), *write = router_route(router, 1);
	check_slots(read);
	check_slots(write);
	check_inputs(read, write);
	check_statements(read, write);
	router_free(router);
	storage_remove(&storage);
}
END_TEST

static const struct endpoint misshapen[][2] = {
	{ { .name = "a", .path = "/", .sql = { "SELECT 1 AS asker" } } },
	{ { .name = "b", .path = "/", .sql = { "SELECT 1 AS asker, 2 AS id" }, .shape = &rows } },
	{ { .name = "c",
		.path = "/",
		.sql = { "SELECT 1 AS asker, 2 AS id, 3 AS other" },
		.shape = &rows } },
	{ { .name = "d",
		.path = "/",
		.sql = { "SELECT 1 AS asker, 2 AS id, 3 AS extra, 4 AS more" },
		.shape = &rows } },
};

static const struct router_sql none;

static void compile_faulty(struct storage *storage, const void *table)
{
	const struct endpoint *const tables[] = { table, NULL };

	router_new(storage->store, tables, &none);
}

/* A description that is wrong does not get as far as the first request. */
START_TEST(rows_of_another_shape_end_the_program)
{
	struct storage storage;

	storage_make(&storage);
	storage_open(&storage);
	for (size_t i = 0; i < CHECK_COUNT(misshapen); i++)
		storage_expect_abort(&storage, compile_faulty, misshapen[i], "shape");
	storage_remove(&storage);
}
END_TEST

static const struct endpoint contradictory[][2] = {
	{ { .name = "a", .path = "/", .value = { TEXT_SLOT("id") } } },
	{ { .name = "b", .path = "/", .input = { { "revision", IN_BODY, INPUT_LINE } } } },
	{ { .name = "c",
		.path = "/",
		.input = { { "size", IN_BODY, INPUT_INTEGER } },
		.value = { REAL_SLOT("size") } } },
};

/* What a statement calls $x is the same value everywhere. */
START_TEST(a_value_of_two_types_ends_the_program)
{
	struct storage storage;

	storage_make(&storage);
	storage_open(&storage);
	for (size_t i = 0; i < CHECK_COUNT(contradictory); i++)
		storage_expect_abort(&storage, compile_faulty, contradictory[i], "two types");
	storage_remove(&storage);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, an_endpoint_has_its_slots_and_statements);
	tcase_add_test(test_case, rows_of_another_shape_end_the_program);
	tcase_add_test(test_case, a_value_of_two_types_ends_the_program);
}

int main(void)
{
	return check_main("route_slots", add_tests);
}
