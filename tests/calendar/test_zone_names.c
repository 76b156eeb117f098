/*
 * calendar/zone.h: which names are known, and whether the system's zones count or those that the
 * program carries. Each test is a process of its own, in which TZDIR names a folder of the test's.
 */
#include "calendar/zone.h"

#include "check_main.h"
#include "src/calendar/zone_carried.h"
#include "src/calendar/zone_table.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#define SYSTEM "/usr/share/zoneinfo"
#define SUMMER INT64_C(1782900000) /* 2026-07-01T10:00:00Z */
#define CARRIED_MOST ((size_t)400 << 10)

static char folder[] = "/tmp/test_zone_names_XXXXXX";

static void write_file(const char *name, const void *bytes, size_t length)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	for (char *at = path + strlen(folder) + 1; (at = strchr(at, '/')) != NULL; *at++ = '/') {
		*at = '\0';
		mkdir(path, 0700);
	}
	file = fopen(path, "wb");
	CHECK_THAT(file != NULL && fwrite(bytes, 1, length, file) == length, "%s", path);
	fclose(file);
}

static const struct zone_carried *carried_called(const char *name)
{
	for (size_t i = 0; i < zones_carried_count; i++) {
		if (strcmp(zones_carried[i].name, name) == 0)
			return &zones_carried[i];
	}
	ck_abort_msg("%s", name);
}

/* A file of that name that has the zone of another name. */
static void write_zone(const char *name, const char *zone)
{
	const struct zone_carried *carried = carried_called(zone);

	write_file(name, carried->tzif, carried->length);
}

static void write_version(const char *line)
{
	write_file("tzdata.zi", line, strlen(line));
}

static void make_folder(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	setenv("TZDIR", folder, 1);
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *at)
{
	(void)about, (void)type, (void)at;
	return remove(path);
}

static void remove_folder(void)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void check_offset(const char *name, int hours)
{
	const struct zone *zone = zone_find(text_of(name));

	CHECK_THAT(zone != NULL, "%s is not known", name);
	CHECK_THAT(zone_span(zone, SUMMER).offset == hours * 3600, "%s: %d", name,
		zone_span(zone, SUMMER).offset);
}

