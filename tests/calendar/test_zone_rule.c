/*
 * calendar/zone_rule.h: what is a rule, its days by hand, and random rules beside the C library,
 * which takes them as TZ.
 */
#include "src/calendar/zone_rule.h"

#include "check_main.h"

#include <stdio.h>
#include <time.h>

#define YEARS 400 /* from 1970 on, in which random instants lie */
#define RANDOM_RULES 400
#define INSTANTS 200 /* of each of them */

static struct zone_rule rule_of(const char *text)
{
	struct zone_rule rule;

	CHECK_THAT(zone_rule_read(text_of(text), &rule), "%s", text);
	return rule;
}

START_TEST(rules_are_read)
{
	static const struct {
		const char *text;
		int32_t standard, daylight;
	} rows[] = {
		{ "UTC0", 0, 0 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200 },
		{ "EST5EDT,M3.2.0,M11.1.0", -18000, -14400 },
		{ "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 37800, 39600 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, -3600 },
		{ "EET-2EEST,M3.4.4/50,M10.4.4/50", 7200, 10800 },
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", 3600, 0 },
		{ "LMT-0:53:28", 3208, 0 },
		{ "XXX24", -86400, 0 },
		{ "XXX-24", 86400, 0 },
		{ "AAA+03BBB+2:30,J1/167,365/-167:59:59", -10800, -9000 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct zone_rule rule = rule_of(rows[i].text);

		CHECK_THAT(
			rule.standard == rows[i].standard, "%s: %d", rows[i].text, rule.standard);
		CHECK_THAT(rule.has_daylight == (strchr(rows[i].text, ',') != NULL), "%s",
			rows[i].text);
		CHECK_THAT(!rule.has_daylight || rule.daylight == rows[i].daylight, "%s: %d",
			rows[i].text, rule.daylight);
	}
}
END_TEST

START_TEST(anything_else_is_refused)
{
	static const char *const rows[] = { "", "UTC", "0", "UT0", "UTC0 ", " UTC0", "UTC25",
		"UTC-25", "UTC0:60", "UTC0:0:60", "UTC0:", "UTC0:0:", "UTC--1", "UTC+-1", "UTC0000",
		"<UTC0", "<UTC>", "<U>0", "<+1:30>0", "+030", ":Europe/Berlin", "CET-1CEST",
		"CET-1CEST-2", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,", "CET-1,M3.5.0,M10.5.0",
		"CET-1CEST,M3.5.0,M10.5.0,", "CET-1CEST,M3.5.0,M10.5.0 ",
		"CET-1CEST,M0.5.0,M10.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5,M10.5.0",
		"CET-1CEST,M3.5.-1,M10.5.0", "CET-1CEST,J0,J200", "CET-1CEST,J366,J200",
		"CET-1CEST,366,200", "CET-1CEST,-1,200", "CET-1CEST,J,J200", "CET-1CEST,,",
		"CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0/,M10.5.0",
		"CET-1CEST,M3.5.0/2:60,M10.5.0", "CET-1CEST,M3.5.0/-168,M10.5.0",
		"CET-1CEST,M3.5.0/99999999999,M10.5.0" };
	struct zone_rule rule;

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		CHECK_THAT(!zone_rule_read(text_of(rows[i]), &rule), "%s", rows[i]);
}
END_TEST

/* The length counts, and not what stands behind it. */
START_TEST(no_byte_too_far_is_read)
{
	static const char whole[] = "CET-1CEST,M3.5.0,M10.5.0/3";
	struct zone_rule rule;

	for (size_t length = 0; length < sizeof(whole) - 1; length++) {
		char *cut = strndup(whole, length);
		bool valid =
			length == strlen("CET-1") || length == strlen("CET-1CEST,M3.5.0,M10.5.0");

		char *end = malloc(length > 0 ? length : 1);
		memcpy(end, cut, length);
		CHECK_THAT(zone_rule_read((struct text){ end, length }, &rule) == valid, "%s", cut);
		free(end);
		free(cut);
	}
}
END_TEST

static int64_t instant_of(int year, int month, int day, int hour)
{
	struct tm tm = {
		.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour
	};

	return timegm(&tm);
}

/* Of each rule the span that begins at an instant, and the one before. */
START_TEST(changes_are_where_they_belong)
{
	static const struct {
		const char *rule;
		int year, month, day, hour;
		int32_t before, after;
	} rows[] = {
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 2026, 3, 29, 1, 3600, 7200 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 2026, 10, 25, 1, 7200, 3600 },
		{ "EST5EDT,M3.2.0,M11.1.0", 2026, 3, 8, 7, -18000, -14400 },
		{ "EST5EDT,M3.2.0,M11.1.0", 2026, 11, 1, 6, -14400, -18000 },
		/* the fifth Thursday is the fourth in a February of 28 days */
		{ "AAA0BBB,M2.5.4/0,M9.1.0", 2026, 2, 26, 0, 0, 3600 },
		{ "AAA0BBB,M2.5.4/0,M9.1.0", 2024, 2, 29, 0, 0, 3600 },
		/* day 60 without 29 February is 1 March; day 59 from 0 is that or the day before */
		{ "AAA0BBB,J60/0,J300", 2024, 3, 1, 0, 0, 3600 },
		{ "AAA0BBB,J60/0,J300", 2023, 3, 1, 0, 0, 3600 },
		{ "AAA0BBB,J59/0,J300", 2024, 2, 28, 0, 0, 3600 },
		{ "AAA0BBB,59/0,J300", 2024, 2, 29, 0, 0, 3600 },
		{ "AAA0BBB,59/0,J300", 2023, 3, 1, 0, 0, 3600 },
		{ "AAA0BBB,J60/0,365/0", 2024, 12, 31, -1, 3600, 0 },
		/* hours before and after the day itself: Nuuk and Gaza */
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026, 3, 29, 1, -7200, -3600 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026, 10, 25, 1, -3600, -7200 },
		{ "EET-2EEST,M3.4.4/50,M10.4.4/50", 2026, 3, 28, 0, 7200, 10800 },
		/* over the turn of the year */
		{ "AAA0BBB,J1/-167,J300", 2025, 12, 25, 1, 0, 3600 },
		{ "AAA0BBB,J100,J365/167", 2027, 1, 6, 22, 3600, 0 },
		/* before 1970, and in a year that only counts by four hundreds */
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 1900, 3, 25, 1, 3600, 7200 },
		{ "AAA0BBB,J60/0,J300", 1900, 3, 1, 0, 0, 3600 },
		{ "AAA0BBB,59/0,J300", 2000, 2, 29, 0, 0, 3600 },
		{ "AAA0BBB,59/0,J300", -400, 2, 29, 0, 0, 3600 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct zone_rule rule = rule_of(rows[i].rule);
		int64_t at = instant_of(rows[i].year, rows[i].month, rows[i].day, rows[i].hour);
		struct zone_span before = zone_rule_span(&rule, at - 1);
		struct zone_span after = zone_rule_span(&rule, at);

		CHECK_THAT(before.end == at && before.offset == rows[i].before, "row %zu", i);
		CHECK_THAT(after.begin == at && after.offset == rows[i].after, "row %zu", i);
		CHECK_THAT(after.is_dst == (rows[i].after > rows[i].before), "row %zu", i);
	}
}
END_TEST

