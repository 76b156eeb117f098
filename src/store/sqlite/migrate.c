/*
 * The steps from version to version. A step is SQL of its own, with the tables as they were when
 * its version came out: it shares nothing with schema.sql, so that what changes there later cannot
 * change what the step makes.
 *
 * To make version n + 1: change schema.sql and write migrations/n.sql, from which the build knows
 * the version; the steps before it stay as they are. A test runs all of them and compares the
 * outcome with schema.sql, and fails where a step was forgotten.
 */
#include "sqlite/migrate.h"

#include "sqlite/backup.h"
#include "sqlite/file/header.h"

#include "base/log.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MOST 4

struct part {
	const char
		*skip_if; /* a query that gives more than 0 where it is not to be run; NULL: none */
	const char *sql;
};

/* What a step needs beside its migrations/n.sql. */
struct step {
	const char *
		precondition; /* a query that gives more than 0 where the file is of that version */
	struct part parts[PARTS_MOST]; /* instead of all of n.sql */
};

extern const char *const migrations[]; /* n.sql by n */
extern const char migration_1_sql[], migration_1_words_sql[];

#define HAS_COLUMN(table, column)                                                                  \
	"SELECT count(*) FROM pragma_table_info('" table "') WHERE name = '" column "'"

/* By the version that they make a newer one of. */
static const struct step early[] = {
	/*
	 * Version 1 grew before it came out: some files of it lack columns, some have all tables.
	 */
	[1] = {
		"SELECT count(*) = 4 FROM sqlite_schema WHERE type = 'table'"
		" AND name IN ('accounts', 'sessions', 'throttle', 'tasks')",
		{
			{ HAS_COLUMN("sessions", "user_agent"),
			  "ALTER TABLE sessions ADD COLUMN name TEXT;"
			  "ALTER TABLE sessions ADD COLUMN scope TEXT NOT NULL DEFAULT 'read-write';"
			  "ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';" },
			{ HAS_COLUMN("accounts", "last_session"),
			  "ALTER TABLE accounts ADD COLUMN last_session INTEGER NOT NULL DEFAULT 0" },
			{ HAS_COLUMN("changes", "revision"), migration_1_sql },
			{ NULL, migration_1_words_sql },
		},
	},
	[2] = {
		"SELECT count(*) = 6 FROM sqlite_schema WHERE type = 'table'"
		" AND name IN ('accounts', 'sessions', 'tasks', 'task_tags', 'changes', 'answers')",
		{ { NULL, NULL } }, /* all of it */
	},
	[3] = {
		"SELECT count(*) = 7 FROM sqlite_schema WHERE type = 'table' AND name IN ('accounts',"
		" 'deleted_accounts', 'sessions', 'tasks', 'task_tags', 'changes', 'answers')",
		{ { NULL, NULL } },
	},
	[4] = {
		"SELECT count(*) = 7 FROM sqlite_schema WHERE type = 'table' AND name IN ('accounts',"
		" 'deleted_accounts', 'sessions', 'tasks', 'task_tags', 'changes', 'answers')",
		{ { NULL, NULL } },
	},
};

#define EARLY (int)(sizeof(early) / sizeof(early[0]))

static bool meets_precondition(struct sqlite *sqlite, int version)
{
	return version >= EARLY || sqlite_integer(sqlite, early[version].precondition, 0) > 0;
}

static bool runs_part(struct sqlite *sqlite, const struct part *part)
{
	if (part->sql == NULL)
		return true;
	if (part->skip_if != NULL && sqlite_integer(sqlite, part->skip_if, 0) > 0)
		return true;
	return sqlite_run(sqlite, part->sql) == SQLITE_OK;
}

static bool runs_parts(struct sqlite *sqlite, int version)
{
	if (version >= EARLY || early[version].parts[0].sql == NULL)
		return sqlite_run(sqlite, migrations[version]) == SQLITE_OK;
	for (int i = 0; i < PARTS_MOST; i++)
		if (!runs_part(sqlite, &early[version].parts[i]))
			return false;
	return true;
}

/* What is wrong with the outcome, or NULL. */
static const char *run_parts(struct sqlite *sqlite, int version)
{
	if (!runs_parts(sqlite, version))
		return sqlite3_errmsg(sqlite->db);
	if (sqlite_integer(sqlite, "SELECT count(*) FROM pragma_foreign_key_check", -1) != 0)
		return "some of its rows are of no account";
	return NULL;
}

static char *step_failed(int version, const char *fault)
{
	char line[512];
	int length = snprintf(line, sizeof(line), "version %d does not become version %d: %.400s",
		version, version + 1, fault);

	return memory_copy(line, (size_t)length);
}

static const char *run_step(struct sqlite *sqlite, int version)
{
	char sql[64];
	const char *fault = run_parts(sqlite, version);

	if (fault != NULL)
		return fault;
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", version + 1);
	return sqlite_run(sqlite, sql) == SQLITE_OK ? NULL : sqlite3_errmsg(sqlite->db);
}

/* Another program may have changed it between our first query and the transaction. */
static char *begin(struct sqlite *sqlite, int version)
{
	if (sqlite_run(sqlite, "BEGIN EXCLUSIVE") != SQLITE_OK)
		return step_failed(version, sqlite3_errmsg(sqlite->db));
	if (sqlite_integer(sqlite, "PRAGMA user_version", -1) != version)
		return step_failed(version, "another program is changing it");
	return NULL;
}

static char *commit(struct sqlite *sqlite, int last)
{
	if (sqlite_run(sqlite, "COMMIT") != SQLITE_OK)
		return step_failed(last, sqlite3_errmsg(sqlite->db));
	return NULL;
}

/* All steps are one transaction: a file is of the version that it was, or of the newest. */
static char *run_steps(struct sqlite *sqlite, int from, int to)
{
	char *why = begin(sqlite, from);

	for (int version = from; why == NULL && version < to; version++) {
		const char *fault = run_step(sqlite, version);
		if (fault != NULL)
			why = step_failed(version, fault);
	}
	if (why == NULL)
		why = commit(sqlite, to - 1);
	if (why != NULL)
		sqlite_run(sqlite, "ROLLBACK");
	return why;
}

static void log_success(struct sqlite *sqlite, int from, int to, const char *copy)
{
	const char *file = sqlite3_db_filename(sqlite->db, "main");
	const char *slash = strrchr(file, '/');

	log_info("%s: version %d became version %d; the copy is %s",
		slash != NULL ? slash + 1 : file, from, to, copy);
}

/* At the end a checkpoint empties the log, which has grown by the whole database. */
char *sqlite_migrate(struct sqlite *sqlite, int from, int to)
{
	char suffix[32], *why = NULL;

	if (from == to)
		return NULL;
	assert(to == SCHEMA_VERSION);
	if (from < 1 || from > to || !meets_precondition(sqlite, from))
		return step_failed(from, "it is not as todo has made it");
	snprintf(suffix, sizeof(suffix), "version-%d", from);
	char *copy = sqlite_backup(sqlite, suffix, &why);

	if (copy == NULL)
		return why;
	sqlite_run(sqlite, "PRAGMA foreign_keys = OFF");
	why = run_steps(sqlite, from, to);
	if (why == NULL) {
		sqlite_run(sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
		log_success(sqlite, from, to, copy);
	}
	free(copy);
	return why;
}