START_TEST(names_are_known_in_any_case)
{
	static const char *const rows[][2] = {
		{ "Europe/Berlin", "Europe/Berlin" },
		{ "europe/berlin", "Europe/Berlin" },
		{ "EUROPE/BERLIN", "Europe/Berlin" },
		{ "america/port-au-prince", "America/Port-au-Prince" },
		{ "Asia/Calcutta", "Asia/Calcutta" }, /* a link has its own name */
		{ "america/argentina/comodrivadavia", "America/Argentina/ComodRivadavia" },
		{ "etc/gmt+5", "Etc/GMT+5" },
		{ "utc", "UTC" },
		{ "us/eastern", "US/Eastern" },
		{ "est5edt", "EST5EDT" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		const struct zone *zone = zone_find(text_of(rows[i][0]));

		CHECK_THAT(zone != NULL, "%s", rows[i][0]);
		ck_assert_str_eq(zone_name(zone), rows[i][1]);
		ck_assert_ptr_eq(zone, zone_find(text_of(rows[i][1])));
	}
	for (size_t i = 0; i < zones_carried_count; i++) {
		const struct zone *zone = zone_find(text_of(zones_carried[i].name));

		CHECK_THAT(zone != NULL && strcmp(zone_name(zone), zones_carried[i].name) == 0,
			"%s", zones_carried[i].name);
	}
}
END_TEST

START_TEST(anything_else_is_not_known)
{
	static const char *const rows[] = { "", "/", "Europe", "Europe/", "/Europe/Berlin",
		"Europe//Berlin", "Europe/Berlin/", " Europe/Berlin", "Europe/Berlin ",
		"Europe/Berlin\n", "Europe/Berli", "Europe/Berlinn", "Berlin", "Europe\\Berlin",
		"Europe/../Europe/Berlin", "../zoneinfo/Europe/Berlin", "./Europe/Berlin", "..",
		"Europe/./Berlin", "/usr/share/zoneinfo/Europe/Berlin", ":Europe/Berlin",
		"posix/Europe/Berlin", "right/Europe/Berlin", "Right/Europe/Berlin", "posixrules",
		"localtime", "Factory", "factory", "tzdata.zi", "zone.tab", "leapseconds",
		"leap-seconds.list", "CET-1CEST", "CET-1CEST,M3.5.0,M10.5.0/3", "+01:00", "+01",
		"Z", "Europe/Z\xc3\xbcrich", "Mars/Olympus",
		"Europe/Berlin/Europe/Berlin/Europe/Berlin/Europe/Berlin/Europe/Berlin",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		CHECK_THAT(zone_find(text_of(rows[i])) == NULL, "%s", rows[i]);
	ck_assert_ptr_null(zone_find((struct text){ "UTC\0UTC", 7 }));
	ck_assert_ptr_null(zone_find((struct text){ "UTC\0", 4 }));
	ck_assert_ptr_null(zone_find((struct text){ NULL, 0 }));
	ck_assert_ptr_nonnull(zone_find((struct text){ "UTCxyz", 3 }));
}
END_TEST

START_TEST(a_machine_without_zones_has_those_carried)
{
	setenv("TZDIR", "/nonexistent", 1);
	for (size_t i = 0; i < zones_carried_count; i++)
		CHECK_THAT(zone_find(text_of(zones_carried[i].name)) != NULL, "%s",
			zones_carried[i].name);
	check_offset("Europe/Berlin", 2);
	check_offset("America/New_York", -4);
	ck_assert_ptr_null(zone_find(TEXT("Mars/Olympus")));
}
END_TEST

/* Until an update says otherwise: a zone that changed, and one that is new. */
static void check_newer(void)
{
	write_zone("Europe/Berlin", "Asia/Tokyo");
	write_zone("Mars/Olympus", "Etc/GMT+7");
	write_zone("Mars/Deep/Valley", "Etc/GMT+8");
	check_offset("Europe/Berlin", 9);
	check_offset("europe/berlin", 9);
	check_offset("Europe/Paris", 2); /* carried: the system has no such file */
	check_offset("Mars/Olympus", -7);
	check_offset("Mars/Deep/Valley", -8);
	check_offset("Mars/Olympus", -7);
	ck_assert_ptr_eq(zone_find(TEXT("Mars/Olympus")), zone_find(TEXT("Mars/Olympus")));
	ck_assert_ptr_null(zone_find(TEXT("mars/olympus")));
	ck_assert_ptr_null(zone_find(TEXT("Mars")));
}

START_TEST(a_newer_system_counts)
{
	make_folder();
	write_version("# version 9999a\n# This zic input file is in the public domain.\n");
	check_newer();
	remove_folder();
}
END_TEST

START_TEST(a_system_without_a_version_counts)
{
	make_folder();
	check_newer();
	remove_folder();
}
END_TEST

START_TEST(a_system_of_the_same_version_counts)
{
	char line[64];

	make_folder();
	snprintf(line, sizeof(line), "# version %s\n", zones_carried_version);
	write_version(line);
	check_newer();
	remove_folder();
}
END_TEST

START_TEST(an_older_system_does_not_count)
{
	make_folder();
	write_version("# version 2019c\n");
	write_zone("Europe/Berlin", "Asia/Tokyo");
	write_zone("Mars/Olympus", "Etc/GMT+7");
	check_offset("Europe/Berlin", 2);
	ck_assert_ptr_null(zone_find(TEXT("Mars/Olympus")));
	remove_folder();
}
END_TEST

START_TEST(broken_files_do_not_count)
{
	const struct zone_carried *tokyo = carried_called("Asia/Tokyo");
	char *large = calloc(1, (size_t)1 << 20);

	make_folder();
	write_file("Europe/Berlin", tokyo->tzif, tokyo->length - 1);
	write_file("Europe/Paris", "", 0);
	write_file("Europe/Rome/a", "", 0); /* a folder in its place */
	memcpy(large, tokyo->tzif, tokyo->length - 1);
	write_file("Europe/Madrid", large, (size_t)1 << 20);
	write_file("Mars/Olympus", tokyo->tzif, tokyo->length - 1);
	write_file("Mars/Text", "Europe/Berlin", 13);
	check_offset("Europe/Berlin", 2);
	check_offset("Europe/Paris", 2);
	check_offset("Europe/Rome", 2);
	check_offset("Europe/Madrid", 2);
	ck_assert_ptr_null(zone_find(TEXT("Mars/Olympus")));
	ck_assert_ptr_null(zone_find(TEXT("Mars/Text")));
	free(large);
	remove_folder();
}
END_TEST

START_TEST(files_of_the_machine_are_no_zones)
{
	static const char *const names[] = { "localtime", "posixrules", "Factory",
		"posix/Europe/Berlin", "right/Europe/Berlin", "Zone.tab" };

	make_folder();
	for (size_t i = 0; i < CHECK_COUNT(names); i++) {
		write_zone(names[i], "Asia/Tokyo");
		CHECK_THAT(zone_find(text_of(names[i])) == NULL, "%s", names[i]);
	}
	remove_folder();
}
END_TEST

START_TEST(zones_of_the_system_alone_are_bounded)
{
	char name[32];
	size_t known = 0;

	make_folder();
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "Mars/%d", i);
		write_zone(name, "UTC");
		known += zone_find(text_of(name)) != NULL;
	}
	ck_assert_uint_eq(known, 256);
	ck_assert_ptr_nonnull(zone_find(TEXT("Mars/0")));
	remove_folder();
}
END_TEST

