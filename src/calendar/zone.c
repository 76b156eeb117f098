/*
 * Where zones come from, and those that were read. Each name that the program carries has a place,
 * which is read without a lock; the few zones that the system alone has are in a list under one.
 * Any thread.
 */
#include "calendar/zone.h"

#include "base/memory.h"
#include "zone_carried.h"
#include "zone_table.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <strings.h>

#define SYSTEM_FOLDER "/usr/share/zoneinfo"
#define NAME_MOST 63			/* bytes; the longest of tzdata has 32 */
#define FILE_MOST ((size_t)64 << 10)	/* bytes that are read; those of tzdata have 4 KiB */
#define OTHERS_MOST 256			/* zones that the system alone has */
#define SECONDS_MOST (INT64_C(1) << 59) /* from 1970 */

struct zone {
	char name[NAME_MOST + 1];
	struct zone_table *table;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *system_folder; /* NULL: what is there is older than what the program carries */
static _Atomic(struct zone *) *carried; /* one for each of zones_carried; NULL: not read so far */

static pthread_mutex_t others_lock = PTHREAD_MUTEX_INITIALIZER;
static struct zone *others[OTHERS_MOST];
static size_t others_count;

/* Read a file below a folder up to so many bytes; 0 where it cannot be read. */
static size_t zone_read_file(const char *folder, const char *name, char *bytes, size_t most)
{
	char path[PATH_MAX];
	FILE *file = NULL;
	size_t length;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) < (int)sizeof(path))
		file = fopen(path, "rbe");
	if (file == NULL)
		return 0;
	length = fread(bytes, 1, most, file);
	fclose(file);
	return length;
}

/* tzdata.zi begins with "# version 2025b"; the names of releases sort as text. */
static bool folder_is_old(const char *folder)
{
	static const char begin[] = "# version ";
	char line[64] = "";

	line[zone_read_file(folder, "tzdata.zi", line, sizeof(line) - 1)] = '\0';
	if (strncmp(line, begin, strlen(begin)) != 0)
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return strcmp(line + strlen(begin), zones_carried_version) < 0;
}

static void zones_set_up(void)
{
	const char *folder = getenv("TZDIR");

	if (folder == NULL || *folder == '\0')
		folder = SYSTEM_FOLDER;
	system_folder = folder_is_old(folder) ? NULL : folder;
	carried = memory_zeroed(zones_carried_count * sizeof(*carried));
}

/* What the system has by a name; NULL where that is nothing, or no TZif file. */
static struct zone_table *read_system(const char *name)
{
	struct zone_table *table;
	char *bytes;

	if (system_folder == NULL)
		return NULL;
	bytes = memory_allocate(FILE_MOST);
	table = zone_table_read(
		(struct text){ bytes, zone_read_file(system_folder, name, bytes, FILE_MOST) });
	free(bytes);
	return table;
}

static struct zone_table *read_carried(const struct zone_carried *zone)
{
	return zone_table_read((struct text){ (const char *)zone->tzif, zone->length });
}

static struct zone *zone_new(const char *name, struct zone_table *table)
{
	struct zone *zone = memory_zeroed(sizeof(*zone));

	snprintf(zone->name, sizeof(zone->name), "%s", name);
	zone->table = table;
	return zone;
}

/* Words of letters, digits and "_+-" with a slash between them: there is no way out of a folder. */
static bool name_is_valid(struct text name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_+-/";

	if (name.length == 0 || name.length > NAME_MOST || name.data[0] == '/' ||
		name.data[name.length - 1] == '/')
		return false;
	for (size_t i = 0; i < name.length; i++) {
		if (memchr(letters, name.data[i], sizeof(letters) - 1) == NULL)
			return false;
		if (i > 0 && name.data[i] == '/' && name.data[i - 1] == '/')
			return false;
	}
	return true;
}

/* Which of zones_carried has that name; zones_carried_count where none has it. */
static size_t find_carried(const char *name)
{
	size_t least = 0, most = zones_carried_count;

	while (least < most) {
		size_t middle = least + (most - least) / 2;
		int order = strcasecmp(zones_carried[middle].name, name);

		if (order == 0)
			return middle;
		if (order < 0)
			least = middle + 1;
		else
			most = middle;
	}
	return zones_carried_count;
}

/* Two threads may read it at the same time: the first one's stays. */
static const struct zone *carried_zone(size_t index)
{
	struct zone *found = atomic_load(&carried[index]);
	const struct zone_carried *source = &zones_carried[index];
	struct zone_table *table;

	if (found != NULL)
		return found;
	table = read_system(source->name);
	if (table == NULL)
		table = read_carried(source);
	assert(table != NULL);
	struct zone *zone = zone_new(source->name, table);
	if (atomic_compare_exchange_strong(&carried[index], &found, zone))
		return zone;
	zone_table_free(table);
	free(zone);
	return found;
}

/* Not what a machine has made of tzdata for itself. */
static bool name_is_universal(const char *name)
{
	static const char *const refused[] = { "Factory", "localtime", "posixrules" };

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		if (strcmp(name, refused[i]) == 0)
			return false;
	}
	return strncmp(name, "posix/", 6) != 0 && strncmp(name, "right/", 6) != 0;
}

/* The lock is held. */
static const struct zone *others_find(const char *name)
{
	struct zone_table *table;

	for (size_t i = 0; i < others_count; i++) {
		if (strcmp(others[i]->name, name) == 0)
			return others[i];
	}
	table = others_count < OTHERS_MOST ? read_system(name) : NULL;
	if (table == NULL)
		return NULL;
	others[others_count] = zone_new(name, table);
	return others[others_count++];
}

const struct zone *zone_find(struct text name)
{
	char string[NAME_MOST + 1] = "";
	const struct zone *zone;
	size_t index;

	if (!name_is_valid(name))
		return NULL;
	memcpy(string, name.data, name.length);
	pthread_once(&once, zones_set_up);
	index = find_carried(string);
	if (index < zones_carried_count)
		return carried_zone(index);
	if (!name_is_universal(string))
		return NULL;
	pthread_mutex_lock(&others_lock);
	zone = others_find(string);
	pthread_mutex_unlock(&others_lock);
	return zone;
}

const char *zone_name(const struct zone *zone)
{
	return zone->name;
}

/* The nearest of the seconds that count. */
static int64_t within(int64_t seconds)
{
	if (seconds < -SECONDS_MOST)
		return -SECONDS_MOST;
	return seconds > SECONDS_MOST ? SECONDS_MOST : seconds;
}

struct zone_span zone_span(const struct zone *zone, int64_t instant)
{
	return zone_table_span(zone->table, within(instant));
}

int64_t zone_local(const struct zone *zone, int64_t instant)
{
	return within(instant) + zone_span(zone, instant).offset;
}

int64_t zone_instant(const struct zone *zone, int64_t local)
{
	return zone_table_instant(zone->table, within(local));
}
