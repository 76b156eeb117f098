/*
 * calendar/zone_alias.h: the names that files have for zones.
 */
#include "calendar/zone_alias.h"

#include "check_main.h"

static void check_alias(const char *alias, const char *name)
{
	const struct zone *zone = zone_of_alias(text_of(alias));

	CHECK_THAT((zone != NULL) == (name != NULL), "%s", alias);
	if (name != NULL)
		ck_assert_str_eq(zone_name(zone), name);
}

START_TEST(names_of_files)
{
	static const char *const rows[][2] = {
		{ "Europe/London", "Europe/London" },
		{ "america/new_york", "America/New_York" },
		{ " Europe/London\t", "Europe/London" },
		{ "UTC", "UTC" },
		/* behind a vendor's prefix */
		{ "/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin" },
		{ "/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin" },
		{ "/softwarestudio.org/Olson_20011030_5/America/New_York", "America/New_York" },
		{ "/mozilla.org/20050126_1/America/Argentina/Buenos_Aires",
			"America/Argentina/Buenos_Aires" },
		{ "/citadel.org/20210210_1/Asia/Tokyo", "Asia/Tokyo" },
		{ "/freeassociation.sourceforge.net/UTC", "UTC" },
		/* Windows */
		{ "W. Europe Standard Time", "Europe/Berlin" },
		{ "w. europe standard time", "Europe/Berlin" },
		{ "W. Europe Daylight Time", "Europe/Berlin" },
		{ "W. Europe", "Europe/Berlin" },
		{ "Pacific Standard Time", "America/Los_Angeles" },
		{ "Pacific Daylight Time", "America/Los_Angeles" },
		{ "Pacific Standard Time (Mexico)", "America/Tijuana" },
		{ "Central Standard Time", "America/Chicago" },
		{ "GMT Standard Time", "Europe/London" },
		{ "Greenwich Standard Time", "Atlantic/Reykjavik" },
		{ "India Standard Time", "Asia/Calcutta" },
		{ "Tokyo Standard Time", "Asia/Tokyo" },
		{ "Central Asia Standard Time", "Asia/Bishkek" },
		{ "Russia Time Zone 11", "Asia/Kamchatka" },
		{ "Line Islands Standard Time", "Pacific/Kiritimati" },
		{ "Dateline Standard Time", "Etc/GMT+12" },
		{ "UTC-02", "Etc/GMT+2" },
		{ "UTC+13", "Etc/GMT-13" },
		{ "Mexico Standard Time 2", "America/Mazatlan" },
		/* what Windows displays */
		{ "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin" },
		{ "(GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin" },
		{ "Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin" },
		{ "(UTC) Coordinated Universal Time", "Etc/UTC" },
		{ "(UTC-05:00) Eastern Time (US & Canada)", "America/New_York" },
		{ "Eastern Time (US & Canada)", "America/New_York" },
		{ "(GMT-08:00) Pacific Time (US & Canada); Tijuana", "America/Los_Angeles" },
		{ "(UTC+13:00) Nuku'alofa", "Pacific/Tongatapu" },
		{ "Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London", "Europe/London" },
		{ "tzone://Microsoft/Utc", "Etc/UTC" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_alias(rows[i][0], rows[i][1]);
}
END_TEST

START_TEST(names_that_mean_nothing)
{
	static const char *const rows[] = { "", " ", "/", "//", "(", ")", "()", "(UTC+01:00)",
		"(UTC+01:00) ", "(UTC+01:00", "(UTC+01:00) Atlantis", "Standard Time",
		" Standard Time", "Atlantis Standard Time", "W. Europe Standard", "Europe/London/",
		"/Europe/London/", "/a/../London", "Customized Time Zone",
		"tzone://Microsoft/Custom", "GMT -0500 (Standard) / GMT -0400 (Daylight)",
		"right/localtime", "x/posixrules", "W. Europe Standard Time Standard Time",
		"Mitteleurop\xc3\xa4ische Zeit" };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_alias(rows[i], NULL);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, names_of_files);
	tcase_add_test(test_case, names_that_mean_nothing);
}

int main(void)
{
	return check_main("zone_alias", add_tests);
}
