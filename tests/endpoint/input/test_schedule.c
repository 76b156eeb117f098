/*
 * endpoint/types/schedule.h: rules, reminders and time zones, in JSON and in forms.
 */
#include "src/endpoint/types/types.h"

#include "check_main.h"

#include <string.h>

static const struct input inputs[] = {
	{ .name = "repeat", .type = INPUT_REPEAT },
	{ .name = "reminders", .type = INPUT_REMINDERS, .max = 8 },
	{ .name = "zone", .type = INPUT_ZONE },
};

static const struct input *input_named(const char *name)
{
	const struct input *input = inputs;

	while (strcmp(input->name, name) != 0)
		input++;
	return input;
}

/* The value is as expected, NULL for none; or the sentence begins so, after a '!'. */
static void expect(const char *name, const struct raw_value *raw, const char *sent, const char *expected)
{
	struct arena *arena = NULL;
	struct value value = { 0 };
	const char *fault = input_type_read(input_named(name), raw, &value, &arena);

	if (expected != NULL && *expected == '!')
		CHECK_THAT(fault != NULL && strncmp(fault, expected + 1, strlen(expected + 1)) == 0,
			"%s %s: %s", name, sent, fault);
	else if (expected == NULL)
		CHECK_THAT(fault == NULL && value.type == VALUE_NULL, "%s %s: %s", name, sent, fault);
	else
		CHECK_THAT(fault == NULL && text_equal(value.text, text_of(expected)),
			"%s %s: %s %.*s", name, sent, fault, (int)value.text.length, value.text.data);
	arena_free(&arena);
}

#define WORDS "must be durations such as -PT15M"
#define ZONE_WORDS "must be the name of a time zone, such as Europe/Berlin"

