/*
 * src/api/transfer/ical/ical_zone.c and ical_observance.c: the local times of a calendar, with the C
 * library's own zones as the second opinion.
 */
#include "check_main.h"
#include "format_reading.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CALENDAR(text) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" text "END:VCALENDAR\r\n"
#define TODO(text) "BEGIN:VTODO\r\n" text "END:VTODO\r\n"

/* One to-do of a zone's local time. */
static json_t *due_of(const char *zone, const char *local)
{
	struct buffer file = { 0 };
	json_t *reading, *due;

	buffer_add_format(
		&file, CALENDAR("%s" TODO("SUMMARY:n\r\nDUE;TZID=Z:%s\r\n")), zone, local);
	reading = format_reading(&format_ical, (struct text){ file.data, file.length });
	due = json_incref(json_object_get(
		json_array_get(json_object_get(reading, "records"), 0), "due_date"));
	ck_assert_uint_eq(json_array_size(json_object_get(reading, "reports")), 0);
	json_decref(reading);
	buffer_free(&file);
	return due;
}

#define PART(kind, from, to, start, more)                                                          \
	"BEGIN:" kind "\r\nTZOFFSETFROM:" from "\r\nTZOFFSETTO:" to "\r\nDTSTART:" start           \
	"\r\n" more "END:" kind "\r\n"
#define ZONE(parts) "BEGIN:VTIMEZONE\r\nTZID:Z\r\n" parts "END:VTIMEZONE\r\n"

/* The C library knows the same rules by another notation: there the time is local again. */
START_TEST(local_time_is_that_of_its_zone)
{
	static const struct {
		const char *notation;
		const char *zone;
	} rows[] = {
		{ "CET-1CEST,M3.5.0,M10.5.0/3",
			ZONE(PART("DAYLIGHT", "+0100", "+0200", "19700329T020000",
				"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n") PART("STANDARD",
				"+0200", "+0100", "19701025T030000",
				"RRULE:FREQ=YEARLY;WKST=MO;BYDAY=-1SU;BYMONTH=10\r\n")) },
		{ "EST5EDT,M3.2.0,M11.1.0",
			ZONE(PART("DAYLIGHT", "-0500", "-0400", "16010311T020000",
				"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\n")
					PART("STANDARD", "-0400", "-0500", "16011104T020000",
						"RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\n")) },
		{ "NZST-12NZDT,M9.5.0,M4.1.0/3",
			ZONE(PART("STANDARD", "+1300", "+1200", "16010401T030000",
				"RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU\r\n")
					PART("DAYLIGHT", "+1200", "+1300", "16010930T020000",
						"RRULE:FREQ=YEARLY;BYMONTH=9;BYDAY=-1SU\r\n")) },
		{ "<+0545>-5:45", ZONE(PART("STANDARD", "+0545", "+0545", "19860101T000000", "")) },
	};
	uint64_t random = 5;

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		setenv("TZ", rows[i].notation, 1);
		tzset();
		for (int n = 0; n < 3000; n++) {
			time_t time = (time_t)(check_random(&random) % 4000000000) + 86400 * 1000;
			char local[32], back[32];
			struct tm tm = { 0 };
			json_t *due;

			if (n % 3 == 0) /* of any year up to 9000 */
				time += (time_t)(check_random(&random) % 220000000000);
			if (n % 2 == 0) /* near to the hours at which clocks are set */
				time -= time % (7 * 86400) - 3 * 86400 - 3600 * (n % 16);
			strftime(local, sizeof(local), "%Y%m%dT%H%M%S", localtime(&time));
			due = due_of(rows[i].zone, local);
			strptime(json_string_value(due), "%Y-%m-%dT%H:%M:%SZ", &tm);
			time = timegm(&tm);
			strftime(back, sizeof(back), "%Y%m%dT%H%M%S", localtime(&time));
			ck_assert_str_eq(back, local);
			json_decref(due);
		}
	}
}
END_TEST

