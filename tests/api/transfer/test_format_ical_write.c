/*
 * src/api/transfer/ical/ical_todo.c: calendars line by line as they are written, and that
 * they come back.
 */
#include "check_main.h"
#include "format_reading.h"

#include <pthread.h>
#include <string.h>

START_TEST(todos_are_those_of_rfc_5545)
{
	static const struct format_task tasks[] = {
		{ "Buy milk; bread, \\ \u20AC", "one\ntwo", "2026-11-25", NULL, 3,
			"[\"a\",\"b;c\"]", 1.5 },
		{ "0123456789012345678901234567890123456789012345678901234567890123456\u20AC7890",
			"", "2026-11-25T10:00:00Z", "2026-11-23T08:00:00Z", 2, "[]", -2 },
	};
	static const char expected[] =
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//todo//todo//EN\r\n"
		"BEGIN:VTODO\r\nUID:uid-7\r\nDTSTAMP:20270131T235959Z\r\n"
		"CREATED:20261122T165500Z\r\nLAST-MODIFIED:20270131T235959Z\r\n"
		"SUMMARY:Buy milk\\; bread\\, \\\\ \u20AC\r\nDESCRIPTION:one\\ntwo\r\n"
		"DUE;VALUE=DATE:20261125\r\nSTATUS:NEEDS-ACTION\r\nPRIORITY:1\r\n"
		"CATEGORIES:a,b\\;c\r\nX-TODO-POSITION:1.5\r\nEND:VTODO\r\n"
		"BEGIN:VTODO\r\nUID:uid-7\r\nDTSTAMP:20270131T235959Z\r\n"
		"CREATED:20261122T165500Z\r\nLAST-MODIFIED:20270131T235959Z\r\n"
		"SUMMARY:0123456789012345678901234567890123456789012345678901234567890123456\r\n"
		" \u20AC7890\r\n"
		"DUE:20261125T100000Z\r\nSTATUS:COMPLETED\r\nCOMPLETED:20261123T080000Z\r\n"
		"PRIORITY:5\r\nX-TODO-POSITION:-2\r\nEND:VTODO\r\nEND:VCALENDAR\r\n";
	struct buffer file = format_file(&format_ical, tasks, CHECK_COUNT(tasks));

	ck_assert_uint_eq(file.length, strlen(expected));
	ck_assert_mem_eq(file.data, expected, file.length);
	buffer_free(&file);
	format_check_tasks(&format_ical, tasks, CHECK_COUNT(tasks));
	format_check_tasks(&format_ical, NULL, 0);
}
END_TEST

START_TEST(every_member_comes_back)
{
	format_check_members(&format_ical);
}
END_TEST

START_TEST(tasks_come_back)
{
	format_check_round_trip(&format_ical, 3, 2000);
}
END_TEST

START_TEST(notes_come_back)
{
	static const char *const notes[] = { " ", "  a  ", "\ta\t", "\n", "\\", "\\\\", "\\ ",
		"\\n", " \\s ", "\\s", "a\\", "\"", "\"a", ":", ";", "\\,", "a\n ", " \n", "=3D",
		"END:VTODO", "\nEND:VTODO\n", "\u00A0" };

	for (size_t i = 0; i < CHECK_COUNT(notes); i++) {
		struct format_task task = { "n", notes[i], NULL, NULL, 0, "[]", 1 };

		format_check_tasks(&format_ical, &task, 1);
	}
}
END_TEST

/* No line is longer than 75 bytes, and none ends within a character. */
START_TEST(lines_are_folded)
{
	struct format_task task = { "n", "", NULL, NULL, 0, "[]", 1 };
	struct buffer note = { 0 }, file;
	size_t start = 0;

	for (int i = 0; i < 300; i++)
		buffer_add_format(&note, "%s%.*s", "\u20AC\U0001F600", i % 7, "abcdefg");
	buffer_add(&note, "", 1);
	task.note = note.data;
	file = format_file(&format_ical, &task, 1);
	for (size_t i = 1; i < file.length; i++) {
		struct text line = { file.data + start, i - 1 - start };

		if (file.data[i] != '\n')
			continue;
		ck_assert_int_eq(file.data[i - 1], '\r');
		CHECK_THAT(line.length <= 75 && text_is_utf8(line), "%zu bytes", line.length);
		start = i + 1;
	}
	ck_assert_uint_eq(start, file.length);
	format_check_tasks(&format_ical, &task, 1);
	buffer_free(&note);
	buffer_free(&file);
}
END_TEST

static void *read_and_write(void *seed)
{
	format_check_round_trip(&format_ical, *(const uint64_t *)seed, 200);
	return NULL;
}

START_TEST(threads_are_beside_each_other)
{
	uint64_t seeds[] = { 11, 12, 13, 14 };
	pthread_t threads[CHECK_COUNT(seeds)];

	for (size_t i = 0; i < CHECK_COUNT(seeds); i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, read_and_write, &seeds[i]), 0);
	for (size_t i = 0; i < CHECK_COUNT(seeds); i++)
		pthread_join(threads[i], NULL);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, todos_are_those_of_rfc_5545);
	tcase_add_test(test_case, every_member_comes_back);
	tcase_add_test(test_case, tasks_come_back);
	tcase_add_test(test_case, notes_come_back);
	tcase_add_test(test_case, lines_are_folded);
	tcase_add_test(test_case, threads_are_beside_each_other);
}

int main(void)
{
	return check_main("format_ical_write", add_tests);
}