/* In JSON; then what the value is. */
static const char *const json_rows[][3] = {
	{ "repeat", "null", NULL },
	{ "repeat", "\"\"", NULL },
	{ "repeat", "\"FREQ=DAILY\"", "FREQ=DAILY" },
	{ "repeat", "\"freq=weekly;interval=1;wkst=mo;byday=th,mo,th\"", "FREQ=WEEKLY;BYDAY=MO,TH" },
	{ "repeat", "\"COUNT=3;FREQ=MONTHLY;BYMONTHDAY=31,-1,1\"", "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1,1,31" },
	{ "repeat", "\"FREQ=DAILY;UNTIL=20261224t170000z\"", "FREQ=DAILY;UNTIL=20261224T170000Z" },
	{ "repeat", "3", "!must be a recurrence rule or null" },
	{ "repeat", "[]", "!must be a recurrence rule or null" },
	{ "repeat", "\"RRULE:FREQ=DAILY\"", "!must have no other parts" },
	{ "repeat", "\"FREQ=HOURLY\"", "!must have a FREQ" },
	{ "repeat", "\"INTERVAL=2\"", "!must have a FREQ" },
	{ "repeat", "\"FREQ=DAILY;BYHOUR=9\"", "!must have no other parts" },
	{ "repeat", "\"FREQ=DAILY;FREQ=DAILY\"", "!must not have a part twice" },
	{ "repeat", "\"FREQ=DAILY;COUNT=2;UNTIL=20261224\"", "!must not have both COUNT and UNTIL" },
	{ "repeat", "\"FREQ=DAILY;UNTIL=20260230\"", "!must have an UNTIL" },
	{ "repeat", "\"FREQ=WEEKLY;BYDAY=1MO\"", "!must not have numbers in BYDAY" },
	{ "repeat", "\"FREQ=DAILY \"", "!must have a FREQ" },
	{ "repeat", "\"every day\"", "!must have parts such as FREQ=DAILY" },

	{ "zone", "null", "UTC" },
	{ "zone", "\"Europe/Berlin\"", "Europe/Berlin" },
	{ "zone", "\"europe/berlin\"", "Europe/Berlin" },
	{ "zone", "\"utc\"", "UTC" },
	{ "zone", "\"Asia/Calcutta\"", "Asia/Calcutta" },
	{ "zone", "\"\"", "!" ZONE_WORDS },
	{ "zone", "\"Middle/Earth\"", "!" ZONE_WORDS },
	{ "zone", "\"../../etc/passwd\"", "!" ZONE_WORDS },
	{ "zone", "\"+02:00\"", "!" ZONE_WORDS },
	{ "zone", "1", "!must be the name of a time zone or null" },

	{ "reminders", "null", "[]" },
	{ "reminders", "[]", "[]" },
	{ "reminders", "[\"-PT15M\",\"-P1D\",\"PT0S\"]", "[\"-PT15M\",\"-P1D\",\"PT0S\"]" },
	{ "reminders", "[\"-pt15m\",\"+P1D\",\"-PT0S\"]", "[\"-PT15M\",\"P1D\",\"PT0S\"]" },
	{ "reminders", "[\"P2W\",\"P0W\",\"P1W1D\",\"-P1WT1H\"]", "[\"P2W\",\"PT0S\",\"P8D\",\"-P7DT1H\"]" },
	{ "reminders", "[\"P01DT002H0M\"]", "[\"P1DT2H\"]" },
	{ "reminders", "[\"-P1DT2H30M4S\"]", "[\"-P1DT2H30M4S\"]" },
	{ "reminders", "[\"PT90M\",\"PT36H\",\"PT1H30S\"]", "[\"PT90M\",\"PT36H\",\"PT1H30S\"]" },
	{ "reminders", "[\"PT24H\",\"PT1440M\",\"PT86400S\"]", "[\"PT24H\",\"PT1440M\",\"PT86400S\"]" },
	{ "reminders", "[\"2026-11-22T18:55:00+02:00\"]", "[\"2026-11-22T16:55:00Z\"]" },
	{ "reminders", "[\"22/11/2026 16:55:00\"]", "[\"2026-11-22T16:55:00Z\"]" },
	{ "reminders", "[\"-PT15M\",\"-pt15m\",\"-P0DT15M\"]", "[\"-PT15M\"]" },
	{ "reminders", "[\"P1D\",\"P1DT1H\",\"-P1D\"]", "[\"P1D\",\"P1DT1H\",\"-P1D\"]" },
	{ "reminders", "[\"-P36525D\"]", "[\"-P36525D\"]" },
	{ "reminders", "[\"-P36525DT1S\"]", "!must have durations of at most 100 years" },
	{ "reminders", "[\"P999999999W\"]", "!must have durations of at most 100 years" },
	{ "reminders", "[\"P1000000000D\"]", "!" WORDS },
	{ "reminders", "[\"-P1M\"]", "!must have no years and months" },
	{ "reminders", "[\"P1Y\"]", "!must have no years and months" },
	{ "reminders", "[\"P1DT1M\",\"P1M1D\"]", "!must have no years and months" },
	{ "reminders", "[\"\"]", "!" WORDS },
	{ "reminders", "[\"P\"]", "!" WORDS },
	{ "reminders", "[\"PT\"]", "!" WORDS },
	{ "reminders", "[\"P1DT\"]", "!" WORDS },
	{ "reminders", "[\"-\"]", "!" WORDS },
	{ "reminders", "[\"P1\"]", "!" WORDS },
	{ "reminders", "[\"P-1D\"]", "!" WORDS },
	{ "reminders", "[\"P1H\"]", "!" WORDS },
	{ "reminders", "[\"PT1D\"]", "!" WORDS },
	{ "reminders", "[\"PT1M1H\"]", "!" WORDS },
	{ "reminders", "[\"PT1M1M\"]", "!" WORDS },
	{ "reminders", "[\"P1D1W\"]", "!" WORDS },
	{ "reminders", "[\"PT1H \"]", "!" WORDS },
	{ "reminders", "[\"PT0.5H\"]", "!" WORDS },
	{ "reminders", "[\"--PT1H\"]", "!" WORDS },
	{ "reminders", "[\"15 minutes before\"]", "!" WORDS },
	{ "reminders", "[\"2026-11-22\"]", "!" WORDS },
	{ "reminders", "[\"2026-11-22T16:55:00\"]", "!" WORDS },
	{ "reminders", "[\"2026-02-30T16:55:00Z\"]", "!" WORDS },
	{ "reminders", "[\"PT1S\",\"PT2S\",\"PT3S\",\"PT4S\",\"PT5S\",\"PT6S\",\"PT7S\",\"PT8S\",\"PT8S\"]",
		"[\"PT1S\",\"PT2S\",\"PT3S\",\"PT4S\",\"PT5S\",\"PT6S\",\"PT7S\",\"PT8S\"]" },
	{ "reminders", "[\"PT1S\",\"PT2S\",\"PT3S\",\"PT4S\",\"PT5S\",\"PT6S\",\"PT7S\",\"PT8S\",\"PT9S\"]",
		"!must have at most 8 reminders" },
	{ "reminders", "\"-PT15M\"", "!must be an array of strings" },
	{ "reminders", "[15]", "!must be an array of strings" },
	{ "reminders", "{}", "!must be an array of strings" },
};

START_TEST(json_is_read)
{
	const char *const *row = json_rows[_i];
	json_t *json = json_loads(row[1], JSON_DECODE_ANY, NULL);

	ck_assert_ptr_nonnull(json);
	expect(row[0], &(struct raw_value){ .json = json }, row[1], row[2]);
	json_decref(json);
}
END_TEST

static const char *const form_rows[][3] = {
	{ "repeat", "", NULL },
	{ "repeat", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;BYDAY=MO,TH" },
	{ "zone", "", "UTC" },
	{ "zone", "Europe/Berlin", "Europe/Berlin" },
	{ "zone", "Berlin", "!" ZONE_WORDS },
	{ "reminders", "", "[]" },
	{ "reminders", " ", "[]" },
	{ "reminders", "-PT15M", "[\"-PT15M\"]" },
	{ "reminders", " -PT15M , -P1D,2026-11-22T16:55:00Z", "[\"-PT15M\",\"-P1D\",\"2026-11-22T16:55:00Z\"]" },
	{ "reminders", "-PT15M,,-P1D", "!" WORDS },
	{ "reminders", "[]", "!" WORDS },
};

START_TEST(a_form_is_read)
{
	const char *const *row = form_rows[_i];

	expect(row[0], &(struct raw_value){ .text = text_of(row[1]) }, row[1], row[2]);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_loop_test(test_case, json_is_read, 0, CHECK_COUNT(json_rows));
	tcase_add_loop_test(test_case, a_form_is_read, 0, CHECK_COUNT(form_rows));
}

int main(void)
{
	return check_main("schedule", add_tests);
}
