/*
 * store/store.h: values in, rows as JSON out.
 */
#include "check_main.h"
#include "storage.h"

#include <string.h>

static struct storage storage;
static struct ask ask;

static void setup(void)
{
	storage_make(&storage);
	memset(&ask, 0, sizeof(ask));
	storage_open(&storage);
}

static void teardown(void)
{
	storage_remove(&storage);
	ask_free(&ask);
}

/* One statement, asked with the values that are set. */
static void expect_rows(const char *sql, const char *rows)
{
	const struct statement *statement = storage_prepare(&storage, sql);

	store_start(storage.store);
	storage_expect(&storage, &ask, statement, rows);
}

#define TEXT_VALUE(literal)                                                                        \
	{                                                                                          \
		VALUE_TEXT, .text = TEXT_INIT(literal)                                             \
	}

static const struct {
	struct value value;
	const char *json;
	const char *type; /* SQLite's */
} values[] = {
	{ { VALUE_NULL, { 0 } }, "null", "null" },
	{ { VALUE_INTEGER, .integer = 0 }, "0", "integer" },
	{ { VALUE_INTEGER, .integer = INT64_MIN }, "-9223372036854775808", "integer" },
	{ { VALUE_INTEGER, .integer = INT64_MAX }, "9223372036854775807", "integer" },
	{ { VALUE_REAL, .real = 0.1 }, "0.1", "real" },
	{ { VALUE_REAL, .real = -2.5 }, "-2.5", "real" },
	{ { VALUE_REAL, .real = 2.2250738585072014e-308 }, "2.2250738585072014e-308", "real" },
	{ { VALUE_REAL, .real = 1.7976931348623157e308 }, "1.7976931348623157e+308", "real" },
	{ TEXT_VALUE(""), "\"\"", "text" },
	{ { VALUE_TEXT, .text = { NULL, 0 } }, "\"\"", "text" },
	{ TEXT_VALUE("12"), "\"12\"", "text" },
	{ TEXT_VALUE("a \"b\" \\ \n\t\x01 /"), "\"a \\\"b\\\" \\\\ \\n\\t\\u0001 /\"", "text" },
	{ TEXT_VALUE("\u00E9\u20AC\U0001F600"), "\"\u00E9\u20AC\U0001F600\"", "text" },
};

START_TEST(a_value_comes_back_as_it_went)
{
	const struct statement *read, *write, *again;
	char expected[128];

	read = storage_prepare(&storage, "SELECT $a AS value, typeof($a) AS type");
	write = storage_prepare(&storage, "INSERT INTO things (value) VALUES ($a)"
					  " RETURNING value, typeof(value) AS type");
	again = storage_prepare(&storage, "SELECT value, typeof(value) AS type FROM things"
					  " WHERE value IS $a ORDER BY id DESC LIMIT 1");
	store_start(storage.store);
	for (size_t i = 0; i < CHECK_COUNT(values); i++) {
		snprintf(expected, sizeof(expected), "{\"value\":%s,\"type\":\"%s\"}",
			values[i].json, values[i].type);
		ask.value[0] = values[i].value;
		storage_expect(&storage, &ask, read, expected);
		storage_expect(&storage, &ask, write, expected);
		storage_expect(&storage, &ask, again, expected);
	}
}
END_TEST

START_TEST(a_blob_goes_in_byte_by_byte)
{
	static const unsigned char bytes[] = { 0, 1, 0x7F, 0x80, 0xFF, 0 };

	ask.value[0].type = VALUE_BLOB;
	ask.value[0].text = (struct text){ (const char *)bytes, sizeof(bytes) };
	expect_rows("INSERT INTO things (value) VALUES ($a) RETURNING hex(value) AS hex, typeof(value) AS type",
		"{\"hex\":\"00017F80FF00\",\"type\":\"blob\"}");
}
END_TEST

