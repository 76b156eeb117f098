/*
 * calendar/zone_table.h: TZif files made here and broken here. None may do harm, and what is read
 * has to be sound.
 */
#include "src/calendar/zone_table.h"

#include "base/buffer.h"
#include "check_main.h"
#include "src/calendar/zone_carried.h"

#define COUNT_AT(i) (20 + 4 * (i)) /* of the header's i-th number */
#define FAR (INT64_C(1) << 60)

enum { ISUT, ISSTD, LEAPS, TIMES, TYPES, CHARACTERS, COUNTS };

static void add_number(struct buffer *file, int64_t number, size_t bytes)
{
	for (size_t i = bytes; i > 0; i--)
		buffer_add(file, &(char){ (char)(i > 8 ? 0 : number >> 8 * (i - 1)) }, 1);
}

static void add_header(struct buffer *file, char version, const int64_t counts[COUNTS])
{
	buffer_add(file, "TZif", 4);
	buffer_add(file, &version, 1);
	add_number(file, 0, 15);
	for (size_t i = 0; i < COUNTS; i++)
		add_number(file, counts[i], 4);
}

/* UTC; then, from 100 on, one hour ahead and daylight saving time; from 200 on two behind. */
static void add_block(struct buffer *file, char version, size_t bytes)
{
	add_header(file, version, (int64_t[COUNTS]){ 0, 0, 0, 2, 3, 4 });
	add_number(file, 100, bytes);
	add_number(file, 200, bytes);
	buffer_add(file, "\1\2", 2);
	add_number(file, 0, 6);
	add_number(file, 3600, 4);
	buffer_add(file, "\1\0", 2);
	add_number(file, -7200, 4);
	buffer_add(file, "\0\0", 2);
	buffer_add(file, "ABC", 4);
}

static struct buffer file_of(char version, const char *footer)
{
	struct buffer file = { 0 };

	add_block(&file, version, 4);
	if (version == '\0')
		return file;
	add_block(&file, version, 8);
	buffer_add_text(&file, text_of(footer));
	return file;
}

/* In memory that ends where the file does. */
static struct zone_table *read_exactly(const char *data, size_t length)
{
	char *bytes = malloc(length > 0 ? length : 1);
	struct zone_table *table;

	memcpy(bytes, data, length);
	table = zone_table_read((struct text){ bytes, length });
	free(bytes);
	return table;
}

static void check_span(
	const struct zone_table *table, int64_t at, int64_t begin, int64_t end, int32_t offset)
{
	struct zone_span span = zone_table_span(table, at);

	CHECK_THAT(span.begin == begin && span.end == end && span.offset == offset,
		"at %lld: from %lld to %lld: %d", (long long)at, (long long)span.begin,
		(long long)span.end, span.offset);
	ck_assert_int_eq(span.is_dst, offset == 3600);
}

START_TEST(each_version_is_read)
{
	static const char versions[] = { '\0', '2', '3', '4', '5' };

	for (size_t i = 0; i < CHECK_COUNT(versions); i++) {
		struct buffer file = file_of(versions[i], "\nUTC2\n");
		struct zone_table *table = read_exactly(file.data, file.length);

		ck_assert_ptr_nonnull(table);
		check_span(table, -FAR, INT64_MIN, 100, 0);
		check_span(table, 99, INT64_MIN, 100, 0);
		check_span(table, 100, 100, 200, 3600);
		check_span(table, 199, 100, 200, 3600);
		check_span(table, 200, 200, INT64_MAX, -7200);
		check_span(table, FAR, 200, INT64_MAX, -7200);
		zone_table_free(table);
		buffer_free(&file);
	}
}
END_TEST

START_TEST(the_footer_goes_on)
{
	struct buffer file = file_of('3', "\nAAA2BBB-1,J32,J60\n");
	struct zone_table *table = read_exactly(file.data, file.length);

	ck_assert_ptr_nonnull(table);
	check_span(table, 200, 200, 31 * 86400 + 4 * 3600, -7200);
	check_span(table, 40 * 86400, 31 * 86400 + 4 * 3600, 59 * 86400 + 3600, 3600);
	zone_table_free(table);
	buffer_free(&file);
	file = file_of('2', "\n\n");
	table = read_exactly(file.data, file.length);
	ck_assert_ptr_nonnull(table);
	check_span(table, 200, 200, INT64_MAX, -7200);
	zone_table_free(table);
	buffer_free(&file);
}
END_TEST

