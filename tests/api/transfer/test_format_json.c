/*
 * src/api/transfer/json.c: an export and a list are read element by element; what is neither
 * is refused at the place where it is found.
 */
#include "check_main.h"
#include "format_reading.h"

#include "base/memory.h"

#include <string.h>

static void check(const char *file, const char *records, const char *reports)
{
	format_check(&format_json, text_of(file), records, reports);
}

START_TEST(an_export_is_read)
{
	check("{\"username\":\"ann\",\"email\":null,\"date_joined\":\"2026-11-22T20:46:47Z\","
	      "\"tasks\":[{\"id\":1,\"name\":\"Buy \\u20ac \\\"milk\\\"\",\"note\":\"a\\nb\","
	      "\"creation_date\":\"2026-11-22T20:46:47Z\",\"due_date\":\"2026-11-25\","
	      "\"completed\":true,\"priority\":3,\"tags\":[\"a\",\"b\"],\"position\":1.5,"
	      "\"completed_date\":\"2026-11-23T00:00:00Z\","
	      "\"modified_date\":\"2026-11-23T00:00:01Z\",\"revision\":7},\n"
	      " {\"id\":2,\"name\":\"x\",\"due_date\":null}],"
	      "\"trash\":[{\"id\":3,\"name\":\"old\",\"deleted_date\":\"2026-11-24T00:00:00Z\"}]}"
	      "\n",
		"[{\"id\":1,\"name\":\"Buy \u20AC \\\"milk\\\"\",\"note\":\"a\\nb\","
		"\"creation_date\":\"2026-11-22T20:46:47Z\",\"due_date\":\"2026-11-25\","
		"\"completed\":true,\"priority\":3,\"tags\":[\"a\",\"b\"],\"position\":1.5,"
		"\"completed_date\":\"2026-11-23T00:00:00Z\","
		"\"modified_date\":\"2026-11-23T00:00:01Z\"},{\"id\":2,\"name\":\"x\"},"
		"{\"id\":3,\"name\":\"old\",\"deleted_date\":\"2026-11-24T00:00:00Z\"}]",
		"[]");
}
END_TEST

START_TEST(lists_and_what_refers_to_them_are_read)
{
	check("{\"time_zone\":\"Europe/Berlin\",\"lists\":[{\"id\":4,\"name\":\"Work\",\"color\":"
	      "\"#aabbcc\",\"headings\":[\"a\",\"b c\"],\"position\":1.5,\"archived\":true,"
	      "\"open\":7,\"creation_date\":\"2026-11-22T20:46:47Z\",\"modified_date\":"
	      "\"2026-11-23T20:46:47Z\",\"revision\":9}],\"trashed_lists\":[{\"id\":5,\"name\":"
	      "\"Old\",\"deleted_date\":\"2026-11-24T00:00:00Z\"},{\"id\":6,\"name\":\"kept\"}],"
	      "\"tasks\":[{\"id\":1,\"name\":\"x\",\"list\":4,\"heading\":\"a\",\"parent\":2,"
	      "\"start_date\":\"2026-11-25\",\"repeat\":\"FREQ=DAILY\",\"repeat_from\":"
	      "\"completion\",\"reminders\":[\"PT0S\",\"-P1D\"],\"assignee\":null,\"uid\":\"u\"}]}",
		"[{\"id\":4,\"name\":\"Work\",\"color\":\"#aabbcc\",\"headings\":[\"a\",\"b c\"],"
		"\"position\":1.5,\"archived\":true,\"creation_date\":\"2026-11-22T20:46:47Z\","
		"\"modified_date\":\"2026-11-23T20:46:47Z\"},{\"id\":5,\"name\":\"Old\","
		"\"deleted_date\":\"2026-11-24T00:00:00Z\"},"
		"\"/trashed_lists/1: It is in the trash and has no \\\"deleted_date\\\".\","
		"{\"id\":1,\"name\":\"x\",\"list\":4,\"heading\":\"a\",\"parent\":2,"
		"\"start_date\":\"2026-11-25\",\"repeat\":\"FREQ=DAILY\",\"repeat_from\":"
		"\"completion\",\"reminders\":[\"PT0S\",\"-P1D\"],\"uid\":\"u\"}]",
		"[]");
}
END_TEST

START_TEST(lists_come_in_any_order)
{
	check("\xEF\xBB\xBF { \"trash\" : [ ] , \"total\" : 2 ,\r\n\t\"tasks\" : "
	      "[ {\"name\":\"a\"} , {\"name\":\"b\"} ] } ",
		"[{\"name\":\"a\"},{\"name\":\"b\"}]", "[]");
	check("{\"tasks\":[]}", "[]", "[]");
	check("{\"trash\":[{\"name\":\"t\",\"deleted_date\":\"x\"}],\"tasks\":[{\"name\":\"u\"}]}",
		"[{\"name\":\"t\",\"deleted_date\":\"x\"},{\"name\":\"u\"}]", "[]");
}
END_TEST

