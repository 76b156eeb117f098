/*
 * SQLite's check of every page. It does not find a bit that flipped inside a text: SQLite keeps no
 * checksums.
 */
#include "sqlite/file/integrity.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

/* "*** in database main ***" may stand in a line of its own before what was found. */
static const char *last_line(const char *text)
{
	const char *newline = strrchr(text, '\n');

	return newline != NULL ? newline + 1 : text;
}

static char *damage_make(const char *finding)
{
	char line[256];
	int length = snprintf(line, sizeof(line), "damaged: %.200s", last_line(finding));

	return memory_copy(line, (size_t)length);
}

char *sqlite_quick_check(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	const char *finding = NULL;
	char *damage = NULL;

	if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		finding = (const char *)sqlite3_column_text(stmt, 0);
	if (finding == NULL)
		finding = sqlite3_errmsg(db);
	if (strcmp(finding, "ok") != 0)
		damage = damage_make(finding);
	sqlite3_finalize(stmt);
	return damage;
}

char *sqlite_quick_check_file(const char *file)
{
	sqlite3 *db;
	char *damage;

	if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) ==
		SQLITE_OK)
		damage = sqlite_quick_check(db);
	else
		damage = damage_make(sqlite3_errmsg(db));
	sqlite3_close(db);
	return damage;
}