START_TEST(each_parameter_has_its_slot)
{
	for (unsigned i = 0; i < STORAGE_SLOTS; i++)
		ask.value[i] = (struct value){ VALUE_INTEGER, .integer = i + 1 };
	expect_rows("SELECT $f AS f, $b AS b, $f AS g, $c + $a AS h, $d AS d, $e AS e",
		"{\"f\":6,\"b\":2,\"g\":6,\"h\":4,\"d\":4,\"e\":5}");
}
END_TEST

START_TEST(rows_are_objects_with_commas_between)
{
	expect_rows("SELECT 1 AS n, 'a' AS t UNION ALL SELECT 2, NULL UNION ALL SELECT 3.0, ''",
		"{\"n\":1,\"t\":\"a\"},{\"n\":2,\"t\":null},{\"n\":3,\"t\":\"\"}");
	ck_assert_uint_eq(ask.job.rows, 3);
}
END_TEST

START_TEST(no_row_is_no_text)
{
	expect_rows("SELECT id FROM things", "");
	ck_assert_uint_eq(ask.job.rows, 0);
}
END_TEST

START_TEST(a_bool_column_is_true_or_false)
{
	expect_rows("SELECT 1 AS \"a:bool\", 0 AS \"b:bool\", -7 AS \"c:bool\","
		    " 4294967296 AS \"d:bool\", NULL AS \"e:bool\"",
		"{\"a\":true,\"b\":false,\"c\":true,\"d\":true,\"e\":null}");
}
END_TEST

START_TEST(a_json_column_stands_as_it_is)
{
	expect_rows("SELECT '{\"x\":[1,\"\"]}' AS \"a:json\", NULL AS \"b:json\", 5 AS \"c:json\"",
		"{\"a\":{\"x\":[1,\"\"]},\"b\":null,\"c\":5}");
}
END_TEST

START_TEST(a_column_may_have_any_name_without_a_quote)
{
	expect_rows("SELECT 1 AS \"a b\\\", 2 AS \"\", 3 AS \"\u00E9, FROM\"",
		"{\"a b\\\\\":1,\"\":2,\"\u00E9, FROM\":3}");
}
END_TEST

