/*
 * src/api/transfer/ical/ical.c: the calendars of other programs, and what is none.
 */
#include "check_main.h"
#include "format_reading.h"

#include "base/memory.h"

#include <string.h>

#define CALENDAR(text) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" text "END:VCALENDAR\r\n"
#define TODO(text) "BEGIN:VTODO\r\n" text "END:VTODO\r\n"

static void check(const char *file, const char *records, const char *reports)
{
	format_check(&format_ical, text_of(file), records, reports);
}

#define BERLIN                                                                                     \
	"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nX-LIC-LOCATION:Europe/Berlin\r\n"                \
	"BEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n"              \
	"DTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"    \
	"BEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\n"               \
	"DTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n"   \
	"END:VTIMEZONE\r\n"

/* As Nextcloud and Apple write them. */
START_TEST(calendars_of_others_are_read)
{
	check("BEGIN:VCALENDAR\r\nPRODID:-//Nextcloud Tasks v0.14.5\r\nVERSION:2.0\r\n" BERLIN
	      "BEGIN:VTODO\r\nUID:6f3b8c1e\r\nCREATED:20231020T091011\r\n"
	      "LAST-MODIFIED:20231021T091011Z\r\nDTSTAMP:20231021T091011Z\r\n"
	      "SUMMARY;LANGUAGE=de:Milch\\, Br\u00F6tch\r\n en\r\n"
	      "DESCRIPTION:eins\\nzwei\\Ndrei\r\nPERCENT-COMPLETE:100\r\nSTATUS:COMPLETED\r\n"
	      "COMPLETED:20231021T091010Z\r\nCATEGORIES:Haus,zwei Worte\r\nCATEGORIES:x\\,y,z\r\n"
	      "DTSTART;TZID=Europe/Berlin:20230701T100000\r\n"
	      "DUE;TZID=Europe/Berlin:20230701T120000\r\nPRIORITY:1\r\nSEQUENCE:3\r\n"
	      "X-APPLE-SORT-ORDER:719\r\nRRULE:FREQ=DAILY;RSCALE=CHINESE\r\n"
	      "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nSUMMARY:no\r\nEND:VALARM\r\n"
	      "END:VTODO\r\n"
	      "BEGIN:VTODO\r\nSUMMARY:zwei\r\nDUE;TZID=Europe/Berlin:20231201T120000\r\n"
	      "X-APPLE-SORT-ORDER:720\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
		"[{\"name\":\"Milch, Br\u00F6tchen\",\"note\":\"eins\\nzwei\\ndrei\","
		"\"creation_date\":\"2023-10-20T09:10:11Z\","
		"\"modified_date\":\"2023-10-21T09:10:11Z\",\"completed\":true,"
		"\"completed_date\":\"2023-10-21T09:10:10Z\",\"priority\":3,"
		"\"tags\":[\"Haus\",\"zwei-Worte\",\"x-y\",\"z\"],"
		"\"due_date\":\"2023-07-01T10:00:00Z\",\"start_date\":\"2023-07-01T08:00:00Z\","
		"\"reminders\":[\"-PT2H15M\"],\"uid\":\"6f3b8c1e\"},"
		"{\"name\":\"zwei\",\"due_date\":\"2023-12-01T11:00:00Z\"}]",
		"[\"/line/22: The property \\\"X-APPLE-SORT-ORDER\\\" is not known and was left "
		"out.\","
		"\"/line/22: The property \\\"RRULE\\\" is not known and was left out.\","
		"\"/line/22: The times without a zone were taken as UTC.\","
		"\"/line/22: The tags have white space or commas in them, which became "
		"\\\"-\\\".\"]");
}
END_TEST

START_TEST(other_components_are_skipped)
{
	check("\xEF\xBB\xBF\r\n" CALENDAR(
		      "BEGIN:VEVENT\r\nSUMMARY:no\r\nBEGIN:VALARM\r\nEND:VALARM\r\nEND:"
		      "VEVENT\r\n" TODO(
			      "SUMMARY:a\r\n") "BEGIN:VJOURNAL\r\nEND:VJOURNAL\r\n"
					       "BEGIN:X-FOO\r\nBEGIN:VTODO\r\nEND:VTODO\r\n"
					       "END:X-FOO\r\n" TODO("SUMMARY:b\r\n")),
		"[false,{\"name\":\"a\"},false,{\"name\":\"b\"}]", "[]");
	check(CALENDAR(TODO("SUMMARY:a\n")) CALENDAR("begin:vtodo\nsummary:b\nend:VTODO\n"),
		"[{\"name\":\"a\"},{\"name\":\"b\"}]", "[]");
}
END_TEST

