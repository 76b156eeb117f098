/*
 * What a file is, by its first bytes (https://www.sqlite.org/fileformat.html, 1.3) and by what lies
 * beside it. Nothing is changed by asking.
 */
#include "sqlite_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_SIZE 100

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

/* A log, or a journal that tells how the file was before a change that was not finished. */
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
 * Power went while the first page was on its way to the disk: its first sector is not there, and the
 * journal says that before it there was nothing. SQLite takes the file back to that.
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

const char *sqlite_file_fault(const char *file)
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
	if (length == 0 || (length == HEADER_SIZE && was_being_made(file, header)))
		return NULL;
	if (length != HEADER_SIZE)
		return "not an SQLite database";
	const char *fault = header_fault(header);
	if (fault == NULL && is_cut(header, (uint64_t)status.st_size) && !can_be_mended(file))
		return "damaged: a part of it is missing";
	return fault;
}