START_TEST(a_statement_knows_whether_it_writes)
{
	static const struct {
		const char *sql;
		bool writes;
	} rows[] = {
		{ "SELECT id FROM things", false },
		{ "WITH t (a) AS (SELECT 1) SELECT a FROM t", false },
		{ "INSERT INTO things (name) VALUES ('x')", true },
		{ "INSERT INTO things (name) VALUES ('x') RETURNING id", true },
		{ "WITH t AS (SELECT 1) UPDATE things SET name = (SELECT * FROM t)", true },
		{ "DELETE FROM things", true },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		ck_assert_int_eq(store_statement_writes(storage_prepare(&storage, rows[i].sql)),
			rows[i].writes);
}
END_TEST

static void prepare(struct storage *with, const void *sql)
{
	storage_prepare(with, sql);
}

START_TEST(a_faulty_statement_ends_the_program)
{
	static const char *const faulty[][2] = {
		{ "SELEC 1", "neither SELECT" },
		{ "PRAGMA synchronous", "neither SELECT" },
		{ "SELECT $stranger", "without a value" },
		{ "SELECT $a, ?", "not \"$name\"" },
		{ "SELECT 1 AS a, @a AS b", "not \"$name\"" },
		{ "SELECT count(*) FROM things", "without a name" },
		{ "SELECT * FROM things", "without a name" },
		{ "DELETE FROM things RETURNING 'id'", "without a name" },
		{ "SELECT 1 AS \"a\"\"b\"", "quote" },
		{ "SELECT 1; SELECT 2", "more than one statement" },
	};

	for (size_t i = 0; i < CHECK_COUNT(faulty); i++)
		storage_expect_abort(&storage, prepare, faulty[i][0], faulty[i][1]);
}
END_TEST

/* Its text is sound, but not what it asks for: another program may have changed the file. */
START_TEST(a_statement_that_does_not_prepare_fails)
{
	const struct statement *nowhere = storage_prepare(&storage, "SELECT 1 AS a FROM nowhere");
	const struct statement *nothing = storage_prepare(&storage, "SELECT nothing FROM things");
	const struct statement *one = storage_prepare(&storage, "SELECT 1 AS a");

	store_start(storage.store);
	storage_ask_one(&storage, &ask, nowhere);
	storage_wait(&storage);
	ck_assert_int_eq(ask.job.result, STORE_FAILED);
	storage_ask_one(&storage, &ask, nothing);
	storage_wait(&storage);
	ck_assert_int_eq(ask.job.result, STORE_FAILED);
	storage_expect(&storage, &ask, one, "{\"a\":1}");
}
END_TEST

static const struct slot typed[] = { INTEGER_SLOT("a"), { 0 } };

static void ask_number(struct storage *with, const void *value)
{
	struct ask mine = { .value = { *(const struct value *)value } };
	const struct statement *statement = store_prepare(with->store, "SELECT $a", typed);

	store_start(with->store);
	storage_ask_one(with, &mine, statement);
	storage_wait(with);
}

/* What an engine was told of a slot's type is so. */
START_TEST(a_value_of_another_type_ends_the_program)
{
	static const struct value others[] = { TEXT_VALUE("1"), { VALUE_REAL, .real = 1 } };

	for (size_t i = 0; i < CHECK_COUNT(others); i++)
		storage_expect_abort(&storage, ask_number, &others[i], "slot_takes");
}
END_TEST

START_TEST(no_value_is_of_any_type)
{
	const struct statement *statement = store_prepare(storage.store, "SELECT $a AS a", typed);

	store_start(storage.store);
	storage_expect(&storage, &ask, statement, "{\"a\":null}");
	ask.value[0] = (struct value){ VALUE_INTEGER, .integer = 1 };
	storage_expect(&storage, &ask, statement, "{\"a\":1}");
}
END_TEST

START_TEST(a_statement_knows_its_columns)
{
	const struct statement *statement = storage_prepare(&storage,
		"SELECT (1, 2) IS DISTINCT FROM (1, 3) AS a, 0 AS \"done:bool\","
		" replace('[,]', ',', '') AS \"c:json\", things.value FROM things");

	ck_assert(text_equal(store_statement_member(statement, 0), TEXT("a")));
	ck_assert(text_equal(store_statement_member(statement, 1), TEXT("done")));
	ck_assert(text_equal(store_statement_member(statement, 2), TEXT("c")));
	ck_assert(text_equal(store_statement_member(statement, 3), TEXT("value")));
	ck_assert_ptr_null(store_statement_member(statement, 4).data);
	statement = storage_prepare(&storage, "DELETE FROM things");
	ck_assert_ptr_null(store_statement_member(statement, 0).data);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, a_value_comes_back_as_it_went);
	tcase_add_test(test_case, a_blob_goes_in_byte_by_byte);
	tcase_add_test(test_case, each_parameter_has_its_slot);
	tcase_add_test(test_case, rows_are_objects_with_commas_between);
	tcase_add_test(test_case, no_row_is_no_text);
	tcase_add_test(test_case, a_bool_column_is_true_or_false);
	tcase_add_test(test_case, a_json_column_stands_as_it_is);
	tcase_add_test(test_case, a_column_may_have_any_name_without_a_quote);
	tcase_add_test(test_case, a_statement_knows_whether_it_writes);
	tcase_add_test(test_case, a_statement_knows_its_columns);
	tcase_add_test(test_case, a_faulty_statement_ends_the_program);
	tcase_add_test(test_case, a_statement_that_does_not_prepare_fails);
	tcase_add_test(test_case, a_value_of_another_type_ends_the_program);
	tcase_add_test(test_case, no_value_is_of_any_type);
}

int main(void)
{
	return check_main("store", add_tests);
}
