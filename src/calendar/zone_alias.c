/*
 * The names of Windows, and the forms around a name that calendar files have. Any thread.
 */
#include "calendar/zone_alias.h"

/* clang-format off */

/*
 * Each zone of Windows, the zone that CLDR maps it to (supplemental/windowsZones.xml of 2025,
 * territory 001), and what Windows displays behind the offset.
 */
static const struct {
	const char *name, *zone, *display;
} windows_zones[] = {
	{ "Dateline Standard Time", "Etc/GMT+12", "International Date Line West" },
	{ "UTC-11", "Etc/GMT+11", "Coordinated Universal Time-11" },
	{ "Aleutian Standard Time", "America/Adak", "Aleutian Islands" },
	{ "Hawaiian Standard Time", "Pacific/Honolulu", "Hawaii" },
	{ "Marquesas Standard Time", "Pacific/Marquesas", "Marquesas Islands" },
	{ "Alaskan Standard Time", "America/Anchorage", "Alaska" },
	{ "UTC-09", "Etc/GMT+9", "Coordinated Universal Time-09" },
	{ "Pacific Standard Time (Mexico)", "America/Tijuana", "Baja California" },
	{ "UTC-08", "Etc/GMT+8", "Coordinated Universal Time-08" },
	{ "Pacific Standard Time", "America/Los_Angeles", "Pacific Time (US & Canada)" },
	{ "US Mountain Standard Time", "America/Phoenix", "Arizona" },
	{ "Mountain Standard Time (Mexico)", "America/Mazatlan", "La Paz, Mazatlan" },
	{ "Mountain Standard Time", "America/Denver", "Mountain Time (US & Canada)" },
	{ "Yukon Standard Time", "America/Whitehorse", "Yukon" },
	{ "Central America Standard Time", "America/Guatemala", "Central America" },
	{ "Central Standard Time", "America/Chicago", "Central Time (US & Canada)" },
	{ "Easter Island Standard Time", "Pacific/Easter", "Easter Island" },
	{ "Central Standard Time (Mexico)", "America/Mexico_City",
		"Guadalajara, Mexico City, Monterrey" },
	{ "Canada Central Standard Time", "America/Regina", "Saskatchewan" },
	{ "SA Pacific Standard Time", "America/Bogota", "Bogota, Lima, Quito, Rio Branco" },
	{ "Eastern Standard Time (Mexico)", "America/Cancun", "Chetumal" },
	{ "Eastern Standard Time", "America/New_York", "Eastern Time (US & Canada)" },
	{ "Haiti Standard Time", "America/Port-au-Prince", "Haiti" },
	{ "Cuba Standard Time", "America/Havana", "Havana" },
	{ "US Eastern Standard Time", "America/Indianapolis", "Indiana (East)" },
	{ "Turks And Caicos Standard Time", "America/Grand_Turk", "Turks and Caicos" },
	{ "Paraguay Standard Time", "America/Asuncion", "Asuncion" },
	{ "Atlantic Standard Time", "America/Halifax", "Atlantic Time (Canada)" },
	{ "Venezuela Standard Time", "America/Caracas", "Caracas" },
	{ "Central Brazilian Standard Time", "America/Cuiaba", "Cuiaba" },
	{ "SA Western Standard Time", "America/La_Paz", "Georgetown, La Paz, Manaus, San Juan" },
	{ "Pacific SA Standard Time", "America/Santiago", "Santiago" },
	{ "Newfoundland Standard Time", "America/St_Johns", "Newfoundland" },
	{ "Tocantins Standard Time", "America/Araguaina", "Araguaina" },
	{ "E. South America Standard Time", "America/Sao_Paulo", "Brasilia" },
	{ "SA Eastern Standard Time", "America/Cayenne", "Cayenne, Fortaleza" },
	{ "Argentina Standard Time", "America/Buenos_Aires", "City of Buenos Aires" },
	{ "Greenland Standard Time", "America/Godthab", "Greenland" },
	{ "Montevideo Standard Time", "America/Montevideo", "Montevideo" },
	{ "Magallanes Standard Time", "America/Punta_Arenas", "Punta Arenas" },
	{ "Saint Pierre Standard Time", "America/Miquelon", "Saint Pierre and Miquelon" },
	{ "Bahia Standard Time", "America/Bahia", "Salvador" },
	{ "UTC-02", "Etc/GMT+2", "Coordinated Universal Time-02" },
	{ "Azores Standard Time", "Atlantic/Azores", "Azores" },
	{ "Cape Verde Standard Time", "Atlantic/Cape_Verde", "Cabo Verde Is." },
	{ "UTC", "Etc/UTC", "Coordinated Universal Time" },
	{ "GMT Standard Time", "Europe/London", "Dublin, Edinburgh, Lisbon, London" },
	{ "Greenwich Standard Time", "Atlantic/Reykjavik", "Monrovia, Reykjavik" },
	{ "Sao Tome Standard Time", "Africa/Sao_Tome", "Sao Tome" },
	{ "Morocco Standard Time", "Africa/Casablanca", "Casablanca" },
	{ "W. Europe Standard Time", "Europe/Berlin",
		"Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna" },
	{ "Central Europe Standard Time", "Europe/Budapest",
		"Belgrade, Bratislava, Budapest, Ljubljana, Prague" },
	{ "Romance Standard Time", "Europe/Paris", "Brussels, Copenhagen, Madrid, Paris" },
	{ "Central European Standard Time", "Europe/Warsaw", "Sarajevo, Skopje, Warsaw, Zagreb" },
	{ "W. Central Africa Standard Time", "Africa/Lagos", "West Central Africa" },
	{ "Jordan Standard Time", "Asia/Amman", "Amman" },
	{ "GTB Standard Time", "Europe/Bucharest", "Athens, Bucharest" },
	{ "Middle East Standard Time", "Asia/Beirut", "Beirut" },
	{ "Egypt Standard Time", "Africa/Cairo", "Cairo" },
	{ "E. Europe Standard Time", "Europe/Chisinau", "Chisinau" },
	{ "Syria Standard Time", "Asia/Damascus", "Damascus" },
	{ "West Bank Standard Time", "Asia/Hebron", "Gaza, Hebron" },
	{ "South Africa Standard Time", "Africa/Johannesburg", "Harare, Pretoria" },
	{ "FLE Standard Time", "Europe/Kiev", "Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius" },
	{ "Israel Standard Time", "Asia/Jerusalem", "Jerusalem" },
	{ "South Sudan Standard Time", "Africa/Juba", "Juba" },
	{ "Kaliningrad Standard Time", "Europe/Kaliningrad", "Kaliningrad" },
	{ "Sudan Standard Time", "Africa/Khartoum", "Khartoum" },
	{ "Libya Standard Time", "Africa/Tripoli", "Tripoli" },
	{ "Namibia Standard Time", "Africa/Windhoek", "Windhoek" },
	{ "Arabic Standard Time", "Asia/Baghdad", "Baghdad" },
	{ "Turkey Standard Time", "Europe/Istanbul", "Istanbul" },
	{ "Arab Standard Time", "Asia/Riyadh", "Kuwait, Riyadh" },
	{ "Belarus Standard Time", "Europe/Minsk", "Minsk" },
	{ "Russian Standard Time", "Europe/Moscow", "Moscow, St. Petersburg" },
	{ "E. Africa Standard Time", "Africa/Nairobi", "Nairobi" },
	{ "Iran Standard Time", "Asia/Tehran", "Tehran" },
	{ "Arabian Standard Time", "Asia/Dubai", "Abu Dhabi, Muscat" },
	{ "Astrakhan Standard Time", "Europe/Astrakhan", "Astrakhan, Ulyanovsk" },
	{ "Azerbaijan Standard Time", "Asia/Baku", "Baku" },
	{ "Russia Time Zone 3", "Europe/Samara", "Izhevsk, Samara" },
	{ "Mauritius Standard Time", "Indian/Mauritius", "Port Louis" },
	{ "Saratov Standard Time", "Europe/Saratov", "Saratov" },
	{ "Georgian Standard Time", "Asia/Tbilisi", "Tbilisi" },
	{ "Volgograd Standard Time", "Europe/Volgograd", "Volgograd" },
	{ "Caucasus Standard Time", "Asia/Yerevan", "Yerevan" },
	{ "Afghanistan Standard Time", "Asia/Kabul", "Kabul" },
	{ "West Asia Standard Time", "Asia/Tashkent", "Ashgabat, Tashkent" },
	{ "Ekaterinburg Standard Time", "Asia/Yekaterinburg", "Ekaterinburg" },
	{ "Pakistan Standard Time", "Asia/Karachi", "Islamabad, Karachi" },
	{ "Qyzylorda Standard Time", "Asia/Qyzylorda", "Qyzylorda" },
	{ "India Standard Time", "Asia/Calcutta", "Chennai, Kolkata, Mumbai, New Delhi" },
	{ "Sri Lanka Standard Time", "Asia/Colombo", "Sri Jayawardenepura" },
	{ "Nepal Standard Time", "Asia/Katmandu", "Kathmandu" },
	{ "Central Asia Standard Time", "Asia/Bishkek", "Bishkek" },
	{ "Bangladesh Standard Time", "Asia/Dhaka", "Dhaka" },
	{ "Omsk Standard Time", "Asia/Omsk", "Omsk" },
	{ "Myanmar Standard Time", "Asia/Rangoon", "Yangon (Rangoon)" },
	{ "SE Asia Standard Time", "Asia/Bangkok", "Bangkok, Hanoi, Jakarta" },
	{ "Altai Standard Time", "Asia/Barnaul", "Barnaul, Gorno-Altaysk" },
	{ "W. Mongolia Standard Time", "Asia/Hovd", "Hovd" },
	{ "North Asia Standard Time", "Asia/Krasnoyarsk", "Krasnoyarsk" },
	{ "N. Central Asia Standard Time", "Asia/Novosibirsk", "Novosibirsk" },
	{ "Tomsk Standard Time", "Asia/Tomsk", "Tomsk" },
	{ "China Standard Time", "Asia/Shanghai", "Beijing, Chongqing, Hong Kong, Urumqi" },
	{ "North Asia East Standard Time", "Asia/Irkutsk", "Irkutsk" },
	{ "Singapore Standard Time", "Asia/Singapore", "Kuala Lumpur, Singapore" },
	{ "W. Australia Standard Time", "Australia/Perth", "Perth" },
	{ "Taipei Standard Time", "Asia/Taipei", "Taipei" },
	{ "Ulaanbaatar Standard Time", "Asia/Ulaanbaatar", "Ulaanbaatar" },
	{ "Aus Central W. Standard Time", "Australia/Eucla", "Eucla" },
	{ "Transbaikal Standard Time", "Asia/Chita", "Chita" },
	{ "Tokyo Standard Time", "Asia/Tokyo", "Osaka, Sapporo, Tokyo" },
	{ "North Korea Standard Time", "Asia/Pyongyang", "Pyongyang" },
	{ "Korea Standard Time", "Asia/Seoul", "Seoul" },
	{ "Yakutsk Standard Time", "Asia/Yakutsk", "Yakutsk" },
	{ "Cen. Australia Standard Time", "Australia/Adelaide", "Adelaide" },
	{ "AUS Central Standard Time", "Australia/Darwin", "Darwin" },
	{ "E. Australia Standard Time", "Australia/Brisbane", "Brisbane" },
	{ "AUS Eastern Standard Time", "Australia/Sydney", "Canberra, Melbourne, Sydney" },
	{ "West Pacific Standard Time", "Pacific/Port_Moresby", "Guam, Port Moresby" },
	{ "Tasmania Standard Time", "Australia/Hobart", "Hobart" },
	{ "Vladivostok Standard Time", "Asia/Vladivostok", "Vladivostok" },
	{ "Lord Howe Standard Time", "Australia/Lord_Howe", "Lord Howe Island" },
	{ "Bougainville Standard Time", "Pacific/Bougainville", "Bougainville Island" },
	{ "Russia Time Zone 10", "Asia/Srednekolymsk", "Chokurdakh" },
	{ "Magadan Standard Time", "Asia/Magadan", "Magadan" },
	{ "Norfolk Standard Time", "Pacific/Norfolk", "Norfolk Island" },
	{ "Sakhalin Standard Time", "Asia/Sakhalin", "Sakhalin" },
	{ "Central Pacific Standard Time", "Pacific/Guadalcanal", "Solomon Is., New Caledonia" },
	{ "Russia Time Zone 11", "Asia/Kamchatka", "Anadyr, Petropavlovsk-Kamchatsky" },
	{ "New Zealand Standard Time", "Pacific/Auckland", "Auckland, Wellington" },
	{ "UTC+12", "Etc/GMT-12", "Coordinated Universal Time+12" },
	{ "Fiji Standard Time", "Pacific/Fiji", "Fiji" },
	{ "Chatham Islands Standard Time", "Pacific/Chatham", "Chatham Islands" },
	{ "UTC+13", "Etc/GMT-13", "Coordinated Universal Time+13" },
	{ "Tonga Standard Time", "Pacific/Tongatapu", "Nuku'alofa" },
	{ "Samoa Standard Time", "Pacific/Apia", "Samoa" },
	{ "Line Islands Standard Time", "Pacific/Kiritimati", "Kiritimati Island" },
};

