/*
 * The write-ahead log is folded into the file (a checkpoint) when the replies of a group are on
 * their way, and emptied when nobody has written for a while: then the one file is all there is.
 *
 * A reader's snapshot keeps what is behind it in the log. Short answers are too quick to matter; a
 * long one whose client is slow is ended by its owner, who is told when the log grows because of it.
 * Another program's cannot be ended from here: that it is there is said in the log, and counted.
 */
#include "sqlite/store.h"

#include "base/log.h"
#include "base/monotonic.h"

#include <stdio.h>

#define FOLD_PAGES 1000
#define LONG_BYTES ((int64_t)32 << 20) /* of the log: it is emptied as soon as may be */
#define KEPT_BYTES ((int64_t)24 << 20) /* of it, by a snapshot: that is told */
#define IDLE_SECONDS 30
#define FRAME_BYTES 24 /* before each page: https://www.sqlite.org/fileformat.html, 4.1 */
#define PAGE_BYTES 4096
#define HELD_SECONDS 10 /* until that is worth a word */
#define SAID_AGAIN 60	/* seconds */

/* SQLite's hook: a commit has left so many pages in the log. */
static int committed(void *argument, sqlite3 *db, const char *name, int pages)
{
	struct wal *wal = argument;

	(void)db;
	(void)name;
	wal->pages = pages;
	wal->written = monotonic_seconds();
	wal->unfolded = pages;
	return SQLITE_OK;
}

void wal_watch(struct worker *writer)
{
	sqlite3_wal_hook(writer->sqlite.db, committed, &writer->store->wal);
	writer->store->wal.written = monotonic_seconds();
}

/* Said once, until it goes well again. Readers in the way are no trouble. */
static void note_end(struct worker *writer, int code)
{
	struct wal *wal = &writer->store->wal;
	int kind = code & 0xff;
	bool trouble = kind != SQLITE_OK && kind != SQLITE_BUSY && kind != SQLITE_LOCKED;

	if (kind == SQLITE_OK)
		atomic_fetch_add(&writer->store->counts.checkpoints, 1);
	else if (trouble && wal->trouble != code)
		log_warning("the log cannot be folded into the database: %s (%d)",
			sqlite3_errmsg(writer->sqlite.db), code);
	wal->trouble = trouble ? code : SQLITE_OK;
	writer->sqlite.needs_reopen |= kind == SQLITE_IOERR;
}

static void say_held(struct sqlite_store *store, int64_t seconds)
{
	pid_t process;
	char who[32] = "";

	if (!claim_has_reader(&store->claim, &process))
		return; /* a long answer of ours */
	if (process != 0)
		snprintf(who, sizeof(who), " (process %d)", (int)process);
	log_warning(
		"The write-ahead log cannot be emptied: another program%s holds an old snapshot of "
		"the database, for %lld s so far. The log has %lld KiB and grows until that "
		"program ends its transaction.",
		who, (long long)seconds, (long long)store->claim.log_bytes >> 10);
	store->wal.told = monotonic_seconds();
}

/* Whether some reader keeps frames in the log, or the log from beginning anew. */
static void note_held(struct sqlite_store *store, bool held)
{
	int64_t since = atomic_load(&store->counts.held_since), now = monotonic_seconds();

	if (!held) {
		if (store->wal.told != 0)
			log_info("The write-ahead log can be emptied again.");
		store->wal.told = 0;
		atomic_store(&store->counts.held_since, 0);
	} else if (since == 0) {
		atomic_store(&store->counts.held_since, now);
	} else if (now - since >= HELD_SECONDS &&
		   (store->wal.told == 0 || now - store->wal.told >= SAID_AGAIN)) {
		say_held(store, now - since);
	}
}

static bool is_held(int code, int in_log, int in_file)
{
	return code == SQLITE_BUSY || (code == SQLITE_OK && in_file < in_log);
}

static int fold(struct worker *writer, int mode)
{
	struct wal *wal = &writer->store->wal;
	int in_log = 0, in_file = 0;

	if (file_is_overwritten(writer) || atomic_load(&writer->store->damaged))
		return SQLITE_CORRUPT;
	int code = sqlite3_wal_checkpoint_v2(writer->sqlite.db, "main", mode, &in_log, &in_file);

	file_mark(writer);
	wal->unfolded = code == SQLITE_OK ? in_log - in_file : wal->pages;
	note_end(writer, code);
	note_held(writer->store, is_held(code, in_log, in_file));
	return code;
}

int64_t wal_held_seconds(const struct sqlite_store *store)
{
	int64_t since = atomic_load(&store->counts.held_since);

	return since == 0 ? 0 : monotonic_seconds() - since;
}

int wal_truncate(struct worker *writer)
{
	sqlite3_busy_timeout(writer->sqlite.db, 0);
	int code = fold(writer, SQLITE_CHECKPOINT_TRUNCATE);
	sqlite3_busy_timeout(writer->sqlite.db, BUSY_MS);
	if (code == SQLITE_OK)
		writer->store->wal.pages = 0;
	return code;
}

void wal_fold(struct worker *writer)
{
	struct sqlite_store *store = writer->store;

	if (store->wal.pages < FOLD_PAGES || store->wal.unfolded == 0)
		return;
	fold(writer, SQLITE_CHECKPOINT_PASSIVE);
	if ((int64_t)store->wal.unfolded * (PAGE_BYTES + FRAME_BYTES) > KEPT_BYTES)
		store_press(&store->door);
}

void wal_empty(struct worker *writer)
{
	struct sqlite_store *store = writer->store;
	bool idle = monotonic_seconds() - store->wal.written >= IDLE_SECONDS;
	int64_t bytes = store->claim.log_bytes;

	if (bytes > LONG_BYTES || (idle && bytes > 0))
		wal_truncate(writer);
}

void wal_rescue(struct worker *writer)
{
	if (writer->store->wal.unfolded > 0)
		fold(writer, SQLITE_CHECKPOINT_PASSIVE);
}
