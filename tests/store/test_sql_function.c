/*
 * store/sql.h: what the engine itself has for dates in a time zone, for text that is sorted, and for
 * members of JSON.
 */
#include "store/sql.h"

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

/* A date or an array, the days, and the zone; and what becomes of it, as JSON. */
struct row {
	const char *text;
	int64_t days;
	const char *zone;
	const char *later;
};

static void expect(const struct statement *statement, const struct row *row)
{
	struct buffer expected = { 0 };

	buffer_add_format(&expected, "{\"later\":%s}", row->later);
	buffer_add(&expected, "", 1);
	ask.value[0] = (struct value){ .type = row->text != NULL ? VALUE_TEXT : VALUE_NULL };
	if (row->text != NULL)
		ask.value[0].text = text_of(row->text);
	ask.value[1] = (struct value){ VALUE_INTEGER, .integer = row->days };
	ask.value[2] = (struct value){ VALUE_TEXT, .text = text_of(row->zone) };
	storage_expect(&storage, &ask, statement, expected.data);
	buffer_free(&expected);
}

static void expect_all(const char *sql, const struct row *rows, size_t count)
{
	const struct statement *statement = storage_prepare(&storage, sql);

	store_start(storage.store);
	for (size_t i = 0; i < count; i++)
		expect(statement, &rows[i]);
}

static const struct row dates[] = {
	{ NULL, 3, "UTC", "null" },
	{ "2026-11-25", 0, "UTC", "\"2026-11-25\"" },
	{ "2026-11-25", 7, "Europe/Berlin", "\"2026-12-02\"" },
	{ "2028-03-01", -1, "Pacific/Apia", "\"2028-02-29\"" },
	{ "2026-11-22T16:55:00Z", 1, "UTC", "\"2026-11-23T16:55:00Z\"" },
	/* 09:00 in Berlin, before and after the clocks are set forward on 29 March */
	{ "2026-03-28T08:00:00Z", 1, "Europe/Berlin", "\"2026-03-29T07:00:00Z\"" },
	{ "2026-03-29T07:00:00Z", -1, "Europe/Berlin", "\"2026-03-28T08:00:00Z\"" },
	{ "2026-03-28T08:00:00Z", 1, "UTC", "\"2026-03-29T08:00:00Z\"" },
	/* 02:30 is skipped on that day, and shown twice on 25 October */
	{ "2026-03-28T01:30:00Z", 1, "Europe/Berlin", "\"2026-03-29T01:30:00Z\"" },
	{ "2026-10-24T00:30:00Z", 1, "Europe/Berlin", "\"2026-10-25T00:30:00Z\"" },
	{ "2026-10-25T01:30:00Z", 0, "Europe/Berlin", "\"2026-10-25T01:30:00Z\"" },
	{ "2026-10-25T01:30:00Z", 1, "Europe/Berlin", "\"2026-10-26T01:30:00Z\"" },
	/* the ends of what there is */
	{ "9999-12-31", 1, "UTC", "\"9999-12-31\"" },
	{ "9999-12-31T12:00:00Z", 9223372036854775807, "UTC", "\"9999-12-31T23:59:59Z\"" },
	{ "1970-01-01", -1, "UTC", "\"1970-01-01\"" },
	{ "1970-01-01T00:00:00Z", -1, "Asia/Tokyo", "\"1970-01-01T00:00:00Z\"" },
	{ "9999-12-31T20:00:00Z", 1, "America/New_York", "\"9999-12-31T23:59:59Z\"" },
	/* what another program may have written there */
	{ "tomorrow", 1, "UTC", "null" },
	{ "2026-02-30", 1, "UTC", "null" },
	{ "2026-11-25", 1, "Middle/Earth", "\"2026-11-26\"" },
};

START_TEST(a_date_moves_by_days_of_the_clock)
{
	expect_all("SELECT " SQL_DAYS_LATER("$a", "$b", "$c") " AS later", dates,
		CHECK_COUNT(dates));
}
END_TEST

static const struct row arrays[] = {
	{ NULL, 3, "UTC", "null" },
	{ "[]", 3, "UTC", "[]" },
	{ "[\"-PT15M\",\"P1D\"]", 3, "UTC", "[\"-PT15M\",\"P1D\"]" },
	{ "[\"2026-03-28T08:00:00Z\"]", 1, "Europe/Berlin", "[\"2026-03-29T07:00:00Z\"]" },
	{ "[\"-PT15M\",\"2026-11-22T16:55:00Z\",\"PT0S\",\"2026-01-01T00:00:00Z\"]", 10, "UTC",
		"[\"-PT15M\",\"2026-12-02T16:55:00Z\",\"PT0S\",\"2026-01-11T00:00:00Z\"]" },
	{ "[1,\"\",\"x\",null,\"not an instant 1234\"]", 1, "UTC",
		"[1,\"\",\"x\",null,\"not an instant 1234\"]" },
	{ "[\"2026-11-22T16:55:00Z\"", 1, "UTC", "null" },
	{ "{}", 1, "UTC", "null" },
	{ "", 1, "UTC", "null" },
};