/* Names and displays of earlier releases of Windows and Exchange. */
static const struct {
	const char *name, *zone;
} older_names[] = {
	{ "Armenian Standard Time", "Asia/Yerevan" },
	{ "Kamchatka Standard Time", "Asia/Kamchatka" },
	{ "Malay Peninsula Standard Time", "Asia/Singapore" },
	{ "Mexico Standard Time", "America/Mexico_City" },
	{ "Mexico Standard Time 2", "America/Mazatlan" },
	{ "Mid-Atlantic Standard Time", "America/Noronha" },
	{ "tzone://Microsoft/Utc", "Etc/UTC" },
	{ "Universal Coordinated Time", "Etc/UTC" },
	{ "Adelaide, Central Australia", "Australia/Adelaide" },
	{ "Almaty, Novosibirsk, North Central Asia", "Asia/Novosibirsk" },
	{ "Arab, Kuwait, Riyadh", "Asia/Riyadh" },
	{ "Astana", "Asia/Almaty" },
	{ "Astana, Dhaka", "Asia/Dhaka" },
	{ "Athens, Istanbul, Minsk", "Europe/Athens" },
	{ "Atlantic Time", "America/Halifax" },
	{ "Baku, Tbilisi, Yerevan", "Asia/Baku" },
	{ "Beijing, Chongqing, Hong Kong SAR, Urumqi", "Asia/Shanghai" },
	{ "Belgrade, Pozsony, Budapest, Ljubljana, Prague", "Europe/Budapest" },
	{ "Bogota, Lima, Quito", "America/Bogota" },
	{ "Brisbane, East Australia", "Australia/Brisbane" },
	{ "Bucharest", "Europe/Bucharest" },
	{ "Buenos Aires", "America/Buenos_Aires" },
	{ "Canberra, Melbourne, Sydney, Hobart (year 2000 only)", "Australia/Sydney" },
	{ "Cape Verde Is.", "Atlantic/Cape_Verde" },
	{ "Caracas, La Paz", "America/Caracas" },
	{ "Casablanca, Monrovia", "Africa/Casablanca" },
	{ "Central Time", "America/Chicago" },
	{ "Chihuahua, La Paz, Mazatlan", "America/Mazatlan" },
	{ "East Africa, Nairobi", "Africa/Nairobi" },
	{ "Eastern Time", "America/New_York" },
	{ "Fiji Islands, Kamchatka, Marshall Is.", "Pacific/Fiji" },
	{ "Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London", "Europe/London" },
	{ "Greenwich Mean Time: Dublin, Edinburgh, Lisbon, London", "Europe/London" },
	{ "Greenwich Mean Time; Dublin, Edinburgh, London", "Europe/London" },
	{ "Helsinki, Riga, Tallinn", "Europe/Helsinki" },
	{ "Hobart, Tasmania", "Australia/Hobart" },
	{ "Irkutsk, Ulaan Bataar", "Asia/Irkutsk" },
	{ "Islamabad, Karachi, Tashkent", "Asia/Karachi" },
	{ "Israel, Jerusalem Standard Time", "Asia/Jerusalem" },
	{ "Kathmandu, Nepal", "Asia/Katmandu" },
	{ "Kolkata, Chennai, Mumbai, New Delhi, India Standard Time", "Asia/Calcutta" },
	{ "Magadan, Solomon Is., New Caledonia", "Asia/Magadan" },
	{ "Mexico City, Tegucigalpa", "America/Mexico_City" },
	{ "Mid-Atlantic", "America/Noronha" },
	{ "Midway Island, Samoa", "Pacific/Midway" },
	{ "Moscow, St. Petersburg, Volgograd", "Europe/Moscow" },
	{ "Mountain Time", "America/Denver" },
	{ "Nuku'alofa, Tonga", "Pacific/Tongatapu" },
	{ "Pacific Time", "America/Los_Angeles" },
	{ "Pacific Time (US & Canada); Tijuana", "America/Los_Angeles" },
	{ "Pacific Time; Tijuana", "America/Los_Angeles" },
	{ "Paris, Madrid, Brussels, Copenhagen", "Europe/Paris" },
	{ "Perth, Western Australia", "Australia/Perth" },
	{ "Prague, Central Europe", "Europe/Prague" },
	{ "Rangoon", "Asia/Rangoon" },
	{ "Sarajevo, Skopje, Sofija, Vilnius, Warsaw, Zagreb", "Europe/Warsaw" },
	{ "Seoul, Korea Standard time", "Asia/Seoul" },
	{ "Sri Jayawardenepura, Sri Lanka", "Asia/Colombo" },
};

