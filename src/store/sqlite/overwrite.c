/*
 * Whether another program has written over the file in place (cp, dd, truncate): its name still leads
 * to it then, and neither a lock nor SQLite says anything.
 *
 * In WAL mode nothing but a checkpoint writes to the file. Between those its size and its time of
 * change stand still, and they are compared before anything is acknowledged. Where they differ, it
 * may have been another SQLite program's checkpoint, which the log's index tells of: it counts
 * the frames that a checkpoint has begun to copy and those that it has copied, for every process. That is
 * asked under the lock that checkpoints hold, so that none is half way through. Where the
 * index has not moved, nobody who knows SQLite has written; where it has, the file must have what the
 * frames say that were copied.
 *
 * What cannot be told: a file that is overwritten in the very milliseconds of a checkpoint, or in the
 * second in which another program has emptied the log, or has copied a part of a log that is long. SQLite finds damage then, sooner or later;
 * from that moment on nothing is saved, either.
 */
#include "sqlite/store.h"

#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* https://www.sqlite.org/walformat.html, 2: two copies of a header, and what checkpoints count. */
#define INDEX_BYTES 32768
#define HEADER_WORDS 12
#define HEADER_CHANGES 2
#define HEADER_FRAMES 4
#define HEADER_SALT 8
#define FOLDED_WORD 24
#define BEGUN_WORD 32
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
static bool read_index(sqlite3_file *file, struct log_index *index)
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
	*index = (struct log_index){ .page = page == 1 ? 65536 : page,
		.changes = headers[HEADER_CHANGES],
		.frames = headers[HEADER_FRAMES],
		.salt = { headers[HEADER_SALT], headers[HEADER_SALT + 1] },
		.folded = words[FOLDED_WORD],
		.begun = words[BEGUN_WORD] };
	return true;
}

