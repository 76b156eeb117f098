/* From records to images. */
#include "disk.h"

#include "check_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512

static const char *const suffixes[TRIAL_FILES] = { "", "-wal", "-journal" };

static void *resized(void *memory, size_t size)
{
	memory = realloc(memory, size);
	if (memory == NULL)
		abort();
	return memory;
}

/* ---- records ---- */

static bool log_read(struct disk *disk, const char *log)
{
	FILE *file = fopen(log, "rb");

	if (file == NULL)
		return false;
	fseek(file, 0, SEEK_END);
	disk->log_size = (size_t)ftell(file);
	rewind(file);
	disk->log = resized(NULL, disk->log_size + 1);
	bool whole = fread(disk->log, 1, disk->log_size, file) == disk->log_size;
	fclose(file);
	return whole;
}

/* The records lie one behind the other, at any address: they are copied to where they may be read. */
static struct trial_record *record_at(const struct disk *disk, size_t offset)
{
	struct trial_record head;

	memcpy(&head, disk->log + offset, sizeof(head));
	struct trial_record *record = resized(NULL, sizeof(head) + head.length);
	memcpy(record, disk->log + offset, sizeof(head) + head.length);
	return record;
}

bool disk_open(struct disk *disk, const char *log)
{
	*disk = (struct disk){ 0 };
	if (!log_read(disk, log))
		return false;
	for (size_t offset = 0; offset + sizeof(struct trial_record) <= disk->log_size;) {
		struct trial_record *record = record_at(disk, offset);
		disk->records = resized(disk->records, (disk->count + 1) * sizeof(*disk->records));
		disk->records[disk->count++] = record;
		offset += sizeof(*record) + record->length;
	}
	/* The server makes the file itself before SQLite opens it. */
	disk->files[TRIAL_DATABASE].there = true;
	return true;
}

void disk_close(struct disk *disk)
{
	for (size_t i = 0; i < disk->count; i++)
		free((void *)(uintptr_t)disk->records[i]);
	for (size_t i = 0; i < TRIAL_FILES; i++) {
		free(disk->files[i].synced.bytes);
		free(disk->files[i].pending);
	}
	free(disk->records);
	free(disk->log);
}

/* ---- contents ---- */

static void contents_resize(struct contents *contents, size_t size)
{
	if (size > contents->room) {
		contents->room = size * 2;
		contents->bytes = resized(contents->bytes, contents->room);
	}
	if (size > contents->size)
		memset(contents->bytes + contents->size, 0, size - contents->size);
	contents->size = size;
}

static void contents_write(
	struct contents *contents, size_t offset, const char *bytes, size_t length)
{
	if (offset + length > contents->size)
		contents_resize(contents, offset + length);
	memcpy(contents->bytes + offset, bytes, length);
}

static const char *record_bytes(const struct trial_record *record)
{
	return (const char *)(record + 1);
}

static void contents_apply(struct contents *contents, const struct trial_record *record)
{
	if (record->kind == TRIAL_TRUNCATE)
		contents_resize(contents, record->offset);
	else
		contents_write(contents, record->offset, record_bytes(record), record->length);
}

/* ---- following ---- */

static void file_make(struct disk_file *file)
{
	file->there = true;
	file->synced.size = 0;
	file->pending_count = 0;
}

static void file_sync(struct disk_file *file)
{
	for (size_t i = 0; i < file->pending_count; i++)
		contents_apply(&file->synced, file->pending[i]);
	file->pending_count = 0;
}

static void file_change(struct disk_file *file, const struct trial_record *record)
{
	file->pending = resized(file->pending, (file->pending_count + 1) * sizeof(*file->pending));
	file->pending[file->pending_count++] = record;
}

