/*
 * Opening the file: whether it is ours, new, and can be written to; then the settings that make a
 * committed change durable. The file is not changed before all of that is known.
 */
#include "sqlite/open.h"

#include "sqlite/file/integrity.h"
#include "sqlite/file/header.h"
#include "sqlite/migrate.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECKED_FIRST (1 << 20) /* bytes: some milliseconds */
#define CHECKED_MOST (64 << 20) /* bytes: a quarter of a second */

extern const char schema_sql[];

/*
 * The fault in SQLite's words, or in the system's where SQLite hides the reason. Like strerror()'s,
 * the text is valid until the next call.
 */
static const char *last_fault(struct sqlite *sqlite)
{
	static char line[160];
	int error = sqlite3_system_errno(sqlite->db), left = errno;
	int code = sqlite3_extended_errcode(sqlite->db);

	if (error == 0 && (left == ENOSPC || left == EDQUOT || left == EFBIG))
		error = left; /* a COMMIT's reason is not kept by SQLite */
	if (code == SQLITE_READONLY_DIRECTORY)
		return "its log cannot be made in its folder: Permission denied";
	switch (code & 0xff) {
	case SQLITE_CANTOPEN:
		if (error == 0)
			break;
		snprintf(line, sizeof(line), "its log cannot be made in its folder: %s",
			strerror(error));
		return line;
	case SQLITE_IOERR:
		return error != 0 ? strerror(error) : sqlite3_errmsg(sqlite->db);
	default:
		break;
	}
	return sqlite3_errmsg(sqlite->db);
}

/* The checks of the header, on the database itself: its log may be newer than the file's header. */
static const char *database_fault(struct sqlite *sqlite)
{
	int64_t tables = sqlite_integer(sqlite, "SELECT count(*) FROM sqlite_schema", -1);

	if (tables < 0)
		return last_fault(sqlite);
	if (tables == 0)
		return NULL;
	if (sqlite_integer(sqlite, "PRAGMA application_id", 0) != APPLICATION_ID)
		return "the database of another program";
	return sqlite_version_fault(sqlite_integer(sqlite, "PRAGMA user_version", 0));
}

static const char *make_schema(struct sqlite *sqlite)
{
	char version[64];

	errno = 0;
	snprintf(version, sizeof(version), "PRAGMA user_version = %d", SCHEMA_VERSION);
	if (sqlite_run(sqlite, "BEGIN EXCLUSIVE") == SQLITE_OK &&
		sqlite_run(sqlite, schema_sql) == SQLITE_OK &&
		sqlite_run(sqlite, version) == SQLITE_OK &&
		sqlite_run(sqlite, "COMMIT") == SQLITE_OK)
		return NULL;
	return last_fault(sqlite);
}

static bool is_new(struct sqlite *sqlite)
{
	return sqlite_integer(sqlite, "SELECT count(*) FROM sqlite_schema", 0) == 0;
}

/*
 * A start does not wait for the pages of a large file: the writer checks them before the first
 * change. It does wait where the file is changed by the start itself: by a migration, or by what
 * another process has left in the log.
 */
static char *small_file_damage(struct sqlite *sqlite, bool is_changed)
{
	int64_t bytes = sqlite_integer(sqlite, "PRAGMA page_count", 0) *
			sqlite_integer(sqlite, "PRAGMA page_size", 0);

	if (bytes > CHECKED_MOST)
		return NULL;
	sqlite->unchecked = bytes > CHECKED_FIRST && !is_changed;
	return sqlite->unchecked ? NULL : sqlite_quick_check(sqlite->db);
}

/* Damage is reported before the file is changed. */
static char *make_current(struct sqlite *sqlite, bool has_log)
{
	int version = (int)sqlite_integer(sqlite, "PRAGMA user_version", 0);
	char *why = small_file_damage(sqlite, has_log || version != SCHEMA_VERSION);

	if (why != NULL || is_new(sqlite))
		return why;
	return sqlite_migrate(sqlite, version, SCHEMA_VERSION);
}

static const char *writer_fault(struct sqlite *sqlite)
{
	if (!sqlite_set_wal(sqlite))
		return last_fault(sqlite);
	if (!sqlite_set_writer(sqlite))
		return last_fault(sqlite);
	if (is_new(sqlite))
		return make_schema(sqlite);
	if (sqlite_run(sqlite, "BEGIN IMMEDIATE; ROLLBACK;") != SQLITE_OK)
		return last_fault(sqlite);
	return NULL;
}

/* What is made before the file is served is synced like everything after it. */
static char *make_ready(struct sqlite *sqlite, bool has_log)
{
	const char *fault = database_fault(sqlite);
	char *why = NULL;

	if (fault == NULL && sqlite_run(sqlite, "PRAGMA synchronous = FULL") != SQLITE_OK)
		fault = last_fault(sqlite);
	if (fault == NULL && (why = make_current(sqlite, has_log)) == NULL)
		fault = writer_fault(sqlite);
	return fault != NULL ? memory_copy(fault, strlen(fault)) : why;
}

static char *open_locked(struct sqlite *sqlite, const char *file)
{
	if (!sqlite_open(sqlite, file, SQLITE_OPEN_READWRITE))
		return sqlite_open_fault(sqlite);
	/* If opening fails, a log that another program has left stays as it is. */
	bool has_log = sqlite_has_log(file);
	sqlite_keep_wal(sqlite, has_log);
	char *why = make_ready(sqlite, has_log);

	if (why != NULL)
		return why;
	/*
	 * Complete what another process has left in the log, so that all is in the file: see
	 * overwrite.c.
	 */
	sqlite3_busy_timeout(sqlite->db, 0);
	sqlite_run(sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
	sqlite3_busy_timeout(sqlite->db, BUSY_MS);
	sqlite_keep_wal(sqlite, false);
	return NULL;
}

char *sqlite_open_writer(struct sqlite *sqlite, const char *file, struct file_lock *lock)
{
	const char *fault = sqlite_header_check(file);

	*sqlite = (struct sqlite){ 0 };
	if (fault == NULL)
		fault = file_lock_acquire(lock, file);
	if (fault != NULL)
		return memory_copy(fault, strlen(fault));
	char *why = open_locked(sqlite, file);

	if (why != NULL) {
		sqlite_close(sqlite);
		file_lock_release(lock, true);
	}
	return why;
}
