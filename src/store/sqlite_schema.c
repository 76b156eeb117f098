/*
 * Opening the file: is it ours, is it new, can it be written; then the settings that make a
 * committed change durable. The file is not touched before all questions are answered.
 */
#include "sqlite_schema.h"

#include "sqlite_check.h"
#include "sqlite_migrate.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x746f646f /* "todo", as in schema.sql */
#define SCHEMA_VERSION 2
#define HEADER_SIZE 100 /* https://www.sqlite.org/fileformat.html, 1.3 */
#define BUSY_MS 5000
#define CHECKED_MOST (64 << 20) /* bytes: a quarter of a second */

extern const char schema_sql[];

static uint32_t big_endian(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool has_beside(const char *file, const char *ending)
{
	struct stat status;
	char name[4096];

	snprintf(name, sizeof(name), "%s%s", file, ending);
	return stat(name, &status) == 0 && status.st_size > 0;
}

/* Whether there is a log, which may have what the file lacks. */
static bool has_log(const char *file)
{
	return has_beside(file, "-wal");
}

/* A log, or a journal that tells how the file was before a change that was not finished. */
static bool can_be_mended(const char *file)
{
	return has_log(file) || has_beside(file, "-journal");
}

/* Whether the file ends before its last page does. */
static bool is_cut(const unsigned char header[HEADER_SIZE], uint64_t size)
{
	uint32_t page = (uint32_t)header[16] << 8 | header[17];

	if (page == 1)
		page = 65536;
	return size < (uint64_t)page * big_endian(header + 28);
}

static const char *version_fault(int64_t version)
{
	if (version > SCHEMA_VERSION)
		return "made by a newer version of todo";
	return version < 1 ? "has tables, but no version of todo" : NULL;
}

static const char *header_fault(const unsigned char header[HEADER_SIZE])
{
	if (memcmp(header, "SQLite format 3", 16) != 0)
		return "not an SQLite database";
	uint32_t version = big_endian(header + 60);
	uint32_t application = big_endian(header + 68);

	if (application != 0 && application != APPLICATION_ID)
		return "the database of another program";
	if (application == APPLICATION_ID && version != 0)
		return version_fault(version);
	return NULL;
}

/* What is wrong with the file as its first bytes tell it, before SQLite opens it. */
static const char *file_fault(const char *file)
{
	unsigned char header[HEADER_SIZE];
	struct stat status;
	size_t length_of_name = strlen(file);

	if (length_of_name > 0 && file[length_of_name - 1] == '/')
		return "a folder, not a file";
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? NULL : strerror(errno);
	if (fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) {
		close(fd);
		return "a folder, not a file";
	}
	ssize_t length = read(fd, header, sizeof(header));
	close(fd);
	if (length == 0)
		return NULL;
	if (length != HEADER_SIZE)
		return "not an SQLite database";
	const char *fault = header_fault(header);
	if (fault == NULL && is_cut(header, (uint64_t)status.st_size) && !can_be_mended(file))
		return "damaged: a part of it is missing";
	return fault;
}

/* The same questions to the database itself, whose log may know more than the file's header. */
static const char *database_fault(struct sqlite *sqlite)
{
	int64_t tables = sqlite_integer(sqlite, "SELECT count(*) FROM sqlite_schema", -1);

	if (tables < 0)
		return sqlite3_errmsg(sqlite->db);
	if (tables == 0)
		return NULL;
	if (sqlite_integer(sqlite, "PRAGMA application_id", 0) != APPLICATION_ID)
		return "the database of another program";
	return version_fault(sqlite_integer(sqlite, "PRAGMA user_version", 0));
}

/* Settings of this connection; they change nothing in the file. */
static void connection_set(struct sqlite *sqlite)
{
	sqlite3_extended_result_codes(sqlite->db, 1);
	sqlite3_busy_timeout(sqlite->db, BUSY_MS);
	sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite_run(sqlite, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
			   "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;");
}

static const char *make_schema(struct sqlite *sqlite)
{
	char version[64];

	snprintf(version, sizeof(version), "PRAGMA user_version = %d", SCHEMA_VERSION);
	if (sqlite_run(sqlite, "BEGIN EXCLUSIVE") == SQLITE_OK &&
		sqlite_run(sqlite, schema_sql) == SQLITE_OK &&
		sqlite_run(sqlite, version) == SQLITE_OK &&
		sqlite_run(sqlite, "COMMIT") == SQLITE_OK)
		return NULL;
	return sqlite3_errmsg(sqlite->db);
}

static bool is_wal(struct sqlite *sqlite)
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

static bool is_new(struct sqlite *sqlite)
{
	return sqlite_integer(sqlite, "SELECT count(*) FROM sqlite_schema", 0) == 0;
}

/* A start does not wait for the pages of a large file. */
static char *small_file_damage(struct sqlite *sqlite)
{
	int64_t bytes = sqlite_integer(sqlite, "PRAGMA page_count", 0) *
			sqlite_integer(sqlite, "PRAGMA page_size", 0);

	return bytes <= CHECKED_MOST ? sqlite_damage(sqlite->db) : NULL;
}

/* Damage is said before anything is done with it. */
static char *make_current(struct sqlite *sqlite)
{
	char *why = small_file_damage(sqlite);

	if (why != NULL || is_new(sqlite))
		return why;
	return sqlite_migrate(
		sqlite, (int)sqlite_integer(sqlite, "PRAGMA user_version", 0), SCHEMA_VERSION);
}

/* FULL: a COMMIT comes back when its part of the log has been synced. */
static bool set_writer(struct sqlite *sqlite)
{
	return sqlite_run(sqlite, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
				  "PRAGMA journal_size_limit = 33554432;") == SQLITE_OK;
}

static const char *writer_fault(struct sqlite *sqlite)
{
	if (!is_wal(sqlite))
		return sqlite3_errmsg(sqlite->db);
	if (!set_writer(sqlite))
		return sqlite3_errmsg(sqlite->db);
	if (is_new(sqlite))
		return make_schema(sqlite);
	if (sqlite_run(sqlite, "BEGIN IMMEDIATE; ROLLBACK;") != SQLITE_OK)
		return sqlite3_errmsg(sqlite->db);
	return NULL;
}

/* What is made before the file is served is synced like everything after it. */
static char *make_ready(struct sqlite *sqlite)
{
	const char *fault = database_fault(sqlite);
	char *why = NULL;

	if (fault == NULL && sqlite_run(sqlite, "PRAGMA synchronous = FULL") != SQLITE_OK)
		fault = sqlite3_errmsg(sqlite->db);
	if (fault == NULL && (why = make_current(sqlite)) == NULL)
		fault = writer_fault(sqlite);
	return fault != NULL ? memory_copy(fault, strlen(fault)) : why;
}

/* A log that another program has left is not folded into its file by our closing it. */
static void keep_log(struct sqlite *sqlite, bool keep)
{
	sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, (int)keep, NULL);
}