START_TEST(values_are_understood)
{
	static const struct {
		const char *lines;
		const char *members; /* beside the name */
	} rows[] = {
		{ "PRIORITY:0\r\n", ",\"priority\":0" },
		{ "PRIORITY:4\r\n", ",\"priority\":3" },
		{ "PRIORITY:5\r\n", ",\"priority\":2" },
		{ "PRIORITY:6\r\n", ",\"priority\":1" },
		{ "PRIORITY:9\r\n", ",\"priority\":1" },
		{ "PRIORITY:10\r\n", ",\"priority\":10" },
		{ "STATUS:completed\r\n", ",\"completed\":true" },
		{ "STATUS:NEEDS-ACTION\r\n", "" },
		{ "PERCENT-COMPLETE:100\r\n", ",\"completed\":true" },
		{ "PERCENT-COMPLETE:0\r\n", "" },
		{ "COMPLETED;VALUE=DATE:20260101\r\n",
			",\"completed\":true,\"completed_date\":\"2026-01-01T00:00:00Z\"" },
		{ "DUE:20260101\r\n", ",\"due_date\":\"2026-01-01\"" },
		{ "DUE:20260230T101112Z\r\n", ",\"due_date\":\"2026-02-30T10:11:12Z\"" },
		{ "DUE;VALUE=DATE:20260230\r\n", ",\"due_date\":\"2026-02-30\"" },
		{ "DUE:20260101T101112Z\r\nDUE:20270101T101112Z\r\n",
			",\"due_date\":\"2026-01-01T10:11:12Z\"" },
		{ "DESCRIPTION:\r\nCATEGORIES:\r\nDUE:\r\n", "" },
		{ "CATEGORIES:a,,b\r\n", ",\"tags\":[\"a\",\"b\"]" },
		{ "X-TODO-POSITION:2.5\r\n", ",\"position\":2.5" },
		{ "X-TODO-POSITION:first\r\n", ",\"position\":\"first\"" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct buffer file = { 0 }, records = { 0 };

		buffer_add_format(&file, CALENDAR("BEGIN:VTODO\r\nSUMMARY:n\r\n%sEND:VTODO\r\n"),
			rows[i].lines);
		buffer_add_format(&records, "[{\"name\":\"n\"%s}]", rows[i].members);
		buffer_add(&records, "", 1);
		format_check(
			&format_ical, (struct text){ file.data, file.length }, records.data, "[]");
		buffer_free(&file);
		buffer_free(&records);
	}
	check(CALENDAR(TODO("")), "[{\"name\":\"\"}]", "[]");
}
END_TEST

#define ALARM(trigger) "BEGIN:VALARM\r\nACTION:DISPLAY\r\n" trigger "\r\nEND:VALARM\r\n"

START_TEST(rules_relations_and_alarms_are_understood)
{
	static const struct {
		const char *lines;
		const char *members; /* beside the name and the due date */
	} rows[] = {
		{ "UID:a\\,b c\r\n", ",\"uid\":\"a,b c\"" },
		{ "RRULE:freq=weekly;byday=TH,MO;interval=1\r\n",
			",\"repeat\":\"FREQ=WEEKLY;BYDAY=MO,TH\"" },
		{ "X-TODO-REPEAT-FROM:COMPLETION\r\n", ",\"repeat_from\":\"completion\"" },
		{ "RELATED-TO:p\r\n", ",\"parent_uid\":\"p\"" },
		{ "RELATED-TO;RELTYPE=\"parent\":p\r\nRELATED-TO:q\r\n", ",\"parent_uid\":\"p\"" },
		{ "X-TODO-LIST:To do\\; now\r\nX-TODO-HEADING:h\r\n",
			",\"list_name\":\"To do; now\",\"heading\":\"h\"" },
		{ "DTSTART;VALUE=DATE:20260101\r\n", ",\"start_date\":\"2026-01-01\"" },
		{ ALARM("TRIGGER;RELATED=END:-PT15M"), ",\"reminders\":[\"-PT15M\"]" },
		{ ALARM("TRIGGER:-P1D") ALARM("TRIGGER:PT0S"),
			",\"reminders\":[\"-P1D\",\"PT0S\"]" },
		{ ALARM("TRIGGER;VALUE=DATE-TIME:20260101T101112Z"),
			",\"reminders\":[\"2026-01-01T10:11:12Z\"]" },
		{ ALARM("TRIGGER;VALUE=DATE-TIME:19760401T005545Z"), "" },
		{ "DTSTART:20260201T080000Z\r\n" ALARM("TRIGGER:-PT15M"),
			",\"start_date\":\"2026-02-01T08:00:00Z\",\"reminders\":[\"-P1DT2H15M\"]" },
		{ "DTSTART:20260201T080000Z\r\n" ALARM("TRIGGER;RELATED=END:PT5M"),
			",\"start_date\":\"2026-02-01T08:00:00Z\",\"reminders\":[\"PT5M\"]" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct buffer file = { 0 }, records = { 0 };

		buffer_add_format(&file,
			CALENDAR("BEGIN:VTODO\r\nSUMMARY:n\r\n%sDUE:20260202T100000Z\r\nEND:VTODO\r\n"),
			rows[i].lines);
		buffer_add_format(&records,
			"[{\"name\":\"n\",\"due_date\":\"2026-02-02T10:00:00Z\"%s}]%c",
			rows[i].members, 0);
		format_check(&format_ical, (struct text){ file.data, file.length }, records.data, "[]");
		buffer_free(&file);
		buffer_free(&records);
	}
}
END_TEST

START_TEST(rules_relations_and_alarms_may_not_fit)
{
	check(CALENDAR(TODO("SUMMARY:a\r\nRRULE:FREQ=HOURLY\r\nRELATED-TO;RELTYPE=CHILD:c\r\n"
			    "X-TODO-REPEAT-FROM:x\r\nBEGIN:X-PART\r\nTRIGGER:-PT1H\r\nEND:X-PART\r\n"
			    ALARM("TRIGGER:-P1M") ALARM("DURATION:PT5M"))
			TODO("SUMMARY:b\r\nRRULE:FREQ=DAILY\r\n")),
		"[{\"name\":\"a\"},{\"name\":\"b\"}]",
		"[\"/line/3: The property \\\"RRULE\\\" is not known and was left out.\","
		"\"/line/3: The property \\\"RELATED-TO\\\" is not known and was left out.\","
		"\"/line/3: The property \\\"X-TODO-REPEAT-FROM\\\" is not known and was left out.\","
		"\"/line/3: The component \\\"X-PART\\\" is not known and was left out.\","
		"\"/line/3: The trigger \\\"-P1M\\\" is not a time and was left out.\","
		"\"/line/20: The property \\\"RRULE\\\" has no due date beside it and was left out.\"]");
}
END_TEST

START_TEST(what_does_not_fit_is_reported)
{
	check(CALENDAR(TODO("SUMMARY:a\r\nSTATUS:CANCELLED\r\nPERCENT-COMPLETE:40\r\n"
			    "DUE;TZID=Nowhere/At All:20260101T101112\r\n")),
		"[{\"name\":\"a\",\"completed\":true,\"due_date\":\"2026-01-01T10:11:12Z\"}]",
		"[\"/line/3: The status \\\"CANCELLED\\\" became completed.\","
		"\"/line/3: The PERCENT-COMPLETE is not kept, but for 100.\","
		"\"/line/3: The time zone \\\"Nowhere/At All\\\" is not known, and its times were "
		"taken as UTC.\"]");
}
END_TEST

START_TEST(a_bad_todo_is_not_the_end)
{
	static const char file[] = CALENDAR(TODO("SUMMARY:a\r\nDUE:tomorrow\r\n")
			TODO("SUMMARY:\xC3(\r\n") TODO("SUMMARY:n\0l\r\n")
				TODO("SUMMARY:a\r\nnonsense\r\n") TODO("SUMMARY:b\r\n"));

	format_check(&format_ical, (struct text){ file, sizeof(file) - 1 },
		"[\"/line/3: A date in it cannot be read.\",\"/line/7: It is not UTF-8.\","
		"\"/line/10: It has a NUL in it.\",\"/line/13: A line in it is none of a "
		"calendar.\","
		"{\"name\":\"b\"}]",
		"[]");
}
END_TEST

START_TEST(a_file_can_be_broken)
{
	static const struct {
		const char *file;
		const char *records;
	} rows[] = {
		{ "", "[\"/line/1! It is not a calendar.\"]" },
		{ "name,note\n", "[\"/line/1! It is not a calendar.\"]" },
		{ TODO("SUMMARY:a\r\n"), "[\"/line/1! It is not a calendar.\"]" },
		{ "BEGIN:VCALENDAR\r\n", "[\"/line/2! The calendar has no end.\"]" },
		{ CALENDAR("BEGIN:VTODO\r\nSUMMARY:a\r\n"),
			"[\"/line/3! It ends as something else.\"]" },
		{ "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:a\r\n",
			"[\"/line/2! It has no end.\"]" },
		{ CALENDAR("END:VTODO\r\n"), "[\"/line/3! It ends what has not begun.\"]" },
		{ CALENDAR("") "x", "[\"/line/4! It is not a calendar.\"]" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		format_check_records(&format_ical, text_of(rows[i].file), rows[i].records);
}
END_TEST

/* Bytes of a calendar that are changed at random: it is read to an end, whatever that is. */
START_TEST(noise_is_survived)
{
	static const char calendar[] = CALENDAR(BERLIN TODO(
		"UID:1\r\nSUMMARY;X=\"a\":a\\,b\r\n c\r\nDUE;TZID=Europe/Berlin:20260101T101112\r\n"
		"CATEGORIES:a,b\\,c\r\nPRIORITY:3\r\nCOMPLETED:20260101T101112Z\r\n"
		"BEGIN:VALARM\r\nEND:VALARM\r\nX-TODO-POSITION:1\r\n"));
	static const char bytes[] = "\r\n\n :;,=\\\"0179TZ-+BEGINDxX\xC3\xA9";
	uint64_t random = 4;

	for (int i = 0; i < 20000; i++) {
		char *copy = memory_copy(calendar, sizeof(calendar) - 1);
		size_t changes = 1 + check_random(&random) % 6;

		for (size_t c = 0; c < changes; c++)
			copy[check_random(&random) % (sizeof(calendar) - 1)] =
				bytes[check_random(&random) % (sizeof(bytes) - 1)];
		json_decref(
			format_reading(&format_ical, (struct text){ copy, sizeof(calendar) - 1 }));
		free(copy);
	}
}
END_TEST

START_TEST(todos_have_an_end)
{
	static const char head[] = "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\n", key[] = "SUMMARY:";
	static const char tail[] = "\r\nEND:VTODO\r\n";

	for (size_t size = 1 << 20; size <= (1 << 20) + 1; size++) {
		size_t value = size - strlen(key) - strlen(tail);
		struct buffer file = { 0 };
		json_t *reading, *record;

		buffer_add_format(&file, "%s%s", head, key);
		memset(buffer_reserve(&file, value), 'a', value);
		file.length += value;
		buffer_add_format(&file, "%sEND:VCALENDAR\r\n", tail);
		reading = format_reading(&format_ical, (struct text){ file.data, file.length });
		record = json_array_get(json_object_get(reading, "records"), 0);
		ck_assert(json_is_object(record) == (size == 1 << 20));
		ck_assert(json_is_object(record) ||
			  strcmp(json_string_value(record),
				  "/line/2! It is too long: a record may have 1 MiB.") == 0);
		json_decref(reading);
		buffer_free(&file);
	}
}
END_TEST

/* libical's time for a line that it cannot read grows with their number. */
START_TEST(lines_of_one_todo_are_bounded)
{
	struct buffer file = { 0 };
	json_t *reading, *tags;

	buffer_add_text(
		&file, TEXT("BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:a\r\nDUE:20260101\r\n"));
	for (int i = 0; i < 20000; i++)
		buffer_add_format(&file, "DUE:%d\r\nCATEGORIES:c%d\r\n", i, i);
	buffer_add_text(&file, TEXT("END:VTODO\r\nEND:VCALENDAR\r\n"));
	reading = format_reading(&format_ical, (struct text){ file.data, file.length });
	tags = json_object_get(json_array_get(json_object_get(reading, "records"), 0), "tags");
	ck_assert_uint_eq(json_array_size(tags), 33); /* one more than there may be */
	json_decref(reading);
	buffer_free(&file);
}
END_TEST

/* Of programs that do not escape it: nothing is lost, and no character is cut in two. */
START_TEST(a_backslash_may_stand_for_itself)
{
	check(CALENDAR(TODO("SUMMARY:C:\\dir \\\u00E9\\\r\n"
			    "DESCRIPTION: \\t\\n\\\\n\\;\\:\\ \r\nCATEGORIES:a\\b,\\\u20AC\r\n")),
		"[{\"name\":\"C:\\\\dir \\\\\u00E9\\\\\",\"note\":\" \\\\t\\n\\\\n;\\\\:\\\\ \","
		"\"tags\":[\"a\\\\b\",\"\\\\\u20AC\"]}]",
		"[]");
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, a_backslash_may_stand_for_itself);
	tcase_add_test(test_case, calendars_of_others_are_read);
	tcase_add_test(test_case, other_components_are_skipped);
	tcase_add_test(test_case, values_are_understood);
	tcase_add_test(test_case, rules_relations_and_alarms_are_understood);
	tcase_add_test(test_case, rules_relations_and_alarms_may_not_fit);
	tcase_add_test(test_case, what_does_not_fit_is_reported);
	tcase_add_test(test_case, a_bad_todo_is_not_the_end);
	tcase_add_test(test_case, a_file_can_be_broken);
	tcase_add_test(test_case, noise_is_survived);
	tcase_add_test(test_case, todos_have_an_end);
	tcase_add_test(test_case, lines_of_one_todo_are_bounded);
}

int main(void)
{
	return check_main("format_ical", add_tests);
}