START_TEST(the_instants_of_an_array_move)
{
	expect_all("SELECT " SQL_INSTANTS_LATER("$a", "$b", "$c") " AS \"later:json\"", arrays,
		CHECK_COUNT(arrays));
}
END_TEST

/* Case and accents go; what is no letter stays. */
static const struct row texts[] = {
	{ NULL, 0, "", "null" },
	{ "", 0, "", "\"\"" },
	{ "Buy MILK, 2 l!", 0, "", "\"buy milk, 2 l!\"" },
	{ "\xc3\x89" "CLAIR", 0, "", "\"eclair\"" },
	{ "E\xcc\x81" "clair", 0, "", "\"eclair\"" },
	{ "  -\xc3\x84pfel-  \xc3\x96L ", 0, "", "\"  -apfel-  ol \"" },
	{ "Vi\xe1\xbb\x87t Nam", 0, "", "\"viet nam\"" },
	{ "\xd0\x96\xd0\x95\xd0\x9d\xd0\x90", 0, "", "\"\xd0\xb6\xd0\xb5\xd0\xbd\xd0\xb0\"" },
	{ "\xce\x91\xce\x98\xce\x97\xce\x9d\xce\x91", 0, "",
		"\"\xce\xb1\xce\xb8\xce\xb7\xce\xbd\xce\xb1\"" },
	{ "\xc3\x97\xc3\xb7 \xc3\x9e\xc5\xbd\xc7\x9f\xd4\xaf", 0, "", "\"\xc3\x97\xc3\xb7 \xc3\xbe" "za\xd4\xaf\"" },
	{ "\xc3\x84" "A\xcc\x88 \xe1\xbb\x87\xc3\x84", 0, "", "\"aa ea\"" },
	{ "\xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80 X", 0, "", "\"\xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80 x\"" },
};

START_TEST(a_text_is_folded)
{
	expect_all("SELECT " SQL_FOLDED("$a") " AS later", texts, CHECK_COUNT(texts));
}
END_TEST

#define MEMBERS "\"a\":null,\"b\":0,\"c\":[],\"d\":null"

static const struct row members[] = {
	{ NULL, 5, "[\"x\"]", "{\"a\":null,\"b\":5,\"c\":[\"x\"],\"d\":null}" },
	{ "x\"y", -1, "[]", "{\"a\":\"x\\\"y\",\"b\":-1,\"c\":[],\"d\":null}" },
};

START_TEST(members_take_the_places_of_absent_ones)
{
	expect_all("SELECT '{' || " SQL_MEMBERS(MEMBERS, ", $a, $b, $c") " || '}' AS \"later:json\"",
		members, CHECK_COUNT(members));
}
END_TEST

static const struct row fewer[] = {
	{ "x", 1, "y", "{\"a\":\"x\"}" },
	{ NULL, 1, "y", "{\"a\":\"due\"}" },
};

START_TEST(members_that_there_are_not_take_no_place)
{
	expect_all("SELECT '{' || " SQL_MEMBERS("\"a\":\"due\"", ", $a, $b, $c") " || '}' AS \"later:json\"",
		fewer, CHECK_COUNT(fewer));
}
END_TEST

/* A thread for each connection, and each of them has the functions. */
START_TEST(a_change_has_them_too)
{
	const struct row row = { "2026-11-25", 1, "UTC", "\"2026-11-26\"" };

	expect_all("INSERT INTO things (name) VALUES (" SQL_DAYS_LATER("$a", "$b", "$c")
		   ") RETURNING name AS later",
		&row, 1);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, a_date_moves_by_days_of_the_clock);
	tcase_add_test(test_case, the_instants_of_an_array_move);
	tcase_add_test(test_case, a_text_is_folded);
	tcase_add_test(test_case, members_take_the_places_of_absent_ones);
	tcase_add_test(test_case, members_that_there_are_not_take_no_place);
	tcase_add_test(test_case, a_change_has_them_too);
}

int main(void)
{
	return check_main("sql_function", add_tests);
}
