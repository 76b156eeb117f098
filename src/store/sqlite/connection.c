/*
 * A connection to the SQLite file: how it is opened, set, closed and reopened, its fixed commands,
 * and what SQLite's codes mean. Any store thread, on a connection of its own.
 */
#include "sqlite/connection.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "sqlite/values/function.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define CODES 61	  /* kinds of faults that the log distinguishes */
#define REPEAT_SECONDS 60 /* seconds */

static const char *const commands[COMMANDS] = {
	[COMMAND_READ] = "BEGIN",
	[COMMAND_WRITE] = "BEGIN IMMEDIATE",
	[COMMAND_COMMIT] = "COMMIT",
	[COMMAND_ROLLBACK] = "ROLLBACK",
	[COMMAND_SAVEPOINT] = "SAVEPOINT job",
	[COMMAND_ROLLBACK_TO] = "ROLLBACK TO job",
	[COMMAND_RELEASE] = "RELEASE job",
};

sqlite3_stmt *sqlite_prepare(struct sqlite *sqlite, sqlite3_stmt **stmt, const char *sql)
{
	sqlite3_prepare_v3(sqlite->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	return *stmt;
}

int sqlite_command(struct sqlite *sqlite, enum sqlite_command command)
{
	sqlite3_stmt *stmt = sqlite->command[command];

	if (stmt == NULL)
		stmt = sqlite_prepare(sqlite, &sqlite->command[command], commands[command]);
	if (stmt == NULL)
		return sqlite3_errcode(sqlite->db);
	errno = 0;
	sqlite3_step(stmt);
	return sqlite3_reset(stmt);
}

int sqlite_run(struct sqlite *sqlite, const char *sql)
{
	return sqlite3_exec(sqlite->db, sql, NULL, NULL, NULL);
}

int64_t sqlite_integer(struct sqlite *sqlite, const char *sql, int64_t fallback)
{
	sqlite3_stmt *stmt;
	int64_t number = fallback;

	if (sqlite3_prepare_v2(sqlite->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return fallback;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

/* ---- what a code means ---- */

/*
 * SQLite reports an I/O error if there is no room for other than a plain write, and does not keep
 * the reason of a COMMIT's: errno has it, of the last system call that failed. EFBIG: the process
 * may not write longer files (RLIMIT_FSIZE), or the file system cannot have them.
 */
static bool is_no_room(void)
{
	return errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
}

/* Each kind once a minute: every request may meet the same fault. */
static void log_fault(struct sqlite *sqlite, int code)
{
	static atomic_int_least64_t logged_at[CODES];
	int64_t now = monotonic_seconds(), before = atomic_load(&logged_at[code % CODES]);

	if (before != 0 && now - before < REPEAT_SECONDS)
		return;
	atomic_store(&logged_at[code % CODES], now);
	log_error("database: %s (%d)", sqlite3_errmsg(sqlite->db), code);
}

/* Also without room: a sync may have dropped what it could not write. */
static enum store_result disk_fault(struct sqlite *sqlite, int code)
{
	bool no_room = is_no_room();

	sqlite->needs_reopen = true;
	if (!no_room)
		log_fault(sqlite, code);
	return no_room ? STORE_FULL : STORE_FAILED;
}

/* What is in the file cannot be trusted any more: the operator has to act. */
static enum store_result damage_met(struct sqlite *sqlite, int code)
{
	log_fault(sqlite, code);
	if (sqlite->damaged != NULL && !atomic_exchange(sqlite->damaged, true))
		log_error("The database is damaged: nothing more is saved before a restart.");
	return STORE_FILE_REPLACED;
}

enum store_result sqlite_result(struct sqlite *sqlite, int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
		return STORE_DONE;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_BUSY;
	case SQLITE_FULL:
		return STORE_FULL;
	case SQLITE_INTERRUPT: /* by a progress handler of ours */
		return STORE_STOPPED;
	case SQLITE_IOERR:
		return disk_fault(sqlite, code);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return damage_met(sqlite, code);
	default:
		log_fault(sqlite, code);
		return STORE_FAILED;
	}
}

/* ---- opening and closing ---- */

/* Settings of this connection; they change nothing in the file. */
static void set_connection(struct sqlite *sqlite)
{
	sqlite3_extended_result_codes(sqlite->db, 1);
	sqlite3_busy_timeout(sqlite->db, BUSY_MS);
	sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite_run(sqlite, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
			   "PRAGMA temp_store = MEMORY;");
}

void sqlite_set_cache(struct sqlite *sqlite)
{
	sqlite_run(sqlite, "PRAGMA cache_size = -2048"); /* KiB */
}

bool sqlite_set_wal(struct sqlite *sqlite)
{
	sqlite3_stmt *stmt;
	bool wal = false;

	if (sqlite3_prepare_v2(sqlite->db, "PRAGMA journal_mode = WAL", -1, &stmt, NULL) !=
		SQLITE_OK)
		return false;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		wal = strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;
	return sqlite3_finalize(stmt) == SQLITE_OK && wal;
}

bool sqlite_set_writer(struct sqlite *sqlite)
{
	/* FULL: a COMMIT returns when its part of the log has been synced. */
	sqlite_set_cache(sqlite);
	return sqlite_run(sqlite, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
				  "PRAGMA journal_size_limit = 33554432;") == SQLITE_OK;
}

void sqlite_keep_wal(struct sqlite *sqlite, bool keep)
{
	sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, (int)keep, NULL);
}

bool sqlite_open(struct sqlite *sqlite, const char *file, int flags)
{
	if (sqlite3_open_v2(file, &sqlite->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return false;
	set_connection(sqlite);
	sqlite_add_functions(sqlite->db);
	return true;
}

char *sqlite_open_fault(struct sqlite *sqlite)
{
	int error = sqlite3_system_errno(sqlite->db);
	const char *fault = error != 0 ? strerror(error) : sqlite3_errmsg(sqlite->db);

	return memory_copy(fault, strlen(fault));
}

bool sqlite_reopen(struct sqlite *sqlite, const char *file)
{
	if (sqlite_open(sqlite, file, SQLITE_OPEN_READWRITE) && sqlite_set_wal(sqlite) &&
		sqlite_set_writer(sqlite))
		return true;
	sqlite_close_unsynced(sqlite);
	return false;
}

char *sqlite_open_reader(struct sqlite *sqlite, const char *file)
{
	*sqlite = (struct sqlite){ 0 };
	if (!sqlite_open(sqlite, file, SQLITE_OPEN_READONLY))
		return sqlite_open_fault(sqlite);
	if (sqlite_run(sqlite, "PRAGMA query_only = ON") != SQLITE_OK)
		return sqlite_open_fault(sqlite);
	/*
	 * Its log and index are opened now, so that what is missing for that is reported at the
	 * start.
	 */
	return sqlite_integer(sqlite, "PRAGMA user_version", -1) < 0 ? sqlite_open_fault(sqlite)
								     : NULL;
}

void sqlite_close(struct sqlite *sqlite)
{
	for (unsigned i = 0; i < STATEMENTS_MAX; i++)
		sqlite3_finalize(sqlite->prepared[i]);
	for (unsigned i = 0; i < STATEMENT_CACHE_SIZE; i++)
		sqlite3_finalize(sqlite->statement_cache[i]);
	for (unsigned i = 0; i < COMMANDS; i++)
		sqlite3_finalize(sqlite->command[i]);
	sqlite3_close(sqlite->db);
	*sqlite = (struct sqlite){ .damaged = sqlite->damaged };
}

void sqlite_close_unsynced(struct sqlite *sqlite)
{
	if (sqlite->db != NULL)
		sqlite_keep_wal(sqlite, true);
	sqlite_close(sqlite);
}
