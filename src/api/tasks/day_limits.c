/*
 * Between days and seconds in a time zone.
 */
#include "tasks/day_limits.h"

#include "base/date.h"
#include "base/memory.h"
#include "calendar/local_date.h"

#include <stdlib.h>
#include <string.h>

/* They are after any date, or before any. */
#define AFTER_ALL "~"
#define BEFORE_ALL ""

/* A date that a request keeps. */
struct kept_date {
	char text[DATE_SIZE];
};

/* Of one request: what its values point at. */
struct day_limits {
	struct kept_date today, before, before_day, after, after_day, day_begin, day_last;
};

bool day_limits_are_asked(struct request *request)
{
	return request_given(request, "overdue") || request_given(request, "started") ||
	       request_given(request, "due_on") || request_given(request, "due_before") ||
	       request_given(request, "due_after");
}

static int64_t begin_of(const struct zone *zone, int64_t day)
{
	return zone_instant(zone, day * DATE_DAY_SECONDS);
}

/*
 * The first day that begins at an instant or later. A day that a zone left out begins with the next
 * one; and a clock that was set back over midnight shows the day before once more.
 */
static int64_t first_day_from(const struct zone *zone, int64_t instant)
{
	int64_t day = date_day_of(zone_local(zone, instant));

	while (begin_of(zone, day) < instant)
		day++;
	while (begin_of(zone, day - 1) >= instant)
		day--;
	return day;
}

static void write_day(struct kept_date *to, const struct zone *zone, int64_t day)
{
	struct local_date date = { day * DATE_DAY_SECONDS, .is_day = true };

	if (!local_date_write(&date, zone, to->text))
		strcpy(to->text, day < 0 ? BEFORE_ALL : AFTER_ALL);
}

static void set_value(struct request *request, const char *name, const struct kept_date *date)
{
	*request_value(request, name) =
		(struct value){ VALUE_TEXT, .text = text_of(date->text) };
}

/* The limits of an input that is a date: the instant, and the first day from then on. */
static void set_limit(struct request *request, const struct zone *zone, const char *input,
	struct kept_date *instant, struct kept_date *day)
{
	struct text text = request_value(request, input)->text;
	struct local_date date;
	int64_t at, from;

	if (!local_date_read(text, zone, &date))
		return; /* it was not sent */
	from = date_day_of(date.time);
	at = date.is_day ? begin_of(zone, from) : date_time(text);
	date_format((time_t)at, instant->text);
	write_day(day, zone, date.is_day ? from : first_day_from(zone, at));
}

static void set_due_on(
	struct request *request, const struct zone *zone, struct day_limits *limits)
{
	struct text text = request_value(request, "due_on")->text;
	struct local_date date;
	int64_t day;

	if (!local_date_read(text, zone, &date))
		return; /* it was not sent */
	day = date_day_of(date.time);
	date_format((time_t)begin_of(zone, day), limits->day_begin.text);
	date_format((time_t)(begin_of(zone, day + 1) - 1), limits->day_last.text);
}

/* The account's; one that the system's tzdata has lost counts as UTC. */
static const struct zone *zone_of(struct request *request)
{
	const struct zone *zone = zone_find(request_value(request, "time_zone")->text);

	return zone != NULL ? zone : zone_find(TEXT("UTC"));
}

void day_limits_set(struct request *request)
{
	struct day_limits *limits = memory_zeroed(sizeof(*limits));
	const struct zone *zone = zone_of(request);
	time_t now = date_time(request_value(request, "now")->text);

	request_keep_state(request, limits, free);
	write_day(&limits->today, zone, date_day_of(zone_local(zone, now)));
	set_limit(request, zone, "due_before", &limits->before, &limits->before_day);
	set_limit(request, zone, "due_after", &limits->after, &limits->after_day);
	set_due_on(request, zone, limits);
	set_value(request, "today", &limits->today);
	set_value(request, "before", &limits->before);
	set_value(request, "before_day", &limits->before_day);
	set_value(request, "after", &limits->after);
	set_value(request, "after_day", &limits->after_day);
	set_value(request, "day_begin", &limits->day_begin);
	set_value(request, "day_last", &limits->day_last);
	request_set_etag(request, strcmp(zone_name(zone), "UTC") == 0);
}
