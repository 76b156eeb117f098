/*
 * The copy is written under a temporary name and renamed when it is complete and synced, so that a
 * file of the final name is always good. The thread that opens the store.
 */
#include "sqlite/backup.h"

#include "sqlite/file/integrity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4352	/* more than SQLite's longest, and a suffix */
#define COPIES_MOST 100 /* of one version, all different */
#define COMPARED 65536	/* bytes at a time */

struct copy {
	const char *file;
	char part[PATH_SIZE];	      /* while it is not whole */
	char journal[PATH_SIZE + 16]; /* that SQLite keeps beside that */
	char name[PATH_SIZE];	      /* when it is */
};

static char *say(const char *why)
{
	char line[512];
	int length = snprintf(line, sizeof(line), "no copy of it can be made: %.400s", why);

	return memory_copy(line, (size_t)length);
}

static void part_remove(const struct copy *copy)
{
	unlink(copy->part);
	unlink(copy->journal);
}

/*
 * SQLite takes an empty file for none. It is made here so that it is private from its first byte
 * on.
 */
static bool part_make(const struct copy *copy)
{
	part_remove(copy);
	int fd = open(copy->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd >= 0 && close(fd) == 0;
}

static bool part_fill(struct sqlite *sqlite, const struct copy *copy)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(sqlite->db, "VACUUM INTO ?", -1, &stmt, NULL) != SQLITE_OK)
		return false;
	sqlite3_bind_text(stmt, 1, copy->part, -1, SQLITE_STATIC);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK;
}

/* A file, or a folder with the names in it. */
static bool is_synced(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool synced = fsync(fd) == 0;
	int error = errno;

	close(fd);
	errno = error;
	return synced;
}

static bool folder_is_synced(const char *file)
{
	char folder[PATH_SIZE];
	const char *slash = strrchr(file, '/');

	if (slash == NULL)
		return is_synced(".");
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - file + 1), file);
	return is_synced(folder);
}

/* NULL: the copy is whole under its first name. */
static char *part_write(struct sqlite *sqlite, const struct copy *copy)
{
	if (!part_make(copy))
		return say(strerror(errno));
	if (!part_fill(sqlite, copy))
		return say(sqlite3_errmsg(sqlite->db));
	if (!is_synced(copy->part))
		return say(strerror(errno));
	char *damage = sqlite_quick_check_file(copy->part);

	if (damage == NULL)
		return NULL;
	char *why = say(damage);

	free(damage);
	return why;
}

static bool streams_are_same(FILE *one, FILE *other)
{
	char bytes[2][COMPARED];
	size_t got;

	do {
		got = fread(bytes[0], 1, COMPARED, one);
		if (fread(bytes[1], 1, COMPARED, other) != got ||
			memcmp(bytes[0], bytes[1], got) != 0)
			return false;
	} while (got > 0);
	return !ferror(one) && !ferror(other);
}

static bool files_are_same(const char *one, const char *other)
{
	FILE *a = fopen(one, "rbe");
	FILE *b = fopen(other, "rbe");
	bool same = a != NULL && b != NULL && streams_are_same(a, b);

	if (a != NULL)
		fclose(a);
	if (b != NULL)
		fclose(b);
	return same;
}

static void name_set(struct copy *copy, const char *suffix, int number)
{
	if (number == 1)
		snprintf(copy->name, sizeof(copy->name), "%s.%s", copy->file, suffix);
	else
		snprintf(copy->name, sizeof(copy->name), "%s.%s.%d", copy->file, suffix, number);
}

/* A start that was killed after this has left the same copy: one of them is enough. */
static bool is_placed(struct copy *copy, const char *suffix)
{
	struct stat status;

	for (int number = 1; number <= COPIES_MOST; number++) {
		name_set(copy, suffix, number);
		if (lstat(copy->name, &status) != 0)
			return errno == ENOENT && rename(copy->part, copy->name) == 0;
		if (files_are_same(copy->part, copy->name))
			return unlink(copy->part) == 0;
	}
	errno = EEXIST;
	return false;
}

char *sqlite_backup(struct sqlite *sqlite, const char *suffix, char **why)
{
	struct copy *copy = memory_zeroed(sizeof(*copy));
	char *name = NULL;

	copy->file = sqlite3_db_filename(sqlite->db, "main");
	snprintf(copy->part, sizeof(copy->part), "%s.%s.part", copy->file, suffix);
	snprintf(copy->journal, sizeof(copy->journal), "%s-journal", copy->part);
	*why = part_write(sqlite, copy);
	if (*why == NULL && !(is_placed(copy, suffix) && folder_is_synced(copy->file)))
		*why = say(strerror(errno));
	if (*why != NULL) {
		part_remove(copy);
	} else {
		const char *slash = strrchr(copy->name, '/');
		const char *last = slash != NULL ? slash + 1 : copy->name;
		name = memory_copy(last, strlen(last));
	}
	free(copy);
	return name;
}