/* Values of a wrong type are passed on to the input check, without their contents. */
START_TEST(values_are_passed_on)
{
	check("{\"tasks\":[{\"name\":7,\"completed\":\"yes\",\"priority\":[1],\"tags\":{\"a\":1}},"
	      "{}]}",
		"[{\"name\":7,\"completed\":\"yes\",\"priority\":[],\"tags\":{}},{}]",
		"[]");
}
END_TEST

START_TEST(unknown_members_are_reported_once)
{
	check("{\"app\":\"x\",\"tasks\":[{\"name\":\"a\",\"colour\":1},{\"name\":\"b\",\"colour\":"
	      "2,"
	      "\"Note\":\"n\"}],\"more\":{\"a\":[1,{\"b\":2}]}}",
		"[{\"name\":\"a\"},{\"name\":\"b\"}]",
		"[\": The member \\\"app\\\" is not known and was left out.\","
		"\"/tasks/0: The member \\\"colour\\\" is not known and was left out.\","
		"\"/tasks/1: The member \\\"Note\\\" is not known and was left out.\","
		"\": The member \\\"more\\\" is not known and was left out.\"]");
}
END_TEST

START_TEST(reports_have_an_end)
{
	struct buffer file = { 0 };
	json_t *reading;
	size_t reports;

	buffer_add_text(&file, TEXT("{\"tasks\":[{"));
	for (int i = 0; i < 5000; i++)
		buffer_add_format(&file, "\"x%d\":1,", i);
	buffer_add_text(&file, TEXT("\"name\":\"n\"}]}"));
	reading = format_reading(&format_json, (struct text){ file.data, file.length });
	reports = json_array_size(json_object_get(reading, "reports"));
	ck_assert_uint_ge(reports, 10);
	ck_assert_uint_le(reports, 100);
	json_decref(reading);
	buffer_free(&file);
}
END_TEST

/* Arrays around an array, so many in all that the element, with its object, is that deep. */
static struct buffer file_of_depth(unsigned depth)
{
	struct buffer file = { 0 };

	buffer_add_text(&file, TEXT("{\"tasks\":[{\"name\":\"n\",\"note\":"));
	for (unsigned i = 1; i < depth; i++)
		buffer_add(&file, "[", 1);
	for (unsigned i = 1; i < depth; i++)
		buffer_add(&file, "]", 1);
	buffer_add_text(&file, TEXT("},{\"name\":\"next\"}]}"));
	return file;
}

START_TEST(depth_has_an_end)
{
	static const unsigned depths[] = { 32, 33, 1000, 100000 };

	for (size_t i = 0; i < CHECK_COUNT(depths); i++) {
		struct buffer file = file_of_depth(depths[i]);
		json_t *reading =
			format_reading(&format_json, (struct text){ file.data, file.length });
		json_t *records = json_object_get(reading, "records");
		const char *first = json_string_value(json_array_get(records, 0));

		ck_assert((first == NULL) == (depths[i] <= 32));
		ck_assert(first == NULL || strstr(first, "It is nested too deep.") != NULL ||
			  strstr(first, "The JSON is nested too deep.") != NULL);
		/* what the parser itself cannot bear is the end; all else is not */
		ck_assert_uint_eq(json_array_size(records), depths[i] > 2000 ? 1 : 2);
		json_decref(reading);
		buffer_free(&file);
	}
}
END_TEST

START_TEST(a_bad_element_is_not_the_end)
{
	check("{\"tasks\":[1,null,\"x\",[{}],{\"name\":\"a\"}],\"trash\":[{\"name\":\"b\"},"
	      "{\"name\":\"c\",\"deleted_date\":\"d\"}]}",
		"[\"/tasks/0: It is not an object.\",\"/tasks/1: It is not an object.\","
		"\"/tasks/2: It is not an object.\",\"/tasks/3: It is not an object.\","
		"{\"name\":\"a\"},\"/trash/0: It is in the trash and has no "
		"\\\"deleted_date\\\".\","
		"{\"name\":\"c\",\"deleted_date\":\"d\"}]",
		"[]");
}
END_TEST

