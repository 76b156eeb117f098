/*
 * Any bytes as a TZif file (src/calendar/zone_table.h); as the rule at its end, a zone's name and
 * an alias where they are none. What is read is sound: one span follows the other without a gap,
 * and the instant of a local time shows it, unless no instant does.
 */
#include "src/calendar/zone_rule.h"
#include "src/calendar/zone_table.h"

#include "calendar/zone_alias.h"
#include "support/fuzz.h"

#define FAR (INT64_C(1) << 59)
#define SPANS_MOST 2000 /* that are looked at */

typedef struct zone_span span_at(const void *source, int64_t instant);

static struct zone_span table_span(const void *table, int64_t instant)
{
	return zone_table_span(table, instant);
}

static struct zone_span rule_span(const void *rule, int64_t instant)
{
	return zone_rule_span(rule, instant);
}

static void check_spans(span_at *span_of, const void *source, int64_t instant)
{
	struct zone_span span = span_of(source, instant), next;

	CHECK_THAT(span.begin <= instant && instant < span.end, "not in its span");
	for (int i = 0; i < SPANS_MOST && span.end < FAR; i++) {
		next = span_of(source, span.end);
		CHECK_THAT(next.begin == span.end && next.begin < next.end, "a gap");
		CHECK_THAT(next.offset > -25 * 3600 && next.offset < 26 * 3600, "%d", next.offset);
		span = next;
	}
}

static bool shows(const struct zone_table *table, int64_t instant, int64_t local)
{
	return instant + zone_table_span(table, instant).offset == local;
}

/* The first span that shows a local time has its instant; where no span does, neither has that. */
static void check_local(const struct zone_table *table, int64_t local)
{
	int64_t instant = zone_table_instant(table, local);
	bool shown = shows(table, instant, local);
	struct zone_span span = zone_table_span(table, local - 26 * 3600);

	for (;;) {
		int64_t candidate = local - span.offset;

		if (candidate >= span.begin && candidate < span.end) {
			CHECK_THAT(shown && candidate == instant, "not the first: %lld, %lld",
				(long long)candidate, (long long)instant);
			return;
		}
		if (span.end > local + 25 * 3600)
			break;
		span = zone_table_span(table, span.end);
	}
	CHECK_THAT(!shown, "%lld", (long long)local);
}

static void check_table(const struct zone_table *table)
{
	struct zone_span span = zone_table_span(table, -FAR);

	check_spans(table_span, table, -FAR);
	check_spans(table_span, table, 0);
	check_local(table, 0);
	check_local(table, FAR);
	check_local(table, -FAR);
	for (int i = 0; i < SPANS_MOST && span.end < FAR; i++) {
		struct zone_span next = zone_table_span(table, span.end);
		int32_t least = span.offset < next.offset ? span.offset : next.offset;
		int32_t most = span.offset < next.offset ? next.offset : span.offset;

		if (next.begin > -FAR) {
			check_local(table, next.begin + least);
			check_local(table, next.begin + (least + most) / 2);
			check_local(table, next.begin + most);
		}
		span = next;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size);
	struct zone_table *table = zone_table_read(text);
	const struct zone *zone;
	struct zone_rule rule;

	if (table != NULL)
		check_table(table);
	zone_table_free(table);
	if (zone_rule_read(text, &rule)) {
		check_spans(rule_span, &rule, -FAR);
		check_spans(rule_span, &rule, FAR);
		check_spans(rule_span, &rule, 0);
	}
	zone = zone_find(text);
	CHECK_THAT(zone == NULL || text_equal_nocase(text, text_of(zone_name(zone))), "its name");
	if (fuzz_is_text(text)) {
		const struct zone *alias = zone_of_alias(text);

		CHECK_THAT(zone == NULL || alias == zone, "%s", zone_name(zone));
	}
	return 0;
}
