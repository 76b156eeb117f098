/*
 * A file is a header and a block with times of 32 bits. From version 2 on the same follows with
 * times of 64 bits, and a footer with the rule; then the first block does not matter. Any thread.
 */
#include "zone_table.h"

#include "base/memory.h"
#include "zone_rule.h"

#define HEADER_LENGTH 44
#define TYPE_LENGTH 6
#define OFFSET_LEAST (-89999) /* RFC 9636, 3.2: above -25 h and below 26 h */
#define OFFSET_MOST 93599

struct zone_type {
	int32_t offset;
	bool is_dst;
};

struct zone_table {
	size_t count;		     /* of the changes */
	int64_t *at;		     /* the instants of the changes, ascending */
	unsigned char *type;	     /* what each of them changes to: an index of types */
	struct zone_type types[256]; /* the first one holds before all changes */
	bool has_rule;
	struct zone_rule rule; /* from the last change on */
};

/* The numbers of the elements of a block, in the order of the header. */
struct tzif_header {
	uint64_t isut, isstd, leaps, times, types, characters;
};

/* Take a big-endian number of so many bytes from the front; false where there are fewer. */
static bool tzif_take_number(struct text *rest, size_t bytes, uint64_t *number)
{
	if (rest->length < bytes)
		return false;
	*number = 0;
	for (size_t i = 0; i < bytes; i++)
		*number = *number << 8 | (unsigned char)rest->data[i];
	*rest = text_after(*rest, bytes);
	return true;
}

static bool tzif_take_header(struct text *rest, struct tzif_header *header, char *version)
{
	uint64_t *counts[] = { &header->isut, &header->isstd, &header->leaps, &header->times,
		&header->types, &header->characters };

	if (rest->length < HEADER_LENGTH || memcmp(rest->data, "TZif", 4) != 0)
		return false;
	*version = rest->data[4];
	*rest = text_after(*rest, HEADER_LENGTH - 6 * 4);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		tzif_take_number(rest, 4, counts[i]);
	return true;
}

/* No sum of six numbers of 32 bits, each times a few bytes, is too much for 64. */
static uint64_t tzif_block_length(const struct tzif_header *header, size_t time_bytes)
{
	return header->times * (time_bytes + 1) + header->types * TYPE_LENGTH + header->characters +
	       header->leaps * (time_bytes + 4) + header->isstd + header->isut;
}

static bool tzif_header_is_valid(const struct tzif_header *header)
{
	return header->types >= 1 && header->types <= 256 && header->characters >= 1 &&
	       (header->isut == 0 || header->isut == header->types) &&
	       (header->isstd == 0 || header->isstd == header->types) && header->leaps == 0;
}

static int64_t tzif_time(uint64_t number, size_t bytes)
{
	return bytes == 4 ? (int32_t)(uint32_t)number : (int64_t)number;
}

static bool table_take_times(
	struct zone_table *table, struct text *rest, const struct tzif_header *header, size_t bytes)
{
	uint64_t number;

	table->count = header->times;
	table->at = memory_allocate(table->count * sizeof(*table->at));
	table->type = memory_allocate(table->count);
	for (size_t i = 0; i < table->count; i++) {
		if (!tzif_take_number(rest, bytes, &number))
			return false;
		table->at[i] = tzif_time(number, bytes);
		if (i > 0 && table->at[i] <= table->at[i - 1])
			return false;
	}
	for (size_t i = 0; i < table->count; i++) {
		if (!tzif_take_number(rest, 1, &number) || number >= header->types)
			return false;
		table->type[i] = (unsigned char)number;
	}
	return true;
}

static bool table_take_types(
	struct zone_table *table, struct text *rest, const struct tzif_header *header)
{
	uint64_t offset, is_dst, designation;

