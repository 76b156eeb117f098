/*
 * src/api/transfer/csv.c: what is written byte by byte, what comes back, and the files of
 * others.
 */
#include "check_main.h"
#include "format_reading.h"

#include "base/memory.h"

#include <string.h>

#define HEADER                                                                                     \
	"id,name,note,creation_date,due_date,completed,priority,tags,position,completed_date,"     \
	"modified_date,list,heading,parent,start_date,repeat,repeat_from,reminders,assignee,uid,"   \
	"revision\r\n"

static void check(const char *file, const char *records, const char *reports)
{
	format_check(&format_csv, text_of(file), records, reports);
}

START_TEST(rows_are_those_of_rfc_4180)
{
	static const struct format_task tasks[] = {
		{ "Buy milk", "", NULL, NULL, 0, "[]", 1.5 },
		{ "say \"hi\", then go", "one\ntwo", "2026-11-25", "2026-11-23T08:00:00Z", 3,
			"[\"a\",\"b\"]", -2 },
		{ "=1+1", "@x", "2026-11-25T10:00:00Z", NULL, 1, "[\"a\"]", 0 },
	};
	static const char expected[] = HEADER
		"7,Buy milk,,2026-11-22T16:55:00Z,,false,0,,1.5,,2027-01-31T23:59:59Z,,,,,,,,,uid-7,99\r\n"
		"7,\"say \"\"hi\"\", then go\",\"one\ntwo\",2026-11-22T16:55:00Z,2026-11-25,true,3,"
		"\"a,b\",-2,2026-11-23T08:00:00Z,2027-01-31T23:59:59Z,,,,,,,,,uid-7,99\r\n"
		"7,=1+1,@x,2026-11-22T16:55:00Z,2026-11-25T10:00:00Z,false,1,a,0,,"
		"2027-01-31T23:59:59Z,,,,,,,,,uid-7,99\r\n";
	struct buffer file = format_file(&format_csv, tasks, CHECK_COUNT(tasks));

	ck_assert_uint_eq(file.length, strlen(expected));
	ck_assert_mem_eq(file.data, expected, file.length);
	buffer_free(&file);
	format_check_tasks(&format_csv, tasks, CHECK_COUNT(tasks));
}
END_TEST

START_TEST(no_task_is_a_file_too)
{
	check(HEADER, "[]", "[]");
	format_check_tasks(&format_csv, NULL, 0);
}
END_TEST

START_TEST(every_member_comes_back)
{
	format_check_members(&format_csv);
}
END_TEST

START_TEST(tasks_come_back)
{
	format_check_round_trip(&format_csv, 1, 2000);
}
END_TEST

/* A spreadsheet's: another order, a column of its own, a mark at the start, words for a boolean. */
START_TEST(columns_come_in_any_order)
{
	check("\xEF\xBB\xBF"
	      "Completed,Colour,Name,Tags,Priority,Position,Due_Date\r\n"
	      "TRUE,red,\"Milk; two, or three\",\"home, shop\",2,1.25,2026-11-25\r\n"
	      "no,blue,Bread,,,,\r\n",
		"[{\"completed\":true,\"name\":\"Milk; two, or "
		"three\",\"tags\":[\"home\",\"shop\"],"
		"\"priority\":2,\"position\":1.25,\"due_date\":\"2026-11-25\"},"
		"{\"completed\":false,\"name\":\"Bread\"}]",
		"[\"/line/1: The column \\\"Colour\\\" is not known and was left out.\"]");
}
END_TEST

/* The task gets an id and a revision of its own. */
START_TEST(known_columns_can_be_unused)
{
	check("id,name,revision\n7,a,99\nx,b,\n", "[{\"name\":\"a\"},{\"name\":\"b\"}]", "[]");
	format_check_records(&format_csv, text_of("id,name,ID\n"),
		"[\"/line/1! The header row has the same column twice.\"]");
}
END_TEST

/* A long name is cut between two characters. */
START_TEST(names_in_reports_are_cut)
{
	struct buffer file = { 0 }, reports = { 0 };

	buffer_add_text(&file, TEXT("name,a"));
	buffer_add_text(&reports, TEXT("[\"/line/1: The column \\\"a"));
	for (int i = 0; i < 100; i++)
		buffer_add_text(&file, TEXT("\u00E9"));
	for (int i = 0; i < 31; i++)
		buffer_add_text(&reports, TEXT("\u00E9"));
	buffer_add_format(&reports, "\\\" is not known and was left out.\"]%c", '\0');
	format_check(&format_csv, (struct text){ file.data, file.length }, "[]", reports.data);
	buffer_free(&file);
	buffer_free(&reports);
}
END_TEST

START_TEST(what_is_no_value_is_passed_on)
{
	check("name,completed,priority,position,due_date,creation_date\n"
	      "a,perhaps,high,0x10,tomorrow,2026-01-01\n"
	      "b,2,1.5,inf,2026-02-30,01/02/2026 10:00:00\n"
	      "c,off,-1,1e999, 1,x\n"
	      ",,,-1e3,,\n",
		"[{\"name\":\"a\",\"completed\":\"perhaps\",\"priority\":\"high\","
		"\"position\":\"0x10\",\"due_date\":\"tomorrow\","
		"\"creation_date\":\"2026-01-01T00:00:00Z\"},"
		"{\"name\":\"b\",\"completed\":\"2\",\"priority\":\"1.5\",\"position\":\"inf\","
		"\"due_date\":\"2026-02-30\",\"creation_date\":\"01/02/2026 10:00:00\"},"
		"{\"name\":\"c\",\"completed\":false,\"priority\":-1,\"position\":\"1e999\","
		"\"due_date\":\" 1\",\"creation_date\":\"x\"},"
		"{\"name\":\"\",\"position\":-1000.0}]",
		"[]");
}
END_TEST