START_TEST(daylight_saving_time_that_never_ends)
{
	struct zone_rule rule = rule_of("EST5EDT,0/0,J365/25");

	for (int64_t at = instant_of(1999, 1, 1, 0); at < instant_of(2005, 1, 1, 0); at += 1800) {
		struct zone_span span = zone_rule_span(&rule, at);

		CHECK_THAT(span.is_dst && span.offset == -14400, "%lld", (long long)at);
		CHECK_THAT(span.begin <= at && at < span.end, "%lld", (long long)at);
	}
}
END_TEST

/*
 * A change in this half of the year, and not at its ends: the C library looks at one year at a
 * time, and by the order that the two changes have there.
 */
static int random_change(char *to, size_t size, int half, uint64_t *state)
{
	unsigned hour = (unsigned)(check_random(state) % 26);
	char form = "MJ "[check_random(state) % 3];
	int day = 40 + 180 * half + (int)(check_random(state) % 110);

	if (form == 'M')
		return snprintf(to, size, ",M%d.%d.%d/%u", 2 + 6 * half + day % 4, 1 + day % 5,
			day % 7, hour);
	return snprintf(to, size, ",%s%d/%u:30", form == 'J' ? "J" : "", day, hour);
}

START_TEST(random_rules_agree_with_the_c_library)
{
	uint64_t state = 9636;

	for (int i = 0; i < RANDOM_RULES; i++) {
		char text[128];
		int west = (int)(check_random(&state) % 25) - 12;
		size_t length = (size_t)snprintf(
			text, sizeof(text), "AAA%d:15BBB%d", west, west - (i % 3 == 0 ? -1 : 1));

		for (int change = 0; change < 2; change++)
			length += (size_t)random_change(
				text + length, sizeof(text) - length, (change + i) % 2, &state);
		struct zone_rule rule = rule_of(text);
		setenv("TZ", text, 1);
		tzset();
		for (int j = 0; j < INSTANTS; j++) {
			time_t at = (time_t)(check_random(&state) % (YEARS * 31556952ull));
			struct zone_span span = zone_rule_span(&rule, at);
			struct tm tm;

			localtime_r(&at, &tm);
			CHECK_THAT(tm.tm_gmtoff == span.offset && (tm.tm_isdst > 0) == span.is_dst,
				"%s at %lld: %d, not %ld", text, (long long)at, span.offset,
				tm.tm_gmtoff);
		}
	}
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, rules_are_read);
	tcase_add_test(test_case, anything_else_is_refused);
	tcase_add_test(test_case, no_byte_too_far_is_read);
	tcase_add_test(test_case, changes_are_where_they_belong);
	tcase_add_test(test_case, daylight_saving_time_that_never_ends);
	tcase_add_test(test_case, random_rules_agree_with_the_c_library);
}

int main(void)
{
	return check_main("zone_rule", add_tests);
}