/* What was once, what ended, and what is a list of days. */
START_TEST(zones_have_a_history)
{
	static const char zone[] = ZONE(PART("STANDARD", "+0030", "+0100", "19800101T000000", "")
			PART("DAYLIGHT", "+0100", "+0200", "19900325T020000",
				"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=19920329T010000Z\r\n")
				PART("STANDARD", "+0200", "+0100", "19900930T030000",
					"RDATE:19910929T030000,19920927T030000\r\n")
					PART("STANDARD", "+0100", "+0300", "20000101T000000", ""));
	static const struct {
		const char *local;
		const char *due;
	} rows[] = {
		{ "19750601T120000", "1975-06-01T11:30:00Z" },
		{ "19850601T120000", "1985-06-01T11:00:00Z" },
		{ "19900325T015959", "1990-03-25T00:59:59Z" },
		{ "19900601T120000", "1990-06-01T10:00:00Z" },
		{ "19901201T120000", "1990-12-01T11:00:00Z" },
		{ "19920601T120000", "1992-06-01T10:00:00Z" },
		{ "19921201T120000", "1992-12-01T11:00:00Z" },
		{ "19930601T120000", "1993-06-01T11:00:00Z" },
		{ "20200601T120000", "2020-06-01T09:00:00Z" },
		{ "99991231T235959", "9999-12-31T20:59:59Z" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		json_t *due = due_of(zone, rows[i].local);

		ck_assert_str_eq(json_string_value(due), rows[i].due);
		json_decref(due);
	}
}
END_TEST

/* What tzdata knows by name needs no definition, and a definition that is cut off or late harms nothing. */
START_TEST(known_names_count)
{
	static const char london[] = "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n" PART("DAYLIGHT",
		"+0000", "+0100", "19810329T010000",
		"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n") "END:VTIMEZONE\r\n";
	static const char tokyo[] = "BEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo\r\n" PART("DAYLIGHT",
		"+0900", "+1000", "19490403T000000",
		"RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=SU;BYMONTHDAY=1,2,3,4,5,6,7;"
		"UNTIL=19510505T150000Z\r\n") "END:VTIMEZONE\r\n";
	static const struct {
		const char *before, *name, *local, *after, *due;
	} rows[] = {
		{ "", "Europe/London", "20240625T040000", london, "2024-06-25T03:00:00Z" },
		{ london, "Europe/London", "20241225T040000", "", "2024-12-25T04:00:00Z" },
		{ tokyo, "Asia/Tokyo", "20260701T100000", "", "2026-07-01T01:00:00Z" },
		{ "", "America/New_York", "20260701T100000", "", "2026-07-01T14:00:00Z" },
		{ "", "/example.org/20240101_1/America/New_York", "20260701T100000", "",
			"2026-07-01T14:00:00Z" },
		{ "", "W. Europe Standard Time", "20260701T100000", "", "2026-07-01T08:00:00Z" },
		{ "", "Pacific Standard Time", "20260101T100000", "", "2026-01-01T18:00:00Z" },
		/* RFC 5545, 3.3.5: an hour that is skipped, and one that comes twice */
		{ "", "Europe/Berlin", "20260329T015959", "", "2026-03-29T00:59:59Z" },
		{ "", "Europe/Berlin", "20260329T020000", "", "2026-03-29T01:00:00Z" },
		{ "", "Europe/Berlin", "20260329T023000", "", "2026-03-29T01:30:00Z" },
		{ "", "Europe/Berlin", "20261025T023000", "", "2026-10-25T00:30:00Z" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct buffer file = { 0 }, record = { 0 };

		buffer_add_format(&file,
			CALENDAR("%s" TODO("SUMMARY:n\r\nDUE;TZID=%s:%s\r\n") "%s"), rows[i].before,
			rows[i].name, rows[i].local, rows[i].after);
		buffer_add_format(&record, "[{\"name\":\"n\",\"due_date\":\"%s\"}]", rows[i].due);
		*buffer_reserve(&record, 1) = '\0';
		format_check(
			&format_ical, (struct text){ file.data, file.length }, record.data, "[]");
		buffer_free(&file);
		buffer_free(&record);
	}
}
END_TEST

/* A zone whose rules could keep one busy for ever is not followed. */
START_TEST(zones_are_bounded)
{
	static const char *const rules[] = { "FREQ=SECONDLY", "FREQ=YEARLY;BYSECOND=1,2,3",
		"FREQ=YEARLY;BYDAY=SU", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU", "BYMONTH=1",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RSCALE=CHINESE;FREQ=YEARLY",
		"FREQ=YEARLY;BYMONTH", "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY\r\nRRULE:FREQ=YEARLY",
		"FREQ=YEARLY\r\nDTSTART:20260230T020000" };

	for (size_t i = 0; i < CHECK_COUNT(rules); i++) {
		struct buffer file = { 0 };

		buffer_add_format(&file,
			CALENDAR(TODO(
				"SUMMARY:a\r\nDUE;TZID=Z:20260101T101112\r\n") "BEGIN:"
									       "VTIMEZONE\r\nTZID:"
									       "Z\r\nBEGIN:"
									       "STANDARD\r\n"
									       "TZOFFSETFROM:+"
									       "0200\r\nTZOFFSETTO:"
									       "+0100\r\n"
									       "DTSTART:"
									       "16011025T030000\r\n"
									       "RRULE:%s\r\nEND:"
									       "STANDARD\r\n"
									       "END:VTIMEZONE\r\n"),
			rules[i]);
		format_check(&format_ical, (struct text){ file.data, file.length },
			"[{\"name\":\"a\",\"due_date\":\"2026-01-01T10:11:12Z\"}]",
			"[\"/line/3: The time zone \\\"Z\\\" is not known, and its times were "
			"taken "
			"as UTC.\"]");
		buffer_free(&file);
	}
}
END_TEST

#define WINTER                                                                                     \
	PART("STANDARD", "+0100", "+0000", "19901028T020000",                                      \
		"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n")
#define SUMMER(rule) PART("DAYLIGHT", "+0000", "+0100", "19900401T010000", "RRULE:" rule "\r\n")

/* Rules of other forms than the n-th weekday of a month, and times that are skipped or come twice. */
START_TEST(any_rule_of_days_is_followed)
{
	static const struct {
		const char *zone, *local, *due;
	} rows[] = {
		{ ZONE(SUMMER("FREQ=YEARLY;BYMONTH=4;BYDAY=SU;BYMONTHDAY=1,2,3,4,5,6,7") WINTER),
			"20260405T005959", "2026-04-05T00:59:59Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;BYMONTH=4;BYDAY=SU;BYMONTHDAY=1,2,3,4,5,6,7") WINTER),
			"20260405T020000", "2026-04-05T01:00:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;COUNT=2") WINTER), "19910601T120000",
			"1991-06-01T11:00:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;COUNT=2") WINTER), "19920601T120000",
			"1992-06-01T12:00:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;UNTIL=19920401") WINTER), "19920401T020000",
			"1992-04-01T01:00:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;UNTIL=19920401T005959") WINTER), "19920401T020000",
			"1992-04-01T02:00:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;UNTIL=19920401T010000Z") WINTER), "19920401T020000",
			"1992-04-01T01:00:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;UNTIL=19920401T005959Z") WINTER), "19920401T020000",
			"1992-04-01T02:00:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;BYYEARDAY=100") WINTER), "20260409T120000",
			"2026-04-09T12:00:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;BYYEARDAY=100") WINTER), "20260410T120000",
			"2026-04-10T11:00:00Z" },
		{ ZONE(SUMMER("freq=monthly;interval=12;byday=1su") WINTER), "20260405T120000",
			"2026-04-05T11:00:00Z" },
		/* skipped: as before the onset; twice: the first time */
		{ ZONE(SUMMER("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU") WINTER), "20260329T013000",
			"2026-03-29T01:30:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU") WINTER), "20261025T013000",
			"2026-10-25T00:30:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU") WINTER), "20261025T020000",
			"2026-10-25T02:00:00Z" },
		/* a rule that ends is not taken to go on in later centuries */
		{ ZONE(SUMMER("FREQ=YEARLY;UNTIL=20980401T010000Z") WINTER), "20980601T120000",
			"2098-06-01T11:00:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;UNTIL=19920401T010000Z") WINTER), "25000601T120000",
			"2500-06-01T12:00:00Z" },
		/* every year, but not after the last leap day of the table only */
		{ ZONE(SUMMER("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU") WINTER), "24000326T020000",
			"2400-03-26T01:00:00Z" },
		{ ZONE(SUMMER("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU") WINTER), "24000325T120000",
			"2400-03-25T12:00:00Z" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		json_t *due = due_of(rows[i].zone, rows[i].local);

		CHECK_THAT(strcmp(json_string_value(due), rows[i].due) == 0, "%s: %s, not %s",
			rows[i].local, json_string_value(due), rows[i].due);
		json_decref(due);
	}
}
END_TEST