/* By the offset before the gap; the first of two. */
START_TEST(local_times_have_an_instant)
{
	static const int64_t rows[][2] = {
		{ 0, 0 }, { 99, 99 },
		{ 100, 7300 }, /* skipped at first, but the clock is set back behind it */
		{ 3699, 10899 }, { 3700, 100 },			  /* the first of two */
		{ 3799, 199 }, { 3800, 11000 }, { -7000, -7000 }, /* the first of two */
		{ 2682000 - 1, 2682000 - 1 + 7200 }, /* before the hours that daylight */
		{ 2682000, 2682000 + 7200 },	     /* saving time skips, */
		{ 2692799, 2692799 + 7200 },	     /* in them, */
		{ 2692800, 2692800 - 3600 },	     /* and behind them */
	};
	struct buffer file = file_of('2', "\nAAA2BBB-1,J32/1,J60\n");
	struct zone_table *table = read_exactly(file.data, file.length);

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		CHECK_THAT(zone_table_instant(table, rows[i][0]) == rows[i][1], "row %zu", i);
	zone_table_free(table);
	buffer_free(&file);
}
END_TEST

/* A pair of bytes of a file that are not those of a sound one. */
static void check_refused(struct buffer *file, size_t at, const char *bytes, size_t length)
{
	char before[16];

	memcpy(before, file->data + at, length);
	memcpy(file->data + at, bytes, length);
	CHECK_THAT(read_exactly(file->data, file->length) == NULL, "at %zu", at);
	memcpy(file->data + at, before, length);
}

START_TEST(senseless_numbers_are_refused)
{
	struct buffer file = file_of('2', "\nUTC2\n");
	size_t second = file.length - strlen("\nUTC2\n") - (44 + 18 + 18 + 4);
	size_t times = second + 44, types = times + 18;

	ck_assert_mem_eq(file.data + second, "TZif2", 5);
	check_refused(&file, 0, "TZiF", 4);
	check_refused(&file, second, "TZiF", 4);
	for (size_t i = 0; i < COUNTS; i++) {
		check_refused(&file, COUNT_AT(i), "\xff\xff\xff\xff", 4);
		check_refused(&file, second + COUNT_AT(i), "\xff\xff\xff\xff", 4);
		check_refused(&file, second + COUNT_AT(i), "\x7f\xff\xff\xff", 4);
		check_refused(&file, second + COUNT_AT(i), "\0\0\0\1", 4);
	}
	check_refused(&file, second + COUNT_AT(TYPES), "\0\0\0\0", 4);
	check_refused(&file, second + COUNT_AT(CHARACTERS), "\0\0\0\0", 4);
	check_refused(&file, times + 7, "\xc8", 1);	    /* the same time twice */
	check_refused(&file, times + 7, "\xc9", 1);	    /* not ascending */
	check_refused(&file, times + 16, "\3", 1);	    /* no such type */
	check_refused(&file, types, "\x7f\xff\xff\xff", 4); /* offsets of 68 years, */
	check_refused(&file, types, "\x80\0\0\0", 4);
	check_refused(&file, types, "\0\1\x6d\xa0", 4);	    /* of 26 h */
	check_refused(&file, types, "\xff\xfe\xa0\x70", 4); /* and of -25 h */
	check_refused(&file, types + 4, "\2", 1);	    /* neither daylight saving nor not */
	check_refused(&file, types + 5, "\4", 1);	    /* a name behind all names */
	check_refused(&file, file.length - 1, " ", 1);
	check_refused(&file, file.length - 2, "x", 1);
	check_refused(&file, file.length - 6, " ", 1);
	buffer_free(&file);
}
END_TEST