START_TEST(a_file_can_be_broken)
{
	static const struct {
		const char *file;
		const char *record; /* the last one */
	} rows[] = {
		{ "", "! It is not a JSON object." },
		{ "[]", "! It is not a JSON object." },
		{ "name,note\n", "! It is not a JSON object." },
		{ "{}", "! It has neither \"tasks\" nor \"trash\" nor \"lists\"." },
		{ "{\"username\":\"ann\"}", "! It has neither \"tasks\" nor \"trash\" nor \"lists\"." },
		{ "{", "! The JSON ends too early." },
		{ "{\"tasks\"", "! This is not well-formed JSON." },
		{ "{\"tasks\":", "/tasks! It is not an array." },
		{ "{\"tasks\":{}}", "/tasks! It is not an array." },
		{ "{\"tasks\":null}", "/tasks! It is not an array." },
		{ "{\"tasks\":[", "/tasks/0! The JSON ends too early." },
		{ "{\"tasks\":[{\"name\":\"a\"}", "/tasks! The JSON ends too early." },
		{ "{\"tasks\":[{\"name\":\"a\"}]", "! The JSON ends too early." },
		{ "{\"tasks\":[{\"name\":\"a\"", "/tasks/0! The JSON ends too early." },
		{ "{\"tasks\":[{\"name\":\"a\",}]}", "/tasks/0! This is not well-formed JSON." },
		{ "{\"tasks\":[{\"name\":\"a\"},]}", "/tasks/1! This is not well-formed JSON." },
		{ "{\"tasks\":[{} {}]}", "/tasks! This is not well-formed JSON." },
		{ "{\"tasks\":[{\"a\":1,\"a\":2}]}",
			"/tasks/0! The JSON has the same member twice in one object." },
		{ "{\"tasks\":[],\"tasks\":[]}",
			"/tasks! The JSON has the same member twice in one object." },
		{ "{\"tasks\":[],}", "! This is not well-formed JSON." },
		{ "{\"tasks\":[] \"a\":1}", "! This is not well-formed JSON." },
		{ "{,\"tasks\":[]}", "! This is not well-formed JSON." },
		{ "{\"tasks\":[]} x", "! There is more after the end of the JSON." },
		{ "{tasks:[]}", "! This is not well-formed JSON." },
		{ "{1:[]}", "! This is not well-formed JSON." },
		{ "{\"tasks\":[{\"name\":\"\xC3(\"}]}", "/tasks/0! It is not UTF-8." },
		{ "{\"tasks\":[{\"name\":\"\\ud800\"}]}",
			"/tasks/0! This is not well-formed JSON." },
		{ "{\"tasks\":[{\"name\":\"\\u0000\"}]}", "/tasks/0! It has a NUL in it." },
		{ "{\"tasks\":[{\"name\":1e999}]}",
			"/tasks/0! The JSON has a number that is out of range." },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		json_t *reading = format_reading(&format_json, text_of(rows[i].file));
		json_t *records = json_object_get(reading, "records");
		json_t *last = json_array_get(records, json_array_size(records) - 1);

		ck_assert_msg(last != NULL, "nothing in %s", rows[i].file);
		ck_assert_str_eq(json_string_value(last), rows[i].record);
		json_decref(reading);
	}
}
END_TEST

/* Cut anywhere, a file is refused, and what was whole before the cut is read. */
START_TEST(every_cut_is_noticed)
{
	static const char file[] =
		"{\"username\":\"a\",\"tasks\":[{\"name\":\"b\"},{\"name\":\"c\"}],"
		"\"trash\":[{\"name\":\"d\",\"deleted_date\":\"e\"}]}";

	for (size_t length = 0; length < sizeof(file) - 1; length++) {
		json_t *reading = format_reading(&format_json, (struct text){ file, length });
		json_t *records = json_object_get(reading, "records");
		size_t count = json_array_size(records);
		const char *last = json_string_value(json_array_get(records, count - 1));

		CHECK_THAT(last != NULL && strchr(last, '!') != NULL, "%zu bytes", length);
		json_decref(reading);
	}
}
END_TEST

START_TEST(elements_have_an_end)
{
	for (size_t size = 1 << 20; size <= (1 << 20) + 1; size++) {
		struct buffer file = { 0 };
		json_t *reading, *record;
		size_t rest = size - strlen("{\"name\":\"\"}");

		buffer_add_text(&file, TEXT("{\"tasks\":[{\"name\":\""));
		memset(buffer_reserve(&file, rest), 'a', rest);
		file.length += rest;
		buffer_add_text(&file, TEXT("\"},{\"name\":\"b\"}]}"));
		reading = format_reading(&format_json, (struct text){ file.data, file.length });
		record = json_array_get(json_object_get(reading, "records"), 0);
		ck_assert(json_is_object(record) == (size == 1 << 20));
		ck_assert(json_is_object(record) ||
			  strcmp(json_string_value(record),
				  "/tasks/0! It is too long: a record may have 1 MiB.") == 0);
		json_decref(reading);
		buffer_free(&file);
	}
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, an_export_is_read);
	tcase_add_test(test_case, lists_and_what_refers_to_them_are_read);
	tcase_add_test(test_case, lists_come_in_any_order);
	tcase_add_test(test_case, values_are_passed_on);
	tcase_add_test(test_case, unknown_members_are_reported_once);
	tcase_add_test(test_case, reports_have_an_end);
	tcase_add_test(test_case, depth_has_an_end);
	tcase_add_test(test_case, a_bad_element_is_not_the_end);
	tcase_add_test(test_case, a_file_can_be_broken);
	tcase_add_test(test_case, every_cut_is_noticed);
	tcase_add_test(test_case, elements_have_an_end);
}

int main(void)
{
	return check_main("format_json", add_tests);
}
