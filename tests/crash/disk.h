/*
 * The disk as a loss of power leaves it: what was synced is there; of what was not, any part, in any
 * order, a sector at a time.
 */
#ifndef TESTS_CRASH_DISK_H
#define TESTS_CRASH_DISK_H

#include "trial/record.h"

#include <stdbool.h>
#include <stddef.h>

struct contents {
	char *bytes;
	size_t size, room;
};

/* One of the files, as far as the records were followed. */
struct disk_file {
	struct contents synced;
	bool there, there_synced; /* its name: as programs see it, and as it was synced */
	const struct trial_record **pending; /* writes and truncations since the last sync */
	size_t pending_count;
};

struct disk {
	char *log;
	size_t log_size;
	const struct trial_record **records;
	size_t count;
	size_t at; /* records that were followed */
	struct disk_file files[TRIAL_FILES];
};

/* Reads the records. */
bool disk_open(struct disk *disk, const char *log);
void disk_close(struct disk *disk);

/* Follows the records up to so many operations; never back. */
void disk_follow(struct disk *disk, size_t point);

/* Makes FILE, FILE-wal and FILE-journal as a loss of power right now may leave them. */
bool disk_image(struct disk *disk, uint64_t *dice, const char *file);

#endif