/* Seconds that leap would move each instant by what leapt before. */
START_TEST(leap_seconds_are_refused)
{
	static const char versions[] = { '\0', '2', '4' };

	for (size_t i = 0; i < CHECK_COUNT(versions); i++) {
		size_t bytes = versions[i] == '\0' ? 4 : 8;
		struct buffer file = { 0 };

		for (int64_t leaps = 0; leaps <= 1; leaps++) {
			if (versions[i] != '\0')
				add_block(&file, versions[i], 4);
			add_header(&file, versions[i], (int64_t[COUNTS]){ 0, 0, leaps, 0, 1, 4 });
			add_number(&file, 0, 6);
			buffer_add(&file, "UTC", 4);
			if (leaps > 0)
				add_number(&file, 78796800, bytes);
			if (leaps > 0)
				add_number(&file, 1, 4);
			buffer_add(&file, "\nUTC0\n", 6);
			struct zone_table *table = read_exactly(file.data, file.length);
			ck_assert_int_eq(table != NULL, leaps == 0);
			zone_table_free(table);
			buffer_free(&file);
		}
	}
}
END_TEST

static struct text carried_file(const char *name)
{
	for (size_t i = 0; i < zones_carried_count; i++) {
		if (strcmp(zones_carried[i].name, name) == 0)
			return (struct text){ (const char *)zones_carried[i].tzif,
				zones_carried[i].length };
	}
	ck_abort_msg("%s", name);
}

START_TEST(a_file_that_was_cut_is_refused)
{
	struct text whole = carried_file("Europe/Berlin");
	struct zone_table *table;

	for (size_t length = 0; length < whole.length; length++)
		CHECK_THAT(read_exactly(whole.data, length) == NULL, "%zu", length);
	table = read_exactly(whole.data, whole.length);
	ck_assert_ptr_nonnull(table);
	zone_table_free(table);
}
END_TEST

/* One span follows the other, each local time has its instant, and it ends. */
static void walk(const struct zone_table *table)
{
	struct zone_span span = zone_table_span(table, -FAR);

	for (int spans = 0; span.end < INT64_C(1) << 40; spans++) {
		struct zone_span next = zone_table_span(table, span.end);

		CHECK_THAT(next.begin == span.end && next.end > next.begin && spans < 100000,
			"%d: from %lld to %lld", spans, (long long)next.begin, (long long)next.end);
		CHECK_THAT(next.offset >= -93600 && next.offset <= 93600, "%d", next.offset);
		if (next.begin > -(INT64_C(1) << 40))
			zone_table_instant(table, next.begin + span.offset);
		span = next;
	}
}

START_TEST(a_file_with_a_wrong_byte_does_no_harm)
{
	static const unsigned char wrong[] = { 0x00, 0x01, 0x7f, 0x80, 0xff, '\n', '9' };
	struct text whole = carried_file("Africa/Casablanca");
	char *bytes = memcpy(malloc(whole.length), whole.data, whole.length);
	size_t sound = 0, refused = 0;

	for (size_t at = 0; at < whole.length; at++) {
		for (size_t i = 0; i < CHECK_COUNT(wrong); i++) {
			bytes[at] = (char)wrong[i];
			struct zone_table *table = read_exactly(bytes, whole.length);
			if (table != NULL)
				walk(table);
			sound += table != NULL;
			refused += table == NULL;
			zone_table_free(table);
		}
		bytes[at] = whole.data[at];
	}
	ck_assert_uint_gt(sound, 1000);
	ck_assert_uint_gt(refused, 1000);
	free(bytes);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, each_version_is_read);
	tcase_add_test(test_case, the_footer_goes_on);
	tcase_add_test(test_case, local_times_have_an_instant);
	tcase_add_test(test_case, senseless_numbers_are_refused);
	tcase_add_test(test_case, leap_seconds_are_refused);
	tcase_add_test(test_case, a_file_that_was_cut_is_refused);
	tcase_add_test(test_case, a_file_with_a_wrong_byte_does_no_harm);
}

int main(void)
{
	return check_main("zone_table", add_tests);
}