static char *open_claimed(struct sqlite *sqlite, const char *file)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

	if (sqlite3_open_v2(file, &sqlite->db, flags, NULL) != SQLITE_OK) {
		int error = sqlite3_system_errno(sqlite->db);
		const char *fault = error != 0 ? strerror(error) : sqlite3_errmsg(sqlite->db);
		return memory_copy(fault, strlen(fault));
	}
	connection_set(sqlite);
	keep_log(sqlite, has_log(file));
	char *why = make_ready(sqlite);

	if (why == NULL)
		keep_log(sqlite, false);
	return why;
}

char *sqlite_open_writer(struct sqlite *sqlite, const char *file, struct claim *claim)
{
	const char *fault = file_fault(file);

	*sqlite = (struct sqlite){ 0 };
	if (fault == NULL)
		fault = claim_take(claim, file);
	if (fault != NULL)
		return memory_copy(fault, strlen(fault));
	char *why = open_claimed(sqlite, file);

	if (why != NULL) {
		sqlite_close(sqlite);
		claim_release(claim, true);
	}
	return why;
}

bool sqlite_open_again(struct sqlite *sqlite, const char *file)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

	if (sqlite3_open_v2(file, &sqlite->db, flags, NULL) == SQLITE_OK) {
		connection_set(sqlite);
		if (is_wal(sqlite) && set_writer(sqlite))
			return true;
	}
	sqlite_abandon(sqlite);
	return false;
}

void sqlite_abandon(struct sqlite *sqlite)
{
	if (sqlite->db != NULL)
		keep_log(sqlite, true);
	sqlite_close(sqlite);
}

bool sqlite_open_reader(struct sqlite *sqlite, const char *file)
{
	*sqlite = (struct sqlite){ 0 };
	if (sqlite3_open_v2(file, &sqlite->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
		SQLITE_OK)
		return false;
	connection_set(sqlite);
	return sqlite_run(sqlite, "PRAGMA query_only = ON") == SQLITE_OK;
}

void sqlite_close(struct sqlite *sqlite)
{
	for (unsigned i = 0; i < STATEMENTS_MAX; i++)
		sqlite3_finalize(sqlite->prepared[i]);
	for (unsigned i = 0; i < COMPOSED_MOST; i++)
		sqlite3_finalize(sqlite->composed[i]);
	for (unsigned i = 0; i < COMMANDS; i++)
		sqlite3_finalize(sqlite->command[i]);
	sqlite3_close(sqlite->db);
	*sqlite = (struct sqlite){ 0 };
}