/* clang-format on */

static bool is_called(struct text alias, const char *name)
{
	return text_equal_nocase(alias, text_of(name));
}

/* "W. Europe Standard Time" to "W. Europe". */
static struct text region_of(struct text name)
{
	static const struct text ends[] = {
		TEXT_INIT(" Standard Time"),
		TEXT_INIT(" Daylight Time"),
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		if (name.length <= ends[i].length)
			continue;
		struct text region = { name.data, name.length - ends[i].length };
		if (text_equal_nocase(text_after(name, region.length), ends[i]))
			return region;
	}
	return name;
}

/* The IANA name of what Windows has under a name or a display; NULL where it has nothing. */
static const char *windows_zone(struct text alias)
{
	struct text region = region_of(alias);

	for (size_t i = 0; i < sizeof(windows_zones) / sizeof(*windows_zones); i++) {
		if (text_equal_nocase(region, region_of(text_of(windows_zones[i].name))) ||
			is_called(alias, windows_zones[i].display))
			return windows_zones[i].zone;
	}
	for (size_t i = 0; i < sizeof(older_names) / sizeof(*older_names); i++) {
		if (is_called(alias, older_names[i].name))
			return older_names[i].zone;
	}
	return NULL;
}

/* Without "(UTC+01:00)" or "(GMT+01:00)" in front. */
static struct text without_offset(struct text alias)
{
	const char *end = NULL;

	if (alias.length > 0 && *alias.data == '(')
		end = memchr(alias.data, ')', alias.length);
	if (end == NULL)
		return alias;
	return text_trim(text_after(alias, (size_t)(end + 1 - alias.data)));
}

/* Behind one slash after the other, so that the longest name is found. */
static const struct zone *zone_behind_prefix(struct text alias)
{
	const struct zone *zone = NULL;
	const char *slash;

	while (zone == NULL && alias.length > 0) {
		slash = memchr(alias.data, '/', alias.length);
		if (slash == NULL)
			return NULL;
		alias = text_after(alias, (size_t)(slash + 1 - alias.data));
		zone = zone_find(alias);
	}
	return zone;
}

const struct zone *zone_of_alias(struct text alias)
{
	const struct zone *zone;
	const char *name;

	alias = text_trim(alias);
	zone = zone_find(alias);
	if (zone != NULL)
		return zone;
	name = windows_zone(without_offset(alias));
	return name != NULL ? zone_find(text_of(name)) : zone_behind_prefix(alias);
}