START_TEST(quotes_hold_everything)
{
	check("name,note\n"
	      "\"a \"\"b\"\"\",\"1\r\n2\n\n3,4\"\n"
	      "5\" pipe,a \"b\" c\r\n"
	      "\"\",\"\"\n"
	      "last,\"line\"",
		"[{\"name\":\"a \\\"b\\\"\",\"note\":\"1\\n2\\n\\n3,4\"},"
		"{\"name\":\"5\\\" pipe\",\"note\":\"a \\\"b\\\" c\"},"
		"{\"name\":\"\"},{\"name\":\"last\",\"note\":\"line\"}]",
		"[]");
}
END_TEST

START_TEST(tags_are_made_of_what_is_none)
{
	check("name,tags\nx,\"two words,,a\u00A0b\"\ny,\"c d\"\n",
		"[{\"name\":\"x\",\"tags\":[\"two-words\",\"a-b\"]},"
		"{\"name\":\"y\",\"tags\":[\"c-d\"]}]",
		"[\"/line/2: The tags have white space or commas in them, which became "
		"\\\"-\\\".\"]");
}
END_TEST

/* The line is that of the record's start, with the lines inside of quotes and empty ones counted. */
START_TEST(a_bad_row_is_not_the_end)
{
	static const char file[] = "\n\nname,note\n\na,b\nx\n\"one\ntwo\",\"3\n\"\ny,1,2\n\r\n"
				   "\"z\"z,1\nn\0l,1\n\xC3(,1\nlast,\n";

	format_check(&format_csv, (struct text){ file, sizeof(file) - 1 },
		"[{\"name\":\"a\",\"note\":\"b\"},"
		"\"/line/6: It has fewer cells than the header row.\","
		"{\"name\":\"one\\ntwo\",\"note\":\"3\\n\"},"
		"\"/line/10: It has more cells than the header row.\","
		"\"/line/12: There is more behind a closing quote.\","
		"\"/line/13: It has a NUL in it.\",\"/line/14: It is not UTF-8.\","
		"{\"name\":\"last\"}]",
		"[]");
}
END_TEST

START_TEST(a_file_can_be_broken)
{
	static const struct {
		const char *file;
		const char *records;
	} rows[] = {
		{ "", "[\"/line/1! There is no header row.\"]" },
		{ "\r\n\n", "[\"/line/3! There is no header row.\"]" },
		{ "title,note\nx,y\n", "[\"/line/1! The header row has no column \\\"name\\\"; "
				       "commas stand between its columns.\"]" },
		{ "name;note\nx;y\n", "[\"/line/1! The header row has no column \\\"name\\\"; "
				      "commas stand between its columns.\"]" },
		{ "name,note,Name\n", "[\"/line/1! The header row has the same column twice.\"]" },
		{ "name,\"note\n", "[\"/line/1! A quote in it is not closed.\"]" },
		{ "name,\xFF\n", "[\"/line/1! It is not UTF-8.\"]" },
		{ "name\na\n\"b\nc\n", "[{\"name\":\"a\"},"
				       "\"/line/3! A quote in it is not closed.\"]" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		format_check_records(&format_csv, text_of(rows[i].file), rows[i].records);
}
END_TEST

/* A record of one cell, quoted or not: at 1 MiB it is read, above that it is refused. */
START_TEST(records_have_an_end)
{
	static const char *const quotes[] = { "", "\"" };

	for (size_t size = (1 << 20) - 3; size <= (1 << 20) + 3; size += 6) {
		for (size_t q = 0; q < CHECK_COUNT(quotes); q++) {
			struct buffer file = { 0 };
			json_t *reading, *record;

			buffer_add_format(&file, "name\n%s", quotes[q]);
			memset(buffer_reserve(&file, size), 'a', size);
			file.length += size - 2 * strlen(quotes[q]);
			buffer_add_format(&file, "%s\nb\n", quotes[q]);
			reading = format_reading(
				&format_csv, (struct text){ file.data, file.length });
			record = json_array_get(json_object_get(reading, "records"), 0);
			ck_assert(json_is_object(record) == (size < 1 << 20));
			ck_assert(json_is_object(record) ||
				  strstr(json_string_value(record), "too long") != NULL);
			json_decref(reading);
			buffer_free(&file);
		}
	}
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, rows_are_those_of_rfc_4180);
	tcase_add_test(test_case, no_task_is_a_file_too);
	tcase_add_test(test_case, every_member_comes_back);
	tcase_add_test(test_case, tasks_come_back);
	tcase_add_test(test_case, columns_come_in_any_order);
	tcase_add_test(test_case, known_columns_can_be_unused);
	tcase_add_test(test_case, names_in_reports_are_cut);
	tcase_add_test(test_case, what_is_no_value_is_passed_on);
	tcase_add_test(test_case, quotes_hold_everything);
	tcase_add_test(test_case, tags_are_made_of_what_is_none);
	tcase_add_test(test_case, a_bad_row_is_not_the_end);
	tcase_add_test(test_case, a_file_can_be_broken);
	tcase_add_test(test_case, records_have_an_end);
}

int main(void)
{
	return check_main("format_csv", add_tests);
}