	for (size_t i = 0; i < header->types; i++) {
		if (!tzif_take_number(rest, 4, &offset) || !tzif_take_number(rest, 1, &is_dst) ||
			!tzif_take_number(rest, 1, &designation))
			return false;
		table->types[i].offset = (int32_t)(uint32_t)offset;
		table->types[i].is_dst = is_dst == 1;
		if (table->types[i].offset < OFFSET_LEAST || table->types[i].offset > OFFSET_MOST ||
			is_dst > 1 || designation >= header->characters)
			return false;
	}
	return true;
}

/* The rule between two line feeds, or nothing between them. */
static bool table_take_footer(struct zone_table *table, struct text rest)
{
	const char *end;

	if (rest.length < 2 || *rest.data != '\n')
		return false;
	rest = text_after(rest, 1);
	end = memchr(rest.data, '\n', rest.length);
	if (end == NULL)
		return false;
	rest.length = (size_t)(end - rest.data);
	table->has_rule = rest.length > 0;
	return !table->has_rule || zone_rule_read(rest, &table->rule);
}

static bool table_take(struct zone_table *table, struct text rest)
{
	struct tzif_header header;
	size_t bytes = 4;
	uint64_t length;
	char version;

	if (!tzif_take_header(&rest, &header, &version))
		return false;
	if (version != '\0') {
		bytes = 8;
		length = tzif_block_length(&header, 4);
		if (length > rest.length)
			return false;
		rest = text_after(rest, length);
		if (!tzif_take_header(&rest, &header, &version))
			return false;
	}
	length = tzif_block_length(&header, bytes);
	if (!tzif_header_is_valid(&header) || length > rest.length)
		return false;
	struct text footer = text_after(rest, length);
	return table_take_times(table, &rest, &header, bytes) &&
	       table_take_types(table, &rest, &header) &&
	       (bytes == 4 || table_take_footer(table, footer));
}

struct zone_table *zone_table_read(struct text tzif)
{
	struct zone_table *table = memory_zeroed(sizeof(*table));

	if (table_take(table, tzif))
		return table;
	zone_table_free(table);
	return NULL;
}

void zone_table_free(struct zone_table *table)
{
	if (table == NULL)
		return;
	free(table->at);
	free(table->type);
	free(table);
}

/* How many changes there are up to an instant. */
static size_t table_changes(const struct zone_table *table, int64_t instant)
{
	size_t least = 0, most = table->count;

	while (least < most) {
		size_t middle = least + (most - least) / 2;

		if (table->at[middle] <= instant)
			least = middle + 1;
		else
			most = middle;
	}
	return least;
}

struct zone_span zone_table_span(const struct zone_table *table, int64_t instant)
{
	size_t changes = table_changes(table, instant);
	int64_t begin = changes > 0 ? table->at[changes - 1] : INT64_MIN;

	if (changes == table->count && table->has_rule) {
		struct zone_span span = zone_rule_span(&table->rule, instant);

		if (span.begin < begin)
			span.begin = begin;
		return span;
	}
	const struct zone_type *type = &table->types[changes > 0 ? table->type[changes - 1] : 0];
	return (struct zone_span){ begin, changes < table->count ? table->at[changes] : INT64_MAX,
		type->offset, type->is_dst };
}

/*
 * Each span shows the times from its begin to its end; a time may lie between those of two spans in
 * a row. No offset is above OFFSET_MOST or below OFFSET_LEAST, so that the time is not shown before
 * the first span or after the last one that is looked at.
 */
int64_t zone_table_instant(const struct zone_table *table, int64_t local)
{
	struct zone_span span = zone_table_span(table, local - OFFSET_MOST);
	int64_t instant = local - span.offset, skipped = INT64_MIN;

	while (instant < span.begin || instant >= span.end) {
		int32_t before = span.offset;

		if (span.end > local - OFFSET_LEAST)
			return skipped;
		span = zone_table_span(table, span.end);
		instant = local - span.offset;
		if (instant < span.begin && skipped == INT64_MIN)
			skipped = local - before;
	}
	return instant;
}