static void follow(struct disk *disk, const struct trial_record *record)
{
	struct disk_file *file = &disk->files[record->file];

	switch (record->kind) {
	case TRIAL_MADE:
		file_make(file);
		break;
	case TRIAL_SYNC:
		file_sync(file);
		break;
	case TRIAL_SYNC_NAMES:
		for (size_t i = 0; i < TRIAL_FILES; i++)
			disk->files[i].there_synced = disk->files[i].there;
		break;
	case TRIAL_DELETE:
		file->there = false;
		break;
	default:
		file_change(file, record);
	}
}

void disk_follow(struct disk *disk, size_t point)
{
	while (disk->at < point && disk->at < disk->count)
		follow(disk, disk->records[disk->at++]);
}

/* ---- images ---- */

/* A sector of a write, or a truncation. */
struct piece {
	const struct trial_record *record;
	size_t from, length;
};

static size_t pieces_make(const struct disk_file *file, struct piece **pieces)
{
	size_t count = 0;

	*pieces = NULL;
	for (size_t i = 0; i < file->pending_count; i++) {
		const struct trial_record *record = file->pending[i];
		size_t from = 0;
		do {
			size_t sector = SECTOR - (record->offset + from) % SECTOR;
			size_t left = record->length - from;
			*pieces = resized(*pieces, (count + 1) * sizeof(**pieces));
			(*pieces)[count++] =
				(struct piece){ record, from, sector < left ? sector : left };
			from += sector;
		} while (from < record->length);
	}
	return count;
}

static void shuffle(struct piece *pieces, size_t count, uint64_t *dice)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = check_random(dice) % i;
		struct piece piece = pieces[i - 1];
		pieces[i - 1] = pieces[other];
		pieces[other] = piece;
	}
}

static void piece_apply(struct contents *contents, const struct piece *piece)
{
	const struct trial_record *record = piece->record;

	if (record->kind == TRIAL_TRUNCATE)
		contents_resize(contents, record->offset);
	else
		contents_write(contents, record->offset + piece->from,
			record_bytes(record) + piece->from, piece->length);
}

/* Of the pieces none, all, or each with the same chance; half the time in another order. */
static void pending_apply(const struct disk_file *file, struct contents *contents, uint64_t *dice)
{
	static const unsigned chances[] = { 0, 10, 30, 50, 70, 90, 100 };
	struct piece *pieces;
	size_t count = pieces_make(file, &pieces);
	unsigned chance = chances[check_random(dice) % CHECK_COUNT(chances)];

	if (check_random(dice) % 2 == 0)
		shuffle(pieces, count, dice);
	for (size_t i = 0; i < count; i++)
		if (check_random(dice) % 100 < chance)
			piece_apply(contents, &pieces[i]);
	free(pieces);
}

static bool contents_save(const struct contents *contents, const char *path)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		return false;
	bool whole = contents->size == 0 ||
		     fwrite(contents->bytes, 1, contents->size, file) == contents->size;
	return fclose(file) == 0 && whole;
}

/* A name that was not synced may be there or not. */
static bool is_there(const struct disk_file *file, uint64_t *dice)
{
	return file->there == file->there_synced ? file->there : check_random(dice) % 2 == 0;
}

static bool file_image(const struct disk_file *file, uint64_t *dice, const char *path)
{
	struct contents contents = { 0 };

	unlink(path);
	if (!is_there(file, dice))
		return true;
	contents_resize(&contents, file->synced.size);
	if (contents.size > 0)
		memcpy(contents.bytes, file->synced.bytes, contents.size);
	pending_apply(file, &contents, dice);
	bool saved = contents_save(&contents, path);
	free(contents.bytes);
	return saved;
}

bool disk_image(struct disk *disk, uint64_t *dice, const char *file)
{
	char path[256];

	for (size_t i = 0; i < TRIAL_FILES; i++) {
		snprintf(path, sizeof(path), "%s%s", file, suffixes[i]);
		if (!file_image(&disk->files[i], dice, path))
			return false;
	}
	snprintf(path, sizeof(path), "%s-shm", file);
	unlink(path);
	return true;
}
