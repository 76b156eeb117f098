#include "transfer/todo_txt_rec.h"

#include "calendar/recurrence_rule.h"

#include <inttypes.h>

#define DIGITS_MOST 4
#define WEEKDAYS "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"

static const struct {
	char letter;
	enum recurrence_frequency frequency;
	const char *name;
} units[] = {
	{ 'd', RECURRENCE_DAILY, "DAILY" },
	{ 'w', RECURRENCE_WEEKLY, "WEEKLY" },
	{ 'm', RECURRENCE_MONTHLY, "MONTHLY" },
	{ 'y', RECURRENCE_YEARLY, "YEARLY" },
};

#define UNITS (sizeof(units) / sizeof(units[0]))

bool rec_read(struct text value, struct buffer *rule, bool *from_completion)
{
	int64_t interval;
	size_t unit = 0;
	char letter;

	*from_completion = value.length == 0 || *value.data != '+';
	if (!*from_completion)
		value = text_after(value, 1);
	if (value.length < 2 || value.length > DIGITS_MOST + 1)
		return false;
	letter = value.data[--value.length];
	if (!text_to_integer(value, &interval) || interval == 0)
		return false;
	if (letter == 'b' && interval == 1) {
		buffer_add_text(rule, TEXT(WEEKDAYS));
		return true;
	}
	while (unit < UNITS && units[unit].letter != letter)
		unit++;
	if (unit == UNITS)
		return false;
	buffer_add_format(rule, "FREQ=%s", units[unit].name);
	if (interval > 1)
		buffer_add_format(rule, ";INTERVAL=%" PRId64, interval);
	return true;
}

/* Whether the value is read as just this rule. */
static bool says(const struct buffer *value, struct text rule)
{
	struct buffer read = { 0 };
	bool from_completion, same;

	same = rec_read((struct text){ value->data, value->length }, &read, &from_completion) &&
	       text_equal((struct text){ read.data, read.length }, rule);
	buffer_free(&read);
	return same;
}

static void write_value(struct buffer *value, struct text text, const struct recurrence_rule *rule)
{
	size_t unit = 0;

	if (text_equal(text, TEXT(WEEKDAYS))) {
		buffer_add_text(value, TEXT("1b"));
		return;
	}
	while (units[unit].frequency != rule->frequency)
		unit++;
	buffer_add_format(value, "%" PRId64 "%c", rule->interval, units[unit].letter);
}

bool rec_write(struct buffer *out, struct text rule, bool from_completion)
{
	struct buffer value = { 0 };
	struct recurrence_rule read;
	bool said;

	if (recurrence_rule_read(rule, &read) != NULL)
		return false;
	write_value(&value, rule, &read);
	said = says(&value, rule);
	if (said && !from_completion)
		buffer_add_text(out, TEXT("+"));
	if (said)
		buffer_add(out, value.data, value.length);
	buffer_free(&value);
	return said;
}
