/*
 * The wall clock, and whether it is trusted.
 */
#include "state/clock.h"

#include "base/container_of.h"
#include "base/log.h"
#include "base/memory.h"
#include "route/route.h"
#include "state/server_state.h"

#include <stdlib.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define MONTH (30 * DAY)
#define SESSION_SECONDS (30 * DAY)
#define WINDOW_SECONDS 600
#define SLACK_SECONDS 600 /* that it may be off by: nothing that expires is that short */
#define QUIET_DAYS 3	  /* without any use of the database before a start */
#define LAST_SECOND INT64_C(253402300799) /* 9999-12-31T23:59:59Z, the last one of a date */

/* The values of the watch. */
enum { FROM, UNTIL, AGREES };
static const struct slot slots[] = { TEXT_SLOT("from"), TEXT_SLOT("until"), INTEGER_SLOT("agrees"),
	{ 0 } };

struct clock_watch {
	struct server *server;
	struct job job; /* it looks when the database was last used */
	const struct statement *statement;
	struct value values[3];
	char from[DATE_SIZE], until[DATE_SIZE];
	bool asking;	    /* the job is with the store */
	bool set_meanwhile; /* the clock: the store is asked once more, about that time */
	int64_t next_until;
	bool doubted;	 /* and that was said */
	bool believed;	 /* there was a time when it was: then it was so many */
	int64_t trusted; /* seconds ahead of the machine's up-time */
	int64_t ahead;	 /* so many it is, or was when it was last set */
	int64_t asked;	 /* so many it was when the job was sent */
	int64_t since;	 /* the up-time from which it has been so */
};

static bool is_near(int64_t a, int64_t b)
{
	return llabs(a - b) <= SLACK_SECONDS;
}

/* Suspended or not. */
static int64_t up_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

static void believe(struct server *server)
{
	struct clock_watch *watch = server->watch;

	if (watch->doubted)
		log_info("the clock says %s, and is believed again", server->clock.now);
	watch->doubted = false;
	watch->believed = true;
	watch->trusted = watch->ahead;
	server->clock.settled = true;
}

static void doubt(struct server *server)
{
	server->watch->doubted = true;
	log_warning(
		"the clock says %s: it was set, or nobody used the database for days; until it has "
		"kept on for a day nothing is deleted for its age",
		server->clock.now);
}

static void ask(struct server *server, int64_t until);

static void asked(struct work *work)
{
	struct clock_watch *watch = container_of(work, struct clock_watch, job.work);
	struct server *server = watch->server;

	watch->asking = false;
	bool agrees = watch->job.result == STORE_DONE && watch->values[AGREES].integer != 0;
	buffer_free(&watch->job.out);
	arena_free(&watch->job.arena);
	if (watch->set_meanwhile && !server->closed) {
		ask(server, watch->next_until);
		return;
	}
	if (server->closed || !is_near(watch->asked, watch->ahead) || server->clock.settled)
		return;
	if (agrees)
		believe(server);
	else
		doubt(server);
}

/* Whether the database was used in the days before that time. */
static void ask(struct server *server, int64_t until)
{
	struct clock_watch *watch = server->watch;

	watch->set_meanwhile = watch->asking;
	watch->next_until = until;
	if (watch->asking)
		return;
	date_format(until - QUIET_DAYS * DAY, watch->from);
	date_format(until, watch->until);
	watch->values[FROM] = (struct value){ VALUE_TEXT, .text = text_of(watch->from) };
	watch->values[UNTIL] = (struct value){ VALUE_TEXT, .text = text_of(watch->until) };
	watch->job = (struct job){ .work.done = asked,
		.statements = &watch->statement,
		.count = 1,
		.values = watch->values,
		.discard_rows = true,
		.long_running = true };
	watch->asked = watch->ahead;
	watch->asking = true;
	store_exec(server->store, &watch->job);
}

/*
 * It was set. Where that was back, the database may say that this is right; what has been dated
 * by it since then does not count. A database cannot know of a time ahead.
 */
static void note_set(struct server *server, int64_t now, int64_t up)
{
	struct clock_watch *watch = server->watch;
	bool back = now - up < watch->ahead;

	watch->ahead = now - up;
	watch->since = up;
	watch->set_meanwhile = false;
	server->clock.settled = false;
	if (back && (!watch->believed || watch->ahead < watch->trusted))
		ask(server, now - 1);
	else
		doubt(server);
}

static void look(struct server *server, int64_t now)
{
	struct clock_watch *watch = server->watch;
	int64_t up = up_time();

	bool is_back = watch->believed && is_near(now - up, watch->trusted);

	if (is_back)
		watch->ahead = watch->trusted;
	if (!is_back && !is_near(now - up, watch->ahead))
		note_set(server, now, up);
	else if (!server->clock.settled && (is_back || up - watch->since >= DAY))
		believe(server);
}

/* Dates are from 1970 on; and there is always room for the end of a session. */
static int64_t within_dates(int64_t now)
{
	int64_t last = LAST_SECOND - SESSION_SECONDS;

	return now < 0 ? 0 : now > last ? last : now;
}

const struct clock *server_clock(struct server *server)
{
	struct clock *clock = &server->clock;
	time_t second = time(NULL);

	if (second != clock->second) {
		int64_t now = within_dates(second);

		clock->second = second;
		date_format(now, clock->now);
		date_format(now - HOUR, clock->hour_ago);
		date_format(now - DAY, clock->day_ago);
		date_format(now - MONTH, clock->month_ago);
		date_format(now - (int64_t)server->settings.keep_days * DAY, clock->kept_since);
		date_format(now + WINDOW_SECONDS, clock->window_end);
		date_format(now + SESSION_SECONDS, clock->session_end);
		if (server->watch != NULL && !server->closed)
			look(server, second);
	}
	return clock;
}

static struct value date_value(const char date[DATE_SIZE])
{
	return (struct value){ VALUE_TEXT, .text = { date, DATE_SIZE - 1 } };
}

void clock_set_values(const struct clock *clock, struct value *values)
{
	values[SLOT_NOW] = date_value(clock->now);
	values[SLOT_HOUR_AGO] = date_value(clock->hour_ago);
	values[SLOT_DAY_AGO] = date_value(clock->day_ago);
	values[SLOT_MONTH_AGO] = date_value(clock->month_ago);
	values[SLOT_KEPT_SINCE] = date_value(clock->kept_since);
	values[SLOT_WINDOW_END] = date_value(clock->window_end);
	values[SLOT_NEW_EXPIRES] = date_value(clock->session_end);
	values[SLOT_SETTLED] = (struct value){ VALUE_INTEGER, .integer = clock->settled };
}

struct clock_watch *clock_prepare(struct server *server, const struct access_sql *sql)
{
	struct clock_watch *watch = memory_zeroed(sizeof(*watch));

	watch->server = server;
	watch->statement = store_prepare(server->store, sql->used_between, slots);
	return watch;
}

/* What is done in the first second may come before the job. */
void clock_start(struct server *server)
{
	int64_t now = time(NULL);

	server->watch->since = up_time();
	server->watch->ahead = now - server->watch->since;
	ask(server, now + 1);
}

bool clock_is_asking(const struct clock_watch *watch)
{
	return watch->asking;
}

void clock_watch_free(struct clock_watch *watch)
{
	free(watch);
}
