/*
 * Whether another program has written over the file in place (cp, dd, truncate): its name stays the
 * same then, and neither a lock nor SQLite reports it.
 *
 * In WAL mode only a checkpoint writes to the file. Between checkpoints its size and its time of
 * change stay the same, and they are compared before anything is acknowledged. If they differ, it
 * may have been a checkpoint of another program that uses SQLite. The log's index says so: it
 * counts, for every process, the frames that a checkpoint has begun to copy and those that it has
 * copied. It is read under the lock that checkpoints hold, so that none is running. If the counts
 * are the same, no program that uses SQLite has written; if not, the file must hold what the copied
 * frames say.
 *
 * Not detected is a file that is overwritten within the milliseconds of a checkpoint, within the
 * second in which another program has emptied the log, or when another program has copied a part of
 * a long log. SQLite finds the damage later, and from then on nothing is saved, either.
 */
#include "sqlite/overwrite.h"

#include "base/log.h"
#include "sqlite/store_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * https://www.sqlite.org/walformat.html, 2: two copies of a header, and the counts of checkpoints.
 */
#define INDEX_BYTES 32768
#define HEADER_WORDS 12
#define HEADER_CHANGES 2
#define HEADER_FRAMES 4
#define HEADER_SALT 8
#define BACKFILL_WORD 24
#define BACKFILL_ATTEMPTED_WORD 32
#define CHECKPOINT_LOCK 1

#define PAGE_SIZE_AT 14 /* bytes */

#define LOG_SALT_AT 16	/* in the log's own header */
#define FRAME_SIZE_AT 4 /* in a frame's header */
#define FRAME_SALT_AT 8
#define LOG_HEADER 32
#define FRAME_HEADER 24
#define PAGE_BYTES 4096	   /* of the files that todo makes */
#define COMPARED_MOST 1000 /* frames: a few milliseconds */
#define NEWER_MOST 4000	   /* frames that are not copied yet, of which the headers are read */
#define SEEN_ROOM (2 * (COMPARED_MOST + NEWER_MOST))

