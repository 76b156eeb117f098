/*
 * When the write-ahead log is copied into the file (a checkpoint): when the replies of a group are
 * on their way. It is emptied when there were no changes for a while: then the one file is all
 * there is.
 *
 * A reader's snapshot keeps later changes in the log. Short answers are too quick to matter. A long
 * one whose client is slow is ended by its owner, who is called when the log grows because of it.
 * Another program's snapshot cannot be ended from here: it is reported in the log, and counted.
 */
#include "sqlite/checkpoint.h"

#include "base/log.h"
#include "base/monotonic.h"
#include "sqlite/overwrite.h"
#include "sqlite/store_state.h"

#include <stdio.h>

#define LONG_BYTES ((int64_t)32 << 20)	   /* of the log: it is emptied as soon as possible */
#define PRESSURE_BYTES ((int64_t)24 << 20) /* not copied: long answers are to be ended */
#define IDLE_SECONDS 30
#define FRAME_BYTES 24 /* before each page: https://www.sqlite.org/fileformat.html, 4.1 */
#define PAGE_BYTES 4096
#define HELD_SECONDS 10	  /* until that is worth a warning */
#define REPEAT_SECONDS 60 /* seconds */

/* A fault is logged once, until a checkpoint succeeds. Readers in the way are no fault. */
static void note_end(struct worker *writer, int code)
{
	struct wal_state *wal = &writer->store->wal;
	int kind = code & 0xff;
	bool fault = kind != SQLITE_OK && kind != SQLITE_BUSY && kind != SQLITE_LOCKED;

	if (kind == SQLITE_OK)
		atomic_fetch_add(&writer->store->counts.checkpoints, 1);
	else if (fault && wal->fault != code)
		log_warning("the log cannot be folded into the database: %s (%d)",
			sqlite3_errmsg(writer->sqlite.db), code);
	wal->fault = fault ? code : SQLITE_OK;
	writer->sqlite.needs_reopen |= kind == SQLITE_IOERR;
}

static void warn_held(struct sqlite_store *store, int64_t seconds)
{
	pid_t process;
	char name[32] = "";

	if (!file_lock_has_reader(&store->file_lock, &process))
		return; /* a long answer of ours */
	if (process != 0)
		snprintf(name, sizeof(name), " (process %d)", (int)process);
	log_warning(
		"The write-ahead log cannot be emptied: another program%s holds an old snapshot of "
		"the database, for %lld s so far. The log has %lld KiB and grows until that "
		"program ends its transaction.",
		name, (long long)seconds, (long long)store->file_lock.wal_bytes >> 10);
	store->wal.warned = monotonic_seconds();
}

/* held: a snapshot keeps frames in the log, or the log from beginning anew. */
static void note_held(struct sqlite_store *store, bool held)
{
	int64_t since = atomic_load(&store->counts.held_since), now = monotonic_seconds();

	if (!held) {
		if (store->wal.warned != 0)
			log_info("The write-ahead log can be emptied again.");
		store->wal.warned = 0;
		atomic_store(&store->counts.held_since, 0);
	} else if (since == 0) {
		atomic_store(&store->counts.held_since, now);
	} else if (now - since >= HELD_SECONDS &&
		   (store->wal.warned == 0 || now - store->wal.warned >= REPEAT_SECONDS)) {
		warn_held(store, now - since);
	}
}

static bool is_held(int code, int in_log, int in_file)
{
	return code == SQLITE_BUSY || (code == SQLITE_OK && in_file < in_log);
}

static int checkpoint(struct worker *writer, int mode)
{
	struct wal_state *wal = &writer->store->wal;
	int in_log = 0, in_file = 0;

	if (file_is_overwritten(writer) || atomic_load(&writer->store->damaged))
		return SQLITE_CORRUPT;
	int code = sqlite3_wal_checkpoint_v2(writer->sqlite.db, "main", mode, &in_log, &in_file);

	file_mark_update(writer);
	wal->frames_pending = code == SQLITE_OK ? in_log - in_file : wal->pages;
	note_end(writer, code);
	note_held(writer->store, is_held(code, in_log, in_file));
	return code;
}

int64_t checkpoint_held_seconds(const struct sqlite_store *store)
{
	int64_t since = atomic_load(&store->counts.held_since);

	return since == 0 ? 0 : monotonic_seconds() - since;
}

int checkpoint_truncate(struct worker *writer)
{
	sqlite3_busy_timeout(writer->sqlite.db, 0);
	int code = checkpoint(writer, SQLITE_CHECKPOINT_TRUNCATE);
	sqlite3_busy_timeout(writer->sqlite.db, BUSY_MS);
	if (code == SQLITE_OK)
		writer->store->wal.pages = 0;
	return code;
}

/* Once at a time. */
static void report_pressure(struct store *store)
{
	struct work_list one = { 0 };

	if (store->on_wal_pressure == NULL || atomic_exchange(&store->pressure_pending, true))
		return;
	work_list_add(&one, &store->pressure);
	completion_queue_post(store->completions, &one);
}

void checkpoint_after_group(struct worker *writer)
{
	struct sqlite_store *store = writer->store;

	checkpoint(writer, SQLITE_CHECKPOINT_PASSIVE);
	if ((int64_t)store->wal.frames_pending * (PAGE_BYTES + FRAME_BYTES) > PRESSURE_BYTES)
		report_pressure(&store->base);
}

void checkpoint_when_idle(struct worker *writer)
{
	struct sqlite_store *store = writer->store;
	bool idle = monotonic_seconds() - store->wal.written >= IDLE_SECONDS;
	int64_t bytes = store->file_lock.wal_bytes;

	if (bytes > LONG_BYTES || (idle && bytes > 0))
		checkpoint_truncate(writer);
}

void checkpoint_orphaned_wal(struct worker *writer)
{
	if (writer->store->wal.frames_pending > 0)
		checkpoint(writer, SQLITE_CHECKPOINT_PASSIVE);
}