#define EAST(offset) ZONE(PART("STANDARD", offset, offset, "19700101T000000", "X-NOTHING:1\r\n"))
#define DUE TODO("SUMMARY:n\r\nDUE;TZID=Z:20260701T120000\r\n")
#define DUE_AT(hour) "{\"name\":\"n\",\"due_date\":\"2026-07-01T" hour ":00:00Z\"}"

/* A zone is found wherever its calendar defines it, and in no other calendar of the file. */
START_TEST(a_calendar_has_its_own_zones)
{
	format_check(&format_ical,
		TEXT(CALENDAR(
			DUE "BEGIN:VEVENT\r\nBEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT\r\n" DUE EAST(
				"+0300") DUE) CALENDAR(EAST("+0500") DUE)
				CALENDAR(DUE EAST("-0700"))),
		"[" DUE_AT("09") ",false," DUE_AT("09") "," DUE_AT("09") "," DUE_AT(
			"07") "," DUE_AT("19") "]",
		"[]");
	format_check(&format_ical, TEXT(CALENDAR(DUE) CALENDAR(EAST("+0500"))),
		"[" DUE_AT("12") "]",
		"[\"/line/3: The time zone \\\"Z\\\" is not known, and its times were taken as "
		"UTC.\"]");
}
END_TEST

