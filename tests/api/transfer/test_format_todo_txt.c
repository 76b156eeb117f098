/*
 * src/api/transfer/todo_txt.c: lines as the format's own rules have them, names that look
 * like something else, and the files of others.
 */
#include "check_main.h"
#include "format_reading.h"

#include "base/memory.h"

#include <string.h>

static void check(const char *file, const char *records, const char *reports)
{
	format_check(&format_todo_txt, text_of(file), records, reports);
}

START_TEST(lines_are_those_of_the_rules)
{
	static const struct format_task tasks[] = {
		{ "Buy milk @shop", "", "2026-11-25", NULL, 3, "[\"home\"]", 1.5 },
		{ "Buy  bread", "50% off\n a", "2026-11-25T10:00:00Z", "2026-11-23T08:00:00Z", 2,
			"[]", -2 },
		{ "x (A) 2026-01-01 +tag due:2026-01-01", "", NULL, NULL, 0, "[]", 0 },
	};
	static const char expected[] =
		"(A) 2026-11-22 Buy milk @shop +home due:2026-11-25 position:1.5 "
		"creation_date:2026-11-22T16:55:00Z modified_date:2027-01-31T23:59:59Z uid:uid-7\n"
		"x 2026-11-23 2026-11-22 Buy  bread due:2026-11-25 pri:B note:50%25%20off%0A%20a "
		"position:-2 creation_date:2026-11-22T16:55:00Z due_date:2026-11-25T10:00:00Z "
		"completed_date:2026-11-23T08:00:00Z modified_date:2027-01-31T23:59:59Z uid:uid-7\n"
		"2026-11-22 name:x%20(A)%202026-01-01%20+tag%20due:2026-01-01 position:0 "
		"creation_date:2026-11-22T16:55:00Z modified_date:2027-01-31T23:59:59Z uid:uid-7\n";
	struct buffer file = format_file(&format_todo_txt, tasks, CHECK_COUNT(tasks));

	ck_assert_uint_eq(file.length, strlen(expected));
	ck_assert_mem_eq(file.data, expected, file.length);
	buffer_free(&file);
	format_check_tasks(&format_todo_txt, tasks, CHECK_COUNT(tasks));
}
END_TEST

START_TEST(every_member_comes_back)
{
	format_check_members(&format_todo_txt);
}
END_TEST

START_TEST(tasks_come_back)
{
	format_check_round_trip(&format_todo_txt, 2, 2000);
}
END_TEST

START_TEST(names_come_back)
{
	static const char *const names[] = { "x", "x y", "X y", "(A)", "(A) y", "(a) y",
		"2026-01-01", "2026-01-01 y", "2026-02-30 y", "+", "+tag", "a +tag b", "a+b",
		"due:", "due:x", "due:2026-01-01", "a due:9", "pri:A", "pri:AA", "note:", "note:x",
		"name:x", "name:a b", "name:%41", "t:2026-01-01", "t:x", "rec:1w", "rec:+2m a",
		"rec:x", "repeat:FREQ=DAILY", "repeat:x", "repeat_from:due", "repeat_from:x",
		"list:Work", "heading:x", "parent:x", "reminders:PT0S", "uid:x", "start_date:2026-01-01", "position:1", "position:x", "creation_date:x",
		"creation_date:2026-01-01", "modified_date:2026-01-01T00:00:00Z", "http://a/b",
		"@home", "%20", "100%", "a  b", "a     b", "\u00A0a\u2003b",
		"due_date:2026-01-01 x" };

	for (size_t i = 0; i < CHECK_COUNT(names); i++) {
		struct format_task task = { text_trim(text_of(names[i])).data, "", NULL, NULL, 1,
			"[]", 1 };

		format_check_tasks(&format_todo_txt, &task, 1);
		task.completed_date = "";
		format_check_tasks(&format_todo_txt, &task, 1);
		task.completed_date = "2026-01-02T03:04:05Z";
		format_check_tasks(&format_todo_txt, &task, 1);
	}
}
END_TEST

