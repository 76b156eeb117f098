/*
 * calendar/zone.h: every zone beside the C library, which reads the system's files itself, and
 * local times that a clock skips or shows twice, by hand.
 */
#include "calendar/zone.h"

#include "base/date.h"
#include "check_main.h"
#include "src/calendar/zone_carried.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define FIRST INT64_C(631152000) /* 1990-01-01T00:00:00Z */
#define LAST INT64_C(2556144000) /* 2051-01-01T00:00:00Z */
#define STEP (5 * 86400 + 4567)
#define THREADS 8

static const struct zone *zone_called(const char *name)
{
	const struct zone *zone = zone_find(text_of(name));

	CHECK_THAT(zone != NULL, "%s is not known", name);
	return zone;
}

/* Set the C library's clock. It would take a name that it does not know for UTC. */
static void set_clock(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	CHECK_THAT(access(path, R_OK) == 0, "the system has no %s", path);
	setenv("TZ", path + strlen("/usr/share/zoneinfo/"), 1);
	tzset();
}

/* What the C library's clock shows. */
static int64_t clock_local(int64_t instant, struct tm *tm)
{
	time_t at = (time_t)instant;
	struct tm fields;

	localtime_r(&at, tm);
	fields = *tm;
	return timegm(&fields);
}

static void check_clock(const struct zone *zone, int64_t instant)
{
	struct zone_span span = zone_span(zone, instant);
	struct tm tm;
	int64_t local = clock_local(instant, &tm);

	CHECK_THAT(tm.tm_gmtoff == span.offset, "%s at %lld: %d, not %ld", zone_name(zone),
		(long long)instant, span.offset, tm.tm_gmtoff);
	CHECK_THAT((tm.tm_isdst > 0) == span.is_dst, "%s at %lld", zone_name(zone),
		(long long)instant);
	CHECK_THAT(zone_local(zone, instant) == local, "%s at %lld", zone_name(zone),
		(long long)instant);
	CHECK_THAT(span.begin <= instant && instant < span.end, "%s at %lld", zone_name(zone),
		(long long)instant);
}

START_TEST(instants_agree_with_the_c_library)
{
	for (size_t i = 0; i < zones_carried_count; i++) {
		const struct zone *zone = zone_called(zones_carried[i].name);

		set_clock(zones_carried[i].name);
		for (int64_t at = FIRST; at < LAST; at += STEP)
			check_clock(zone, at);
		for (int64_t at = FIRST; at < LAST; at = zone_span(zone, at).end) {
			check_clock(zone, at - 1);
			check_clock(zone, at);
			check_clock(zone, at + 1);
		}
	}
}
END_TEST

/*
 * The first instant at which the C library's clock shows a time, by either offset around a change;
 * where it does not, by the one before.
 */
static int64_t clock_instant(int64_t local, int32_t before, int32_t after)
{
	int64_t first = local - (before > after ? before : after);
	int64_t second = local - (before > after ? after : before);
	struct tm tm;

	if (clock_local(first, &tm) == local)
		return first;
	return clock_local(second, &tm) == local ? second : local - before;
}

static void check_change(const struct zone *zone, int64_t at)
{
	int32_t before = zone_span(zone, at - 1).offset, after = zone_span(zone, at).offset;
	int64_t from = at + (before < after ? before : after);
	int64_t to = at + (before < after ? after : before);
	int64_t locals[] = { from - 1, from, from + 1, (from + to) / 2, to - 1, to, to + 1 };

	for (size_t i = 0; i < CHECK_COUNT(locals); i++) {
		int64_t expected = clock_instant(locals[i], before, after);

		CHECK_THAT(zone_instant(zone, locals[i]) == expected, "%s: %lld, not %lld",
			zone_name(zone), (long long)zone_instant(zone, locals[i]),
			(long long)expected);
	}
}

START_TEST(local_times_agree_with_the_c_library)
{
	size_t changes = 0;

	for (size_t i = 0; i < zones_carried_count; i++) {
		const struct zone *zone = zone_called(zones_carried[i].name);

		set_clock(zones_carried[i].name);
		for (int64_t at = FIRST; at < LAST; at += STEP) {
			int64_t found = zone_instant(zone, zone_local(zone, at));
			struct tm tm;

			CHECK_THAT(found <= at && clock_local(found, &tm) == clock_local(at, &tm),
				"%s at %lld", zone_name(zone), (long long)at);
		}
		for (int64_t at = zone_span(zone, FIRST).end; at < LAST;
			at = zone_span(zone, at).end) {
			check_change(zone, at);
			changes++;
		}
	}
	ck_assert_uint_gt(changes, 10000);
}
END_TEST