#define BERLIN "X-LIC-LOCATION:Europe/Berlin\r\n"

/* What X-LIC-LOCATION names counts where the definition cannot be followed. */
START_TEST(a_zone_has_a_location)
{
	static const char *const zones[] = {
		ZONE(BERLIN),
		ZONE("X-LIC-LOCATION: Nowhere\r\nX-LIC-LOCATION: Europe/Berlin \r\n"),
		ZONE(BERLIN PART("STANDARD", "+0900", "+0900", "19700101T000000", "RRULE:\r\n")),
		ZONE(PART("STANDARD", "+0900", "nine", "19700101T000000", "") BERLIN),
	};

	for (size_t i = 0; i < CHECK_COUNT(zones); i++) {
		json_t *due = due_of(zones[i], "20260701T120000");

		ck_assert_str_eq(json_string_value(due), "2026-07-01T10:00:00Z");
		json_decref(due);
	}
	json_t *due = due_of(ZONE(BERLIN PART("STANDARD", "+0900", "+0900", "19700101T000000", "")),
		"20260701T120000");
	ck_assert_str_eq(json_string_value(due), "2026-07-01T03:00:00Z");
	json_decref(due);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, local_time_is_that_of_its_zone);
	tcase_add_test(test_case, zones_have_a_history);
	tcase_add_test(test_case, known_names_count);
	tcase_add_test(test_case, zones_are_bounded);
	tcase_add_test(test_case, any_rule_of_days_is_followed);
	tcase_add_test(test_case, a_calendar_has_its_own_zones);
	tcase_add_test(test_case, a_zone_has_a_location);
}

int main(void)
{
	return check_main("format_zone", add_tests);
}
