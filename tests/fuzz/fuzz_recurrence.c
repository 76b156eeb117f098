/*
 * calendar/recurrence.h: a rule that is read is written in canonical form and read again as the
 * same. Its occurrences come in order, and each is found as the first one after the moment before.
 */
#include "calendar/recurrence.h"

#include "support/fuzz.h"

#define OCCURRENCES 40
#define YEAR_SECONDS 31556952

static void check_text(const struct recurrence_rule *rule, struct text text)
{
	struct recurrence_rule again;
	struct buffer canonical = { 0 }, twice = { 0 };
	struct text written;

	recurrence_rule_write(rule, &canonical);
	written = (struct text){ canonical.data, canonical.length };
	CHECK_THAT(canonical.length <= text.length, "the canonical text is longer");
	CHECK_THAT(recurrence_rule_read(written, &again) == NULL, "it is no rule");
	CHECK_THAT(memcmp(&again, rule, sizeof(again)) == 0, "it is another rule");
	recurrence_rule_write(&again, &twice);
	CHECK_THAT(text_equal(written, (struct text){ twice.data, twice.length }), "it changes");
	buffer_free(&canonical);
	buffer_free(&twice);
}

/* A search that counts from the start may give up where the series, step by step, does not. */
static void check_after(
	const struct recurrence_rule *rule, int64_t start, int64_t after, int64_t expected)
{
	int64_t time = 0;
	enum recurrence_outcome outcome = recurrence_after(rule, start, after, &time);

	if (rule->count > 0 && outcome == RECURRENCE_TOO_MANY_STEPS)
		return;
	CHECK_THAT(outcome == RECURRENCE_FOUND && time == expected, "another one is found");
}

static void check_series(const struct recurrence_rule *rule, int64_t start)
{
	int64_t before = start - 1, time;
	struct recurrence recurrence;

	recurrence_begin(&recurrence, rule, start);
	for (int i = 0; i < OCCURRENCES; i++) {
		if (recurrence_next(&recurrence, &time) != RECURRENCE_FOUND)
			return;
		CHECK_THAT(time > before, "they are not in order");
		CHECK_THAT(rule->count == 0 || i < rule->count, "there are more than COUNT");
		CHECK_THAT(rule->until_kind != RECURRENCE_UNTIL_LOCAL || time <= rule->until,
			"it is after UNTIL");
		check_after(rule, start, time - 1, time);
		check_after(rule, start, before, time);
		before = time;
	}
}

/* The first byte tells the start, in years from 1970 on, or near the ends of the calendar. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size);
	int64_t byte = fuzz_byte(&text);
	int64_t year = byte < 200 ? byte : byte < 228 ? byte - 200 - 1969 : byte - 256 + 8030;
	struct recurrence_rule rule;

	if (recurrence_rule_read(text, &rule) != NULL)
		return 0;
	check_text(&rule, text);
	check_series(&rule, year * YEAR_SECONDS + byte * 86477);
	return 0;
}