static sqlite3_file *file_of(struct sqlite *sqlite)
{
	sqlite3_file *file = NULL;

	if (sqlite->db == NULL || sqlite3_file_control(sqlite->db, "main",
					  SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK)
		return NULL;
	return file != NULL && file->pMethods != NULL && file->pMethods->iVersion >= 2 ? file
										       : NULL;
}

/* False while another program is writing the header, and where there is no log. */
static bool read_index(sqlite3_file *file, struct wal_index *index)
{
	void volatile *region = NULL;
	uint32_t headers[2 * HEADER_WORDS];

	if (file->pMethods->xShmMap(file, 0, INDEX_BYTES, 0, &region) != SQLITE_OK ||
		region == NULL)
		return false;
	const uint32_t volatile *words = region;

	for (int i = 0; i < 2 * HEADER_WORDS; i++)
		headers[i] = words[i];
	if (memcmp(headers, headers + HEADER_WORDS, sizeof(headers) / 2) != 0)
		return false;
	uint16_t page;
	memcpy(&page, (const char *)headers + PAGE_SIZE_AT, sizeof(page));
	*index = (struct wal_index){ .page = page == 1 ? 65536 : page,
		.changes = headers[HEADER_CHANGES],
		.frames = headers[HEADER_FRAMES],
		.salt = { headers[HEADER_SALT], headers[HEADER_SALT + 1] },
		.backfill = words[BACKFILL_WORD],
		.backfill_attempted = words[BACKFILL_ATTEMPTED_WORD] };
	return true;
}

static uint32_t big_endian(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The number in the log's header. */
static uint32_t number_of(uint32_t salt)
{
	return big_endian((const unsigned char *)&salt);
}

/*
 * The log began anew. That needs a checkpoint only if a part of it was not in the file yet. Its
 * first salt counts how often it began anew. A transaction since then is either in the log that
 * began, or it was in the one before, and a checkpoint has copied it.
 */
static bool restart_tells(const struct wal_index *before, const struct wal_index *now)
{
	bool once = number_of(now->salt[0]) == number_of(before->salt[0]) + 1;
	uint32_t begun_with = now->frames > 0;

	return !once || before->backfill < before->frames || now->backfill > 0 ||
	       now->backfill_attempted > 0 || now->changes - before->changes > begun_with;
}

/* Whether some checkpoint may have written to the file between the two. */
static bool index_tells(const struct wal_index *before, const struct wal_index *now)
{
	if (now->backfill_attempted > now->backfill) /* one did not end, perhaps more than once */
		return true;
	if (memcmp(now->salt, before->salt, sizeof(now->salt)) != 0)
		return restart_tells(before, now);
	return now->backfill != before->backfill ||
	       now->backfill_attempted != before->backfill_attempted;
}

static bool is_as_marked(const struct file_mark *mark, const struct stat *file)
{
	return file->st_size == mark->size && file->st_mtim.tv_sec == mark->written.tv_sec &&
	       file->st_mtim.tv_nsec == mark->written.tv_nsec;
}

static void mark_file(struct file_mark *mark, const struct stat *file)
{
	mark->size = file->st_size;
	mark->written = file->st_mtim;
}

/* Under the lock of checkpoints. False: the index cannot be read at this moment. */
static bool read_both(struct sqlite_store *store, sqlite3_file *file, struct stat *status,
	struct wal_index *index)
{
	return fstat(store->file_lock.fd, status) == 0 && read_index(file, index);
}

static bool lock_checkpoints(sqlite3_file *file)
{
	return file->pMethods->xShmLock(file, CHECKPOINT_LOCK, 1,
		       SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE) == SQLITE_OK;
}

static void unlock_checkpoints(sqlite3_file *file)
{
	file->pMethods->xShmLock(
		file, CHECKPOINT_LOCK, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
}

void file_mark_update(struct worker *writer)
{
	struct sqlite_store *store = writer->store;
	sqlite3_file *file = file_of(&writer->sqlite);
	struct wal_index index;
	struct stat status;

	if (file == NULL || !lock_checkpoints(file))
		return; /* another program's checkpoint: the index will show it */
	if (read_both(store, file, &status, &index)) {
		mark_file(&store->mark, &status);
		store->mark.index = index;
	}
	unlock_checkpoints(file);
}

/* ---- whether the file has what a checkpoint copied ---- */

/* Pages that were compared: only the newest frame of each counts. */
struct seen {
	uint32_t page[SEEN_ROOM];
};

static bool is_first(struct seen *seen, uint32_t page)
{
	for (unsigned i = page % SEEN_ROOM;; i = (i + 1) % SEEN_ROOM) {
		if (seen->page[i] == page)
			return false;
		if (seen->page[i] == 0) {
			seen->page[i] = page;
			return true;
		}
	}
}

/*
 * Whether the file has the content of the frame. `size` is the smallest size of the database, in
 * pages, after any transaction since: pages beyond it may never have been copied.
 */
static bool has_frame(struct sqlite_store *store, const struct wal_index *index, uint32_t number,
	uint32_t *size, struct seen *seen)
{
	unsigned char frame[FRAME_HEADER + PAGE_BYTES], page[PAGE_BYTES];
	off_t at = LOG_HEADER + (off_t)(number - 1) * (off_t)sizeof(frame);

	if (pread(store->file_lock.wal_fd, frame, sizeof(frame), at) != sizeof(frame) ||
		memcmp(frame + FRAME_SALT_AT, index->salt, sizeof(index->salt)) != 0)
		return true; /* it begins anew */
	uint32_t name = big_endian(frame), committed = big_endian(frame + FRAME_SIZE_AT);

	if (committed != 0 && (*size == 0 || committed < *size))
		*size = committed;
	if (name == 0 || name > *size || !is_first(seen, name))
		return true;
	at = (off_t)(name - 1) * PAGE_BYTES;
	return pread(store->file_lock.fd, page, sizeof(page), at) == sizeof(page) &&
	       memcmp(page, frame + FRAME_HEADER, sizeof(page)) == 0;
}

/*
 * A page of which a newer frame cannot be copied yet, since a reader needs the older content, is
 * not copied from an older frame either. False: there are too many of them to be read.
 */
static bool skip_newer(struct sqlite_store *store, const struct wal_index *index, struct seen *seen)
{
	unsigned char name[FRAME_SIZE_AT];

	if (index->frames - index->backfill > NEWER_MOST)
		return false;
	for (uint32_t frame = index->frames; frame > index->backfill; frame--) {
		off_t at = LOG_HEADER + (off_t)(frame - 1) * (FRAME_HEADER + PAGE_BYTES);
		if (pread(store->file_lock.wal_fd, name, sizeof(name), at) == sizeof(name) &&
			big_endian(name) != 0)
			is_first(seen, big_endian(name));
	}
	return true;
}

/*
 * Whether the file has the content of the last frames that a checkpoint has copied. If the log
 * began anew meanwhile, there is nothing left to compare.
 */
static bool has_frames(
	struct sqlite_store *store, sqlite3_file *file, const struct wal_index *index)
{
	struct wal_index again;
	struct seen seen = { { 0 } };
	uint32_t least = index->backfill > COMPARED_MOST ? index->backfill - COMPARED_MOST : 0;
	uint32_t size = 0;

	if (index->page != PAGE_BYTES || index->backfill_attempted > index->backfill ||
		index->backfill > index->frames || store->file_lock.wal_fd < 0 ||
		!skip_newer(store, index, &seen))
		return true;
	for (uint32_t frame = index->backfill; frame > least; frame--)
		if (!has_frame(store, index, frame, &size, &seen))
			return !read_index(file, &again) ||
			       memcmp(again.salt, index->salt, sizeof(again.salt)) != 0;
	return true;
}

/* The file's size or time has changed. */
static bool is_foreign(struct worker *writer, sqlite3_file *file)
{
	struct sqlite_store *store = writer->store;
	struct wal_index index;
	struct stat status;
	bool foreign = false;

	if (!lock_checkpoints(file))
		return false; /* another program's checkpoint runs: this is repeated soon */
	if (read_both(store, file, &status, &index) && !is_as_marked(&store->mark, &status)) {
		foreign = !index_tells(&store->mark.index, &index) ||
			  !has_frames(store, file, &index);
		mark_file(&store->mark, &status);
		store->mark.index = index;
	}
	unlock_checkpoints(file);
	return foreign;
}

/* The log belongs to the file as it was: left in place, it would be applied to the new one. */
static void set_log_aside(struct sqlite_store *store, const char *what)
{
	char *name = file_lock_set_wal_aside(&store->file_lock);

	store->log_set_aside = true;
	if (name != NULL)
		log_error("%s: %s. Changes that were saved lately are in %s, which belongs to the "
			  "file as it was; what lies under its name is served after a restart.",
			store->file, what, name);
	else if (errno != 0)
		log_error("%s: %s, and the log of the file as it was cannot be set aside (%s): "
			  "move %s away before a restart.",
			store->file, what, strerror(errno), store->file_lock.wal);
	else
		log_error("%s: %s. What lies under its name is served after a restart.",
			store->file, what);
	free(name);
}

void file_set_log_aside(struct sqlite_store *store, bool closing)
{
	if (!store->log_set_aside && file_lock_is_replaced(&store->file_lock, closing))
		set_log_aside(store, "it was removed or replaced");
}

bool file_is_overwritten(struct worker *writer)
{
	struct sqlite_store *store = writer->store;
	sqlite3_file *file = file_of(&writer->sqlite);
	struct wal_index index;
	struct stat status;

	if (atomic_load(&store->base.overwritten) || file == NULL)
		return atomic_load(&store->base.overwritten);
	bool read = read_index(file, &index); /* first: what is marked is not newer than the file */
	if (fstat(store->file_lock.fd, &status) != 0)
		return false;
	if (is_as_marked(&store->mark, &status)) {
		if (read)
			store->mark.index = index;
		return false;
	}
	if (!is_foreign(writer, file))
		return false;
	set_log_aside(store, "another program has written over it");
	atomic_store(&store->base.overwritten, true);
	return true;
}

/* ---- the log ---- */

/* The log's header is the one that the index was made with, and every frame has its place. */
static bool log_has_frames(const struct file_lock *lock, const struct wal_index *index)
{
	uint32_t salt[2];

	return lock->wal_bytes >= LOG_HEADER + (int64_t)index->frames *
						       (FRAME_HEADER + (int64_t)index->page) &&
	       pread(lock->wal_fd, salt, sizeof(salt), LOG_SALT_AT) == sizeof(salt) &&
	       memcmp(salt, index->salt, sizeof(salt)) == 0;
}

/*
 * The log, too, can be written over. Another program that begins it anew tells the index so first:
 * what differs counts only where the index has stood still.
 */
static bool log_is_whole(struct worker *writer)
{
	struct sqlite_store *store = writer->store;
	sqlite3_file *file = file_of(&writer->sqlite);
	struct wal_index index, again;

	if (file == NULL || store->file_lock.wal_fd < 0 || !read_index(file, &index) ||
		index.frames == 0 || log_has_frames(&store->file_lock, &index))
		return true;
	file_lock_is_valid(&store->file_lock); /* its size, now */
	if (log_has_frames(&store->file_lock, &index) || !read_index(file, &again) ||
		memcmp(&index, &again, sizeof(index)) != 0)
		return true;
	if (!atomic_exchange(&store->damaged, true))
		log_error("%s: another program has written over it: what was saved lately is lost. "
			  "Nothing more is saved before a restart.",
			store->file_lock.wal);
	return false;
}

bool file_is_ours(struct worker *writer)
{
	struct sqlite_store *store = writer->store;

	return !file_is_overwritten(writer) && !atomic_load(&store->damaged) &&
	       file_lock_is_valid(&store->file_lock) && log_is_whole(writer);
}
