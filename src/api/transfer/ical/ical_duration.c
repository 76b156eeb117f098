#include "transfer/ical/ical_duration.h"

#include "base/date.h"
#include "base/json.h"

#include <stdio.h>
#include <string.h>

#define DIGITS_MOST 9
#define SECONDS_MOST (INT64_C(36525) * DATE_DAY_SECONDS) /* 100 years */

/* Units from the longest to the shortest. */
static const struct {
	char letter;
	bool of_time; /* behind the T */
	int64_t seconds;
} units[] = {
	{ 'W', false, INT64_C(7) * DATE_DAY_SECONDS },
	{ 'D', false, DATE_DAY_SECONDS },
	{ 'H', true, 3600 },
	{ 'M', true, 60 },
	{ 'S', true, 1 },
};

#define UNITS (sizeof(units) / sizeof(units[0]))

static bool take(struct text *rest, char letter)
{
	if (rest->length == 0 || !text_equal_bytes_nocase(rest->data, &letter, 1))
		return false;
	*rest = text_after(*rest, 1);
	return true;
}

static bool take_number(struct text *rest, int64_t *number)
{
	struct text digits = { rest->data, 0 };

	while (digits.length < rest->length && rest->data[digits.length] >= '0' &&
		rest->data[digits.length] <= '9')
		digits.length++;
	*rest = text_after(*rest, digits.length);
	return digits.length <= DIGITS_MOST && text_to_integer(digits, number);
}

/* The parts behind the P, each unit at most once and in their order. */
static bool read_parts(struct text rest, int64_t *seconds)
{
	bool of_time = false;
	size_t unit = 0;

	*seconds = 0;
	do {
		int64_t number;

		if (!of_time && take(&rest, 'T'))
			of_time = true;
		if (!take_number(&rest, &number))
			return false;
		while (unit < UNITS &&
			(units[unit].of_time != of_time || !take(&rest, units[unit].letter)))
			unit++;
		if (unit == UNITS)
			return false;
		*seconds += number * units[unit++].seconds;
	} while (rest.length > 0);
	return *seconds <= SECONDS_MOST;
}

bool ical_duration_read(struct text text, int64_t *seconds)
{
	bool negative = take(&text, '-');

	if (!negative)
		take(&text, '+');
	if (!take(&text, 'P') || !read_parts(text, seconds))
		return false;
	*seconds = negative ? -*seconds : *seconds;
	return true;
}

void ical_duration_write(struct buffer *out, int64_t seconds)
{
	int64_t rest = seconds < 0 ? -seconds : seconds;
	bool of_time = false;

	buffer_add_text(out, seconds < 0 ? TEXT("-P") : TEXT("P"));
	for (size_t unit = 1; unit < UNITS; unit++) {
		int64_t number = rest / units[unit].seconds;

		rest %= units[unit].seconds;
		if (number == 0)
			continue;
		if (units[unit].of_time && !of_time)
			buffer_add_text(out, TEXT("T"));
		of_time = units[unit].of_time;
		json_write_integer(out, number);
		buffer_add(out, &units[unit].letter, 1);
	}
	if (seconds == 0)
		buffer_add_text(out, TEXT("T0S"));
}

static int64_t date_seconds(const char *date)
{
	char instant[DATE_SIZE];

	snprintf(instant, sizeof(instant), "%.10s%.10s", date,
		strlen(date) > 10 ? date + 10 : "T00:00:00Z");
	return date_time(text_of(instant));
}

bool ical_duration_between(const char *from, const char *to, int64_t *seconds)
{
	char read[DATE_SIZE];

	if (!date_parse(text_of(from), read) || !date_parse(text_of(to), read))
		return false;
	*seconds = date_seconds(to) - date_seconds(from);
	return true;
}
