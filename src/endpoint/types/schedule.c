/*
 * When a task repeats, when it reminds, and in which time zone.
 */
#include "types/schedule.h"

#include "base/buffer.h"
#include "base/date.h"
#include "base/json.h"
#include "calendar/recurrence_rule.h"
#include "calendar/zone.h"
#include "types/strings.h"

#include <string.h>

/* Copies the bytes of a buffer, and frees it. */
static void keep(struct value *value, struct buffer *buffer, struct arena **arena)
{
	char *copy = arena_alloc(arena, buffer->length + 1);

	memcpy(copy, buffer->data, buffer->length);
	*value = (struct value){ VALUE_TEXT, .text = { copy, buffer->length } };
	buffer_free(buffer);
}

/* ---- rules and zones ---- */

const char *schedule_read_repeat(struct text text, struct value *value, struct arena **arena)
{
	struct recurrence_rule rule;
	struct buffer canonical = { 0 };
	const char *fault = recurrence_rule_read(text, &rule);

	if (fault != NULL)
		return fault;
	recurrence_rule_write(&rule, &canonical);
	keep(value, &canonical, arena);
	return NULL;
}

const char *schedule_read_zone(struct text text, struct value *value)
{
	const struct zone *zone = zone_find(text);

	if (zone == NULL)
		return "must be the name of a time zone, such as Europe/Berlin";
	*value = (struct value){ VALUE_TEXT, .text = text_of(zone_name(zone)) };
	return NULL;
}

/* ---- durations ---- */

#define FORM "must be durations such as -PT15M, or instants such as 2026-11-22T16:55:00Z"
#define DIGITS_MOST 9
#define SECONDS_MOST (INT64_C(36525) * DATE_DAY_SECONDS) /* 100 years */

enum unit { WEEKS, DAYS, HOURS, MINUTES, SECONDS, UNITS };

static const char letters[UNITS] = { 'W', 'D', 'H', 'M', 'S' };
static const int64_t lengths[UNITS] = { 7 * DATE_DAY_SECONDS, DATE_DAY_SECONDS, 3600, 60, 1 };

/* Take one of these letters, in upper or lower case: its place among them, else -1. */
static int take_letter(struct text *rest, const char *among)
{
	for (int i = 0; rest->length > 0 && among[i] != '\0'; i++) {
		if (!text_equal_bytes_nocase(rest->data, &among[i], 1))
			continue;
		*rest = text_after(*rest, 1);
		return i;
	}
	return -1;
}

static bool take_number(struct text *rest, int64_t *number)
{
	struct text digits = { rest->data, 0 };

	while (digits.length < rest->length && digits.length <= DIGITS_MOST &&
		rest->data[digits.length] >= '0' && rest->data[digits.length] <= '9')
		digits.length++;
	*rest = text_after(*rest, digits.length);
	return digits.length <= DIGITS_MOST && text_to_integer(digits, number);
}

/*
 * Read what follows the "P": parts from the longest unit to the shortest, each at most once. NULL,
 * or what is wrong.
 */
static const char *read_parts(struct text rest, int64_t numbers[UNITS])
{
	bool of_time = false;
	int unit = -1;

	do {
		int64_t number;
		int letter;

		if (!of_time && take_letter(&rest, "T") == 0)
			of_time = true;
		if (!take_number(&rest, &number))
			return FORM;
		letter = take_letter(&rest, of_time ? "HMS" : "YMWD");
		if (letter < 0)
			return FORM;
		if (!of_time && letter < 2)
			return "must have no years and months in durations";
		letter += of_time ? HOURS : -2;
		if (letter <= unit)
			return FORM;
		unit = letter;
		numbers[unit] = number;
	} while (rest.length > 0);
	return NULL;
}

static int64_t sum_of(const int64_t numbers[UNITS])
{
	int64_t sum = 0;

	for (int unit = 0; unit < UNITS; unit++)
		sum += numbers[unit] * lengths[unit];
	return sum;
}

/* In iCalendar (RFC 5545, 3.3.6) weeks stand alone. */
static void write_duration(struct buffer *out, bool is_negative, int64_t numbers[UNITS])
{
	int64_t sum = sum_of(numbers);

	if (sum != numbers[WEEKS] * lengths[WEEKS]) {
		numbers[DAYS] += 7 * numbers[WEEKS];
		numbers[WEEKS] = 0;
	}
	buffer_add_text(out, is_negative && sum > 0 ? TEXT("-P") : TEXT("P"));
	for (int unit = 0; unit < UNITS; unit++) {
		if (unit == HOURS && numbers[HOURS] + numbers[MINUTES] + numbers[SECONDS] > 0)
			buffer_add_text(out, TEXT("T"));
		if (numbers[unit] == 0)
			continue;
		json_write_integer(out, numbers[unit]);
		buffer_add(out, &letters[unit], 1);
	}
	if (sum == 0)
		buffer_add_text(out, TEXT("T0S"));
}

/* Append the canonical text of a duration. NULL, or what is wrong. */
static const char *read_duration(struct text text, struct buffer *out)
{
	bool is_negative = take_letter(&text, "+-") == 1;
	int64_t numbers[UNITS] = { 0 };
	const char *fault;

	if (take_letter(&text, "P") < 0)
		return FORM;
	fault = read_parts(text, numbers);
	if (fault != NULL)
		return fault;
	if (sum_of(numbers) > SECONDS_MOST)
		return "must have durations of at most 100 years";
	write_duration(out, is_negative, numbers);
	return NULL;
}

/* ---- reminders ---- */

/* Those so far, as JSON strings with commas between them. */
struct reminders {
	struct buffer json;
	size_t count, most;
};

static bool is_there(const struct reminders *reminders, const struct buffer *json)
{
	return reminders->count > 0 && memmem(reminders->json.data, reminders->json.length,
					       json->data, json->length) != NULL;
}

/* One too many is a fault that ends the reading. NULL, or what is wrong. */
static const char *add_reminder(void *list, struct text text)
{
	struct reminders *reminders = list;
	struct buffer json = { 0 };
	const char *fault = NULL;
	char date[DATE_SIZE];

	buffer_add_text(&json, TEXT("\""));
	if (!date_parse(text, date))
		fault = read_duration(text, &json);
	else if (strlen(date) < DATE_SIZE - 1)
		fault = FORM;
	else
		buffer_add_text(&json, text_of(date));
	buffer_add_text(&json, TEXT("\""));
	if (fault == NULL && !is_there(reminders, &json)) {
		buffer_add_text(&reminders->json, reminders->count++ > 0 ? TEXT(",") : TEXT(""));
		buffer_add(&reminders->json, json.data, json.length);
	}
	buffer_free(&json);
	if (fault == NULL && reminders->count > reminders->most)
		fault = "must have at most 8 reminders";
	return fault;
}

const char *schedule_read_reminders(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	struct reminders reminders = { .most = input->max };
	const char *fault;

	buffer_add_text(&reminders.json, TEXT("["));
	fault = strings_read(raw, add_reminder, &reminders);
	buffer_add_text(&reminders.json, TEXT("]"));
	keep(value, &reminders.json, arena);
	return fault;
}
