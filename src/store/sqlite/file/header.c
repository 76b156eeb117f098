/*
 * What a file is, by its first bytes (https://www.sqlite.org/fileformat.html, 1.3) and by the files
 * beside it. Nothing is changed.
 */
#include "sqlite/file/header.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_SIZE 100
#define LINKS_MOST 40 /* as the kernel follows */
#define ENDING_MOST (sizeof("-journal") - 1)

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

bool sqlite_has_log(const char *file)
{
	return has_beside(file, "-wal");
}

/* By a log, or by a journal with the file as it was before an unfinished change. */
static bool can_be_mended(const char *file)
{
	return sqlite_has_log(file) || has_beside(file, "-journal");
}

/* Whether the file ends before its last page does. */
static bool is_cut(const unsigned char header[HEADER_SIZE], uint64_t size)
{
	uint32_t page = (uint32_t)header[16] << 8 | header[17];

	if (page == 1)
		page = 65536;
	return size < (uint64_t)page * big_endian(header + 28);
}

/*
 * Power failed while the first page was being written: its first sector is missing, and by the
 * journal the file was empty before. SQLite makes it empty again.
 */
static bool was_being_made(const char *file, const unsigned char header[HEADER_SIZE])
{
	static const unsigned char nothing[HEADER_SIZE];

	return memcmp(header, nothing, HEADER_SIZE) == 0 && has_beside(file, "-journal");
}

const char *sqlite_version_fault(int64_t version)
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
		return sqlite_version_fault(version);
	return NULL;
}

/* Checked before it is opened: opening a pipe without a writer would block. */
static const char *type_fault(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a folder, not a file";
	return S_ISREG(mode) ? NULL : "not a file, but a pipe, a socket or a device";
}

/* Its first bytes, as many as there are, and its size. NULL, or why it cannot be read. */
static const char *read_header(
	const char *file, unsigned char header[HEADER_SIZE], ssize_t *length, off_t *size)
{
	struct stat status;
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return strerror(errno);
	const char *fault = fstat(fd, &status) != 0 ? strerror(errno) : type_fault(status.st_mode);
	if (fault == NULL && (*length = read(fd, header, HEADER_SIZE)) < 0)
		fault = strerror(errno);
	*size = status.st_size;
	close(fd);
	return fault;
}

const char *sqlite_header_check(const char *file)
{
	unsigned char header[HEADER_SIZE];
	struct stat status;
	ssize_t length = 0;
	off_t size = 0;

	if (stat(file, &status) != 0)
		return errno == ENOENT ? NULL : strerror(errno);
	const char *fault = type_fault(status.st_mode);
	if (fault == NULL)
		fault = read_header(file, header, &length, &size);
	if (fault != NULL)
		return fault;
	if (length == 0 || (length == HEADER_SIZE && was_being_made(file, header)))
		return NULL;
	if (length != HEADER_SIZE)
		return "not an SQLite database";
	fault = header_fault(header);
	if (fault == NULL && is_cut(header, (uint64_t)size) && !can_be_mended(file))
		return "damaged: a part of it is missing";
	return fault;
}

/* ---- its real path ---- */

/* "FOLDER/" of a path, or "./", followed by a name; to be freed. */
static char *beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	char *joined = memory_allocate(folder + strlen(name) + sizeof("./"));

	if (folder > 0)
		memcpy(joined, path, folder);
	else
		memcpy(joined, "./", folder = 2);
	strcpy(joined + folder, name);
	return joined;
}

/* Of a file that does not exist: its folder's real path and its name. */
static char *absent_path(const char *file)
{
	const char *slash = strrchr(file, '/');
	char *folder = beside(file, "");
	char *real = realpath(folder, NULL);

	free(folder);
	if (real == NULL)
		return NULL;
	char *within = memory_allocate(strlen(real) + 2);
	sprintf(within, "%s/", strcmp(real, "/") == 0 ? "" : real);
	char *path = beside(within, slash != NULL ? slash + 1 : file);
	free(within);
	free(real);
	return path;
}

/* A link to a file that does not exist is resolved to that name. NULL with errno. */
static char *real_path(const char *file, unsigned links)
{
	char target[PATH_MAX];
	char *path = realpath(file, NULL);

	if (path != NULL || errno != ENOENT)
		return path;
	ssize_t length = readlink(file, target, sizeof(target) - 1);
	if (length < 0)
		return absent_path(file);
	if (links == 0) {
		errno = ELOOP;
		return NULL;
	}
	target[length] = '\0';
	char *next = target[0] == '/' ? memory_copy(target, (size_t)length) : beside(file, target);
	path = real_path(next, links - 1);
	int error = errno;
	free(next);
	errno = error;
	return path;
}

/* With what SQLite appends to it. */
static bool is_too_long(const char *path)
{
	size_t most = (size_t)sqlite3_vfs_find(NULL)->mxPathname;

	return strlen(path) + ENDING_MOST > most ||
	       strlen(strrchr(path, '/') + 1) + ENDING_MOST > NAME_MAX;
}

char *sqlite_file_path(const char *file, const char **why)
{
	size_t length = strlen(file);

	*why = NULL;
	if (length > 0 && file[length - 1] == '/') {
		*why = "a folder, not a file";
		return NULL;
	}
	char *path = real_path(file, LINKS_MOST);
	if (path == NULL)
		*why = errno == ENAMETOOLONG ? "the path is too long" : strerror(errno);
	else if (is_too_long(path))
		*why = "the path is too long: SQLite takes 504 bytes, and 247 in the last part";
	if (*why == NULL)
		return path;
	free(path);
	return NULL;
}
