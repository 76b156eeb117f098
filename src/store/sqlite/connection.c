/*
 * Fixed commands, bound values, and what SQLite's codes mean. Any store thread, on a connection of its
 * own.
 */
#include "sqlite/connection.h"

#include "base/log.h"
#include "base/monotonic.h"

#include <errno.h>
#include <stdatomic.h>

#define CODES 61      /* kinds of faults that are told apart in the log */
#define SAID_AGAIN 60 /* seconds */

static const char *const commands[COMMANDS] = {
	[COMMAND_READ] = "BEGIN",
	[COMMAND_WRITE] = "BEGIN IMMEDIATE",
	[COMMAND_COMMIT] = "COMMIT",
	[COMMAND_ROLLBACK] = "ROLLBACK",
	[COMMAND_SAVE] = "SAVEPOINT job",
	[COMMAND_SAVE_UNDO] = "ROLLBACK TO job",
	[COMMAND_SAVE_END] = "RELEASE job",
};

sqlite3_stmt *sqlite_prepared(struct sqlite *sqlite, sqlite3_stmt **stmt, const char *sql)
{
	if (*stmt == NULL)
		sqlite3_prepare_v3(sqlite->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	return *stmt;
}

int sqlite_command(struct sqlite *sqlite, enum sqlite_command command)
{
	sqlite3_stmt *stmt = sqlite_prepared(sqlite, &sqlite->command[command], commands[command]);

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

/*
 * SQLite calls it an I/O error where room is missed elsewhere than in a plain write, and does not
 * keep the reason of a COMMIT's: the last system call that failed has left it. EFBIG: the process may
 * not write longer files (RLIMIT_FSIZE), or the file system cannot have them.
 */
static bool is_no_room(void)
{
	return errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
}

/* Each kind once a minute: a disk that fails is asked by every request. */
static void log_fault(struct sqlite *sqlite, int code)
{
	static atomic_int_least64_t said[CODES];
	int64_t now = monotonic_seconds(), before = atomic_load(&said[code % CODES]);

	if (before != 0 && now - before < SAID_AGAIN)
		return;
	atomic_store(&said[code % CODES], now);
	log_error("database: %s (%d)", sqlite3_errmsg(sqlite->db), code);
}

/* Without room, too, a sync may have dropped what it could not write. */
static enum store_result disk_fault(struct sqlite *sqlite, int code)
{
	bool no_room = is_no_room();

	sqlite->torn = true;
	if (!no_room)
		log_fault(sqlite, code);
	return no_room ? STORE_FULL : STORE_FAILED;
}

/* What is in the file cannot be trusted any more: somebody has to look at it. */
static enum store_result damage_met(struct sqlite *sqlite, int code)
{
	log_fault(sqlite, code);
	if (sqlite->damaged != NULL && !atomic_exchange(sqlite->damaged, true))
		log_error("The database is damaged: nothing more is saved before a restart.");
	return STORE_GONE;
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

void sqlite_bind(sqlite3_stmt *stmt, int parameter, const struct value *value)
{
	switch (value->type) {
	case VALUE_NULL:
		sqlite3_bind_null(stmt, parameter);
		break;
	case VALUE_INTEGER:
		sqlite3_bind_int64(stmt, parameter, value->integer);
		break;
	case VALUE_REAL:
		sqlite3_bind_double(stmt, parameter, value->real);
		break;
	case VALUE_TEXT:
		sqlite3_bind_text(stmt, parameter, value->text.at != NULL ? value->text.at : "",
			(int)value->text.length, SQLITE_STATIC);
		break;
	case VALUE_BLOB:
		sqlite3_bind_blob(
			stmt, parameter, value->text.at, (int)value->text.length, SQLITE_STATIC);
		break;
	}
}