static uint32_t big_endian(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* As it is in the log's header. */
static uint32_t number_of(uint32_t salt)
{
	return big_endian((const unsigned char *)&salt);
}

/*
 * The log began anew, which takes a checkpoint only where it was not folded whole before. Its first
 * salt counts how often it did. A transaction since then is either in the log that began, or it was
 * in the one before, and a checkpoint has copied it.
 */
static bool restart_tells(const struct log_index *before, const struct log_index *now)
{
	bool once = number_of(now->salt[0]) == number_of(before->salt[0]) + 1;
	uint32_t begun_with = now->frames > 0;

	return !once || before->folded < before->frames || now->folded > 0 || now->begun > 0 ||
	       now->changes - before->changes > begun_with;
}

/* Whether some checkpoint may have written to the file between the two. */
static bool index_tells(const struct log_index *before, const struct log_index *now)
{
	if (now->begun > now->folded) /* one that did not end, perhaps more than once */
		return true;
	if (memcmp(now->salt, before->salt, sizeof(now->salt)) != 0)
		return restart_tells(before, now);
	return now->folded != before->folded || now->begun != before->begun;
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
	struct log_index *index)
{
	return fstat(store->claim.fd, status) == 0 && read_index(file, index);
}

static bool lock(sqlite3_file *file)
{
	return file->pMethods->xShmLock(file, CHECKPOINT_LOCK, 1,
		       SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE) == SQLITE_OK;
}

static void unlock(sqlite3_file *file)
{
	file->pMethods->xShmLock(
		file, CHECKPOINT_LOCK, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
}

void file_mark(struct worker *writer)
{
	struct sqlite_store *store = writer->store;
	sqlite3_file *file = file_of(&writer->sqlite);
	struct log_index index;
	struct stat status;

	if (file == NULL || !lock(file))
		return; /* another program's checkpoint: the index will tell of it */
	if (read_both(store, file, &status, &index)) {
		mark_file(&store->mark, &status);
		store->mark.index = index;
	}
	unlock(file);
}

/* ---- what a checkpoint has left in the file ---- */

/* Pages that were compared: each one's newest frame is the one that counts. */
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
 * Whether the file has what the frame says. `size` is the least that the database had, in pages, at
 * the end of any transaction since: what lay behind it may never have been copied.
 */
static bool has_frame(struct sqlite_store *store, const struct log_index *index, uint32_t number,
	uint32_t *size, struct seen *seen)
{
	unsigned char frame[FRAME_HEADER + PAGE_BYTES], page[PAGE_BYTES];
	off_t at = LOG_HEADER + (off_t)(number - 1) * (off_t)sizeof(frame);

	if (pread(store->claim.log_fd, frame, sizeof(frame), at) != sizeof(frame) ||
		memcmp(frame + FRAME_SALT_AT, index->salt, sizeof(index->salt)) != 0)
		return true; /* it begins anew */
	uint32_t name = big_endian(frame), committed = big_endian(frame + FRAME_SIZE_AT);

	if (committed != 0 && (*size == 0 || committed < *size))
		*size = committed;
	if (name == 0 || name > *size || !is_first(seen, name))
		return true;
	at = (off_t)(name - 1) * PAGE_BYTES;
	return pread(store->claim.fd, page, sizeof(page), at) == sizeof(page) &&
	       memcmp(page, frame + FRAME_HEADER, sizeof(page)) == 0;
}

/*
 * A page of which a newer frame could not be copied yet, since somebody still reads what was before, is
 * not copied from an older one either. False: they are too many to be looked at.
 */
static bool skip_newer(
	struct sqlite_store *store, const struct log_index *index, struct seen *seen)
{
	unsigned char name[FRAME_SIZE_AT];

	if (index->frames - index->folded > NEWER_MOST)
		return false;
	for (uint32_t frame = index->frames; frame > index->folded; frame--) {
		off_t at = LOG_HEADER + (off_t)(frame - 1) * (FRAME_HEADER + PAGE_BYTES);
		if (pread(store->claim.log_fd, name, sizeof(name), at) == sizeof(name) &&
			big_endian(name) != 0)
			is_first(seen, big_endian(name));
	}
	return true;
}

/*
 * Whether the file has what the last frames say that some checkpoint has copied. Where the log began
 * anew meanwhile there is nothing to compare any more.
 */
static bool has_frames(
	struct sqlite_store *store, sqlite3_file *file, const struct log_index *index)
{
	struct log_index again;
	struct seen seen = { { 0 } };
	uint32_t least = index->folded > COMPARED_MOST ? index->folded - COMPARED_MOST : 0;
	uint32_t size = 0;

	if (index->page != PAGE_BYTES || index->begun > index->folded ||
		index->folded > index->frames || store->claim.log_fd < 0 ||
		!skip_newer(store, index, &seen))
		return true;
	for (uint32_t frame = index->folded; frame > least; frame--)
		if (!has_frame(store, index, frame, &size, &seen))
			return !read_index(file, &again) ||
			       memcmp(again.salt, index->salt, sizeof(again.salt)) != 0;
	return true;
}

/* The file's size or time has changed. */
static bool is_foreign(struct worker *writer, sqlite3_file *file)
{
	struct sqlite_store *store = writer->store;
	struct log_index index;
	struct stat status;
	bool foreign = false;

	if (!lock(file))
		return false; /* another program's checkpoint is on its way: asked again soon */
	if (read_both(store, file, &status, &index) && !is_as_marked(&store->mark, &status)) {
		foreign = !index_tells(&store->mark.index, &index) ||
			  !has_frames(store, file, &index);
		mark_file(&store->mark, &status);
		store->mark.index = index;
	}
	unlock(file);
	return foreign;
}

/* What is in the log belongs to the file that was; left there, it would be read into the new one. */
static void set_log_aside(struct sqlite_store *store)
{
	char *name = claim_set_log_aside(&store->claim);

	if (name != NULL)
		log_error("%s: another program has written over it. Changes that were saved "
			  "lately are in %s, which belongs to the file as it was; what was "
			  "written there is served after a restart.",
			store->file, name);
	else if (errno != 0)
		log_error("%s: another program has written over it, and the log of the file as "
			  "it was cannot be set aside (%s): move %s away before a restart.",
			store->file, strerror(errno), store->claim.log);
	else
		log_error("%s: another program has written over it. What was written there is "
			  "served after a restart.",
			store->file);
	free(name);
}

bool file_is_overwritten(struct worker *writer)
{
	struct sqlite_store *store = writer->store;
	sqlite3_file *file = file_of(&writer->sqlite);
	struct log_index index;
	struct stat status;

	if (atomic_load(&store->overwritten) || file == NULL)
		return atomic_load(&store->overwritten);
	bool read = read_index(file, &index); /* first: what is marked is not newer than the file */
	if (fstat(store->claim.fd, &status) != 0)
		return false;
	if (is_as_marked(&store->mark, &status)) {
		if (read)
			store->mark.index = index;
		return false;
	}
	if (!is_foreign(writer, file))
		return false;
	set_log_aside(store);
	atomic_store(&store->overwritten, true);
	return true;
}

/* ---- the log ---- */

/* The log's header is the one that the index was made with, and every frame has its place. */
static bool log_has_frames(const struct claim *claim, const struct log_index *index)
{
	uint32_t salt[2];

	return claim->log_bytes >= LOG_HEADER + (int64_t)index->frames *
							(FRAME_HEADER + (int64_t)index->page) &&
	       pread(claim->log_fd, salt, sizeof(salt), LOG_SALT_AT) == sizeof(salt) &&
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
	struct log_index index, again;

	if (file == NULL || store->claim.log_fd < 0 || !read_index(file, &index) ||
		index.frames == 0 || log_has_frames(&store->claim, &index))
		return true;
	claim_holds(&store->claim); /* its size, now */
	if (log_has_frames(&store->claim, &index) || !read_index(file, &again) ||
		memcmp(&index, &again, sizeof(index)) != 0)
		return true;
	if (!atomic_exchange(&store->damaged, true))
		log_error("%s: another program has written over it: what was saved lately is lost. "
			  "Nothing more is saved before a restart.",
			store->claim.log);
	return false;
}

bool file_is_ours(struct worker *writer)
{
	struct sqlite_store *store = writer->store;

	return !file_is_overwritten(writer) && !atomic_load(&store->damaged) &&
	       claim_holds(&store->claim) && log_is_whole(writer);
}