START_TEST(skipped_and_doubled_times_by_hand)
{
	static const struct {
		const char *zone, *local, *instant;
	} rows[] = {
		{ "Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z" },
		{ "Europe/Berlin", "2026-03-29T02:00:00Z", "2026-03-29T01:00:00Z" },
		{ "Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z" },
		{ "Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z" },
		{ "Europe/Berlin", "2026-10-25T01:59:59Z", "2026-10-24T23:59:59Z" },
		{ "Europe/Berlin", "2026-10-25T02:00:00Z", "2026-10-25T00:00:00Z" },
		{ "Europe/Berlin", "2026-10-25T02:59:59Z", "2026-10-25T00:59:59Z" },
		{ "Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z" },
		{ "Europe/Berlin", "2099-07-01T12:00:00Z", "2099-07-01T10:00:00Z" },
		/* the examples of RFC 5545, 3.3.5 */
		{ "America/New_York", "2007-11-04T01:30:00Z", "2007-11-04T05:30:00Z" },
		{ "America/New_York", "2007-03-11T02:30:00Z", "2007-03-11T07:30:00Z" },
		{ "America/New_York", "1998-01-19T02:00:00Z", "1998-01-19T07:00:00Z" },
		/* by half an hour */
		{ "Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-03T15:45:00Z" },
		{ "Australia/Lord_Howe", "2026-10-04T02:30:00Z", "2026-10-03T15:30:00Z" },
		{ "Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T14:45:00Z" },
		{ "Australia/Lord_Howe", "2026-04-05T02:00:00Z", "2026-04-04T15:30:00Z" },
		/* back for Ramadan */
		{ "Africa/Casablanca", "2024-03-10T02:30:00Z", "2024-03-10T01:30:00Z" },
		{ "Africa/Casablanca", "2024-03-20T12:00:00Z", "2024-03-20T12:00:00Z" },
		{ "Africa/Casablanca", "2024-04-14T02:30:00Z", "2024-04-14T02:30:00Z" },
		{ "Africa/Casablanca", "2024-06-01T12:00:00Z", "2024-06-01T11:00:00Z" },
		/* over the date line: a day that was none */
		{ "Pacific/Apia", "2011-12-29T23:59:59Z", "2011-12-30T09:59:59Z" },
		{ "Pacific/Apia", "2011-12-30T00:00:00Z", "2011-12-30T10:00:00Z" },
		{ "Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T22:00:00Z" },
		{ "Pacific/Apia", "2011-12-31T00:00:00Z", "2011-12-30T10:00:00Z" },
		{ "Asia/Kathmandu", "1986-01-01T00:10:00Z", "1985-12-31T18:40:00Z" },
		{ "Asia/Kathmandu", "2026-01-01T00:00:00Z", "2025-12-31T18:15:00Z" },
		{ "Asia/Calcutta", "2026-01-01T00:00:00Z", "2025-12-31T18:30:00Z" },
		{ "Etc/GMT+5", "2026-07-01T12:00:00Z", "2026-07-01T17:00:00Z" },
		{ "Etc/GMT-14", "2026-07-01T12:00:00Z", "2026-06-30T22:00:00Z" },
		{ "UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z" },
		/* by two hours; at 24:00 of the day before; by seconds; without winter */
		{ "Antarctica/Troll", "2026-03-29T02:30:00Z", "2026-03-29T02:30:00Z" },
		{ "America/Nuuk", "2026-03-28T23:30:00Z", "2026-03-29T01:30:00Z" },
		{ "Africa/Monrovia", "1971-12-31T00:00:00Z", "1971-12-31T00:44:30Z" },
		{ "Europe/London", "1970-01-01T12:00:00Z", "1970-01-01T11:00:00Z" },
	};
	char found[DATE_SIZE];

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		const struct zone *zone = zone_called(rows[i].zone);

		date_format((time_t)zone_instant(zone, date_time(text_of(rows[i].local))), found);
		CHECK_THAT(strcmp(found, rows[i].instant) == 0, "%s of %s: %s, not %s",
			rows[i].local, rows[i].zone, found, rows[i].instant);
	}
}
END_TEST

START_TEST(the_ends_of_time)
{
	const struct zone *zone = zone_called("Europe/Berlin");

	ck_assert_int_eq(zone_span(zone, INT64_MIN).offset, 3208); /* local mean time */
	ck_assert_int_eq(zone_span(zone, INT64_MIN).begin, INT64_MIN);
	ck_assert_int_lt(zone_local(zone, INT64_MIN), -(INT64_C(1) << 58));
	ck_assert_int_lt(zone_instant(zone, INT64_MIN), -(INT64_C(1) << 58));
	ck_assert_int_gt(zone_local(zone, INT64_MAX), INT64_C(1) << 58);
	ck_assert_int_gt(zone_instant(zone, INT64_MAX), INT64_C(1) << 58);
}
END_TEST

static void *find_all(void *found)
{
	const struct zone **zones = found;

	for (size_t i = 0; i < zones_carried_count; i++) {
		zones[i] = zone_find(text_of(zones_carried[i].name));
		zone_local(zones[i], FIRST);
	}
	return NULL;
}

START_TEST(all_threads_find_the_same)
{
	pthread_t threads[THREADS];
	const struct zone **found[THREADS];

	for (size_t i = 0; i < THREADS; i++) {
		found[i] = calloc(zones_carried_count, sizeof(*found[i]));
		ck_assert_int_eq(pthread_create(&threads[i], NULL, find_all, found[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_mem_eq(found[i], found[0], zones_carried_count * sizeof(*found[i]));
	}
	for (size_t i = 0; i < THREADS; i++)
		free(found[i]);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, instants_agree_with_the_c_library);
	tcase_add_test(test_case, local_times_agree_with_the_c_library);
	tcase_add_test(test_case, skipped_and_doubled_times_by_hand);
	tcase_add_test(test_case, the_ends_of_time);
	tcase_add_test(test_case, all_threads_find_the_same);
}

int main(void)
{
	return check_main("zone", add_tests);
}