/* The examples with which https://github.com/todotxt/todo.txt explains its rules. */
START_TEST(the_rules_own_examples_are_read)
{
	static const struct {
		const char *line;
		const char *task;
	} rows[] = {
		{ "(A) Thank Mom for the meatballs @phone",
			"{\"name\":\"Thank Mom for the meatballs @phone\",\"priority\":3}" },
		{ "(B) Schedule Goodwill pickup +GarageSale @phone",
			"{\"name\":\"Schedule Goodwill pickup @phone\",\"priority\":2,"
			"\"tags\":[\"GarageSale\"]}" },
		{ "Post signs around the neighborhood +GarageSale",
			"{\"name\":\"Post signs around the "
			"neighborhood\",\"tags\":[\"GarageSale\"]}" },
		{ "@GroceryStore Eskimo pies", "{\"name\":\"@GroceryStore Eskimo pies\"}" },
		{ "(A) Call Mom", "{\"name\":\"Call Mom\",\"priority\":3}" },
		{ "Really gotta call Mom (A) @phone @someday",
			"{\"name\":\"Really gotta call Mom (A) @phone @someday\"}" },
		{ "(b) Get back to the boss", "{\"name\":\"(b) Get back to the boss\"}" },
		{ "(B)->Submit TPS report", "{\"name\":\"(B)->Submit TPS report\"}" },
		{ "2011-03-02 Document +TodoTxt task format",
			"{\"name\":\"Document task format\",\"tags\":[\"TodoTxt\"],"
			"\"creation_date\":\"2011-03-02T00:00:00Z\"}" },
		{ "(A) 2011-03-02 Call Mom", "{\"name\":\"Call Mom\",\"priority\":3,"
					     "\"creation_date\":\"2011-03-02T00:00:00Z\"}" },
		{ "(A) Call Mom 2011-03-02", "{\"name\":\"Call Mom 2011-03-02\",\"priority\":3}" },
		{ "(A) Call Mom +Family +PeaceLoveAndHappiness @iphone @phone",
			"{\"name\":\"Call Mom @iphone @phone\",\"priority\":3,"
			"\"tags\":[\"Family\",\"PeaceLoveAndHappiness\"]}" },
		{ "Email SoAndSo at soandso@example.com",
			"{\"name\":\"Email SoAndSo at soandso@example.com\"}" },
		{ "Learn how to add 2+2", "{\"name\":\"Learn how to add 2+2\"}" },
		{ "x 2011-03-03 Call Mom", "{\"name\":\"Call Mom\",\"completed\":true,"
					   "\"completed_date\":\"2011-03-03T00:00:00Z\"}" },
		{ "xylophone lesson", "{\"name\":\"xylophone lesson\"}" },
		{ "X 2012-01-01 Make resolutions", "{\"name\":\"X 2012-01-01 Make resolutions\"}" },
		{ "(A) x Find ticket prices",
			"{\"name\":\"x Find ticket prices\",\"priority\":3}" },
		{ "x 2011-03-02 2011-03-01 Review Tim's pull request +TodoTxtTouch @github",
			"{\"name\":\"Review Tim's pull request @github\",\"completed\":true,"
			"\"completed_date\":\"2011-03-02T00:00:00Z\","
			"\"creation_date\":\"2011-03-01T00:00:00Z\",\"tags\":[\"TodoTxtTouch\"]}" },
		{ "x (A) 2016-05-20 2016-04-30 measure space for +chapelShelving @chapel "
		  "due:2016-05-30",
			"{\"name\":\"measure space for @chapel\",\"completed\":true,\"priority\":3,"
			"\"completed_date\":\"2016-05-20T00:00:00Z\","
			"\"creation_date\":\"2016-04-30T00:00:00Z\",\"tags\":[\"chapelShelving\"],"
			"\"due_date\":\"2016-05-30\"}" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct buffer records = { 0 };

		buffer_add_format(&records, "[%s]", rows[i].task);
		buffer_add(&records, "", 1);
		check(rows[i].line, records.data, "[]");
		buffer_free(&records);
	}
}
END_TEST

#define STAYS "is not known and stays in the name."

START_TEST(words_of_others_stay_in_the_name)
{
	check("Read https://a.b/c?d:e t:soon rec:1x due:tomorrow position:last pri:high\n"
	      "Call name:Bob\n"
	      "+garden\n"
	      "x 2026-01-01\n"
	      "a\tb\n",
		"[{\"name\":\"Read https://a.b/c?d:e t:soon rec:1x due:tomorrow "
		"position:last "
		"pri:high\"},{\"name\":\"Call name:Bob\"},"
		"{\"name\":\"+garden\",\"tags\":[\"garden\"]},"
		"{\"name\":\"2026-01-01\",\"completed\":true},{\"name\":\"a b\"}]",
		"[\"/line/1: The key \\\"t\\\" " STAYS "\","
		"\"/line/1: The key \\\"rec\\\" " STAYS "\","
		"\"/line/1: The key \\\"due\\\" " STAYS "\","
		"\"/line/1: The key \\\"position\\\" " STAYS "\","
		"\"/line/1: The key \\\"pri\\\" " STAYS "\"]");
}
END_TEST

/* A rule that no value can say has a key of its own. */
START_TEST(repeats_are_those_of_others)
{
	static const struct {
		const char *words;
		const char *rule, *from;
	} rows[] = {
		{ "rec:1d", "FREQ=DAILY", "completion" },
		{ "rec:+1d", "FREQ=DAILY", NULL },
		{ "rec:2w", "FREQ=WEEKLY;INTERVAL=2", "completion" },
		{ "rec:+1m", "FREQ=MONTHLY", NULL },
		{ "rec:+12y", "FREQ=YEARLY;INTERVAL=12", NULL },
		{ "rec:+1b", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", NULL },
		{ "repeat:FREQ=DAILY;COUNT=2", "FREQ=DAILY;COUNT=2", NULL },
		{ "repeat:FREQ=MONTHLY;BYDAY=-1FR repeat_from:completion",
			"FREQ=MONTHLY;BYDAY=-1FR", "completion" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct value task[TASK_COLUMNS] = {
			[TASK_name] = { VALUE_TEXT, .text = TEXT("n") },
			[TASK_due_date] = { VALUE_TEXT, .text = TEXT("2026-11-25") },
			[TASK_repeat] = { VALUE_TEXT, .text = text_of(rows[i].rule) },
		};
		struct buffer line = { 0 }, expected = { 0 }, record = { 0 };

		if (rows[i].from != NULL)
			task[TASK_repeat_from] =
				(struct value){ VALUE_TEXT, .text = text_of(rows[i].from) };
		format_todo_txt.write(&line, task);
		buffer_add_format(&expected, "n due:2026-11-25 %s\n", rows[i].words);
		ck_assert_uint_eq(line.length, expected.length);
		ck_assert_mem_eq(line.data, expected.data, line.length);
		buffer_add_format(&record,
			"[{\"name\":\"n\",\"due_date\":\"2026-11-25\",\"repeat\":\"%s\"%s%s%s}]%c",
			rows[i].rule, rows[i].from != NULL ? ",\"repeat_from\":\"" : "",
			rows[i].from != NULL ? rows[i].from : "", rows[i].from != NULL ? "\"" : "", 0);
		format_check(&format_todo_txt, (struct text){ line.data, line.length }, record.data, "[]");
		buffer_free(&line);
		buffer_free(&expected);
		buffer_free(&record);
	}
	check("a rec:1w\nb rec:0d\nc rec:2b\nd rec:12345d\n",
		"[{\"name\":\"a\"},{\"name\":\"b rec:0d\"},{\"name\":\"c rec:2b\"},"
		"{\"name\":\"d rec:12345d\"}]",
		"[\"/line/1: The key \\\"rec\\\" has no due date beside it and was left out.\","
		"\"/line/2: The key \\\"rec\\\" " STAYS "\"]");
}
END_TEST

START_TEST(what_refers_to_others_is_read)
{
	check("a t:2026-01-01 list:To%20do heading:Now parent:p%201 uid:u,1 reminders:-PT15M,PT0S\n"
	      "b t:2026-01-02 start_date:2026-01-02T10:00:00Z\n",
		"[{\"name\":\"a\",\"start_date\":\"2026-01-01\",\"list_name\":\"To do\","
		"\"heading\":\"Now\",\"parent_uid\":\"p 1\",\"uid\":\"u,1\","
		"\"reminders\":[\"-PT15M\",\"PT0S\"]},"
		"{\"name\":\"b\",\"start_date\":\"2026-01-02T10:00:00Z\"}]",
		"[]");
}
END_TEST

START_TEST(values_of_others_are_taken)
{
	check("a note:50%off due:2026-02-30\n"
	      "x b pri:C note:%C3%A9%0Ac\n"
	      "c note:%FF note2:x pri:A\n",
		"[{\"name\":\"a\",\"note\":\"50%off\",\"due_date\":\"2026-02-30\"},"
		"{\"name\":\"b\",\"completed\":true,\"priority\":1,\"note\":\"\u00E9\\nc\"},"
		"{\"name\":\"c note2:x\",\"note\":\"%FF\",\"priority\":3}]",
		"[]");
}
END_TEST

/* Somebody has changed the day, or the mark at the start, in another program. */
START_TEST(what_is_shown_wins)
{
	check("2026-01-01 a due:2026-02-02 creation_date:2026-01-01T10:00:00Z "
	      "due_date:2026-02-02T11:00:00Z\n"
	      "2026-01-03 a due:2026-02-04 creation_date:2026-01-01T10:00:00Z "
	      "due_date:2026-02-02T11:00:00Z\n"
	      "x 2026-01-05 2026-01-01 a completed_date:2026-01-01T10:00:00Z\n"
	      "a completed_date:2026-01-01T10:00:00Z\n",
		"[{\"name\":\"a\",\"creation_date\":\"2026-01-01T10:00:00Z\","
		"\"due_date\":\"2026-02-02T11:00:00Z\"},"
		"{\"name\":\"a\",\"creation_date\":\"2026-01-03T00:00:00Z\","
		"\"due_date\":\"2026-02-04\"},"
		"{\"name\":\"a\",\"completed\":true,\"completed_date\":\"2026-01-05T00:00:00Z\","
		"\"creation_date\":\"2026-01-01T00:00:00Z\"},"
		"{\"name\":\"a\"}]",
		"[]");
}
END_TEST

START_TEST(what_does_not_fit_is_reported)
{
	check("(D) a +b,c\n(D) d +e,f\n(Z) g\n",
		"[{\"name\":\"a\",\"priority\":1,\"tags\":[\"b-c\"]},"
		"{\"name\":\"d\",\"priority\":1,\"tags\":[\"e-f\"]},{\"name\":\"g\",\"priority\":1}"
		"]",
		"[\"/line/1: The tags have white space or commas in them, which became "
		"\\\"-\\\".\","
		"\"/line/1: The priority \\\"D\\\" became 1, low.\","
		"\"/line/3: The priority \\\"Z\\\" became 1, low.\"]");
}
END_TEST

START_TEST(a_bad_line_is_not_the_end)
{
	static const char file[] = "\xEF\xBB\xBFx a\r\n\r\n  \nn\0l\n\xC3(\n(A) b";

	format_check(&format_todo_txt, (struct text){ file, sizeof(file) - 1 },
		"[{\"name\":\"a\",\"completed\":true},\"/line/4: It has a NUL in it.\","
		"\"/line/5: It is not UTF-8.\",{\"name\":\"b\",\"priority\":3}]",
		"[]");
	check("", "[]", "[]");
	check("\n \n", "[]", "[]");
}
END_TEST

START_TEST(lines_have_an_end)
{
	for (size_t size = 1 << 20; size <= (1 << 20) + 1; size++) {
		struct buffer file = { 0 };
		json_t *reading, *record;

		buffer_add_text(&file, TEXT("a\n"));
		memset(buffer_reserve(&file, size), 'a', size);
		file.length += size;
		reading = format_reading(&format_todo_txt, (struct text){ file.data, file.length });
		record = json_array_get(json_object_get(reading, "records"), 1);
		ck_assert(json_is_object(record) == (size == 1 << 20));
		ck_assert(json_is_object(record) ||
			  strcmp(json_string_value(record),
				  "/line/2! It is too long: a record may have 1 MiB.") == 0);
		json_decref(reading);
		buffer_free(&file);
	}
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, lines_are_those_of_the_rules);
	tcase_add_test(test_case, every_member_comes_back);
	tcase_add_test(test_case, tasks_come_back);
	tcase_add_test(test_case, names_come_back);
	tcase_add_test(test_case, the_rules_own_examples_are_read);
	tcase_add_test(test_case, words_of_others_stay_in_the_name);
	tcase_add_test(test_case, repeats_are_those_of_others);
	tcase_add_test(test_case, what_refers_to_others_is_read);
	tcase_add_test(test_case, values_of_others_are_taken);
	tcase_add_test(test_case, what_is_shown_wins);
	tcase_add_test(test_case, what_does_not_fit_is_reported);
	tcase_add_test(test_case, a_bad_line_is_not_the_end);
	tcase_add_test(test_case, lines_have_an_end);
}

int main(void)
{
	return check_main("format_todo_txt", add_tests);
}