START_TEST(what_is_carried_is_small)
{
	size_t bytes = zones_carried_count * sizeof(*zones_carried);

	for (size_t i = 0; i < zones_carried_count; i++) {
		size_t same = 0;

		while (zones_carried[same].tzif != zones_carried[i].tzif)
			same++;
		bytes += strlen(zones_carried[i].name) + 1;
		bytes += same == i ? zones_carried[i].length : 0;
	}
	ck_assert_uint_lt(bytes, CARRIED_MOST);
	ck_assert_uint_gt(zones_carried_count, 550);
	ck_assert_uint_gt(bytes, 100 * zones_carried_count);
}
END_TEST

static struct zone_table *read_system(const char *path)
{
	static char bytes[65536];
	FILE *file = fopen(path, "rb");
	size_t length;

	CHECK_THAT(file != NULL, "%s", path);
	length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return zone_table_read((struct text){ bytes, length });
}

/* The same offsets at every change of either. */
static void check_same(const char *name, const struct zone_table *a, const struct zone_table *b)
{
	int64_t at = -(INT64_C(1) << 40);

	while (at < INT64_C(1) << 34) { /* some centuries on */
		struct zone_span one = zone_table_span(a, at), other = zone_table_span(b, at);

		CHECK_THAT(one.offset == other.offset && one.is_dst == other.is_dst,
			"%s at %lld: %d and %d", name, (long long)at, one.offset, other.offset);
		at = one.end < other.end ? one.end : other.end;
	}
}

static size_t system_zones;

/* Each file of the system is carried, or a name that is not to be known. */
static int check_file(const char *path, const struct stat *about, int type, struct FTW *at)
{
	const char *name = path + strlen(SYSTEM) + 1;
	struct zone_table *table;

	(void)about;
	if (type == FTW_D && at->level == 1 &&
		(strcmp(name, "posix") == 0 || strcmp(name, "right") == 0))
		return FTW_SKIP_SUBTREE;
	if (type != FTW_F || strcmp(name, "localtime") == 0 || strcmp(name, "posixrules") == 0 ||
		strcmp(name, "Factory") == 0)
		return FTW_CONTINUE;
	table = read_system(path);
	if (table == NULL) {
		CHECK_THAT(zone_find(text_of(name)) == NULL, "%s", name);
		return FTW_CONTINUE;
	}
	const struct zone_carried *carried = carried_called(name);
	struct zone_table *own =
		zone_table_read((struct text){ (const char *)carried->tzif, carried->length });
	check_same(name, own, table);
	zone_table_free(own);
	zone_table_free(table);
	system_zones++;
	return FTW_CONTINUE;
}

START_TEST(what_is_carried_is_what_the_system_has)
{
	ck_assert_int_eq(nftw(SYSTEM, check_file, 8, FTW_ACTIONRETVAL), 0);
	ck_assert_uint_eq(system_zones, zones_carried_count);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, names_are_known_in_any_case);
	tcase_add_test(test_case, anything_else_is_not_known);
	tcase_add_test(test_case, a_machine_without_zones_has_those_carried);
	tcase_add_test(test_case, a_newer_system_counts);
	tcase_add_test(test_case, a_system_without_a_version_counts);
	tcase_add_test(test_case, a_system_of_the_same_version_counts);
	tcase_add_test(test_case, an_older_system_does_not_count);
	tcase_add_test(test_case, broken_files_do_not_count);
	tcase_add_test(test_case, files_of_the_machine_are_no_zones);
	tcase_add_test(test_case, zones_of_the_system_alone_are_bounded);
	tcase_add_test(test_case, what_is_carried_is_small);
	tcase_add_test(test_case, what_is_carried_is_what_the_system_has);
}

int main(void)
{
	return check_main("zone_names", add_tests);
}
