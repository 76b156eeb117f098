/*
 * A file system of ours under the server on trial (https://www.sqlite.org/vfs.html): it passes
 * everything on to SQLite's own, tells what was done, and fails where it was asked to. The program is
 * linked with --wrap=sqlite3_open_v2, so that nothing in it knows.
 *
 * Operations are made one after the other, under a lock, so that their order is their order.
 */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct file {
	sqlite3_file base;
	sqlite3_file *real;
	uint32_t name; /* TRIAL_FILES: none that matters */
	bool made;     /* its name is not synced yet */
};

static struct {
	pthread_mutex_t lock;
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	int log; /* -1: none */
	_Atomic uint64_t *clock;
	uint64_t operations; /* of this process */
	uint64_t fault_at;
	enum trial_fault fault;
} trial = { .lock = PTHREAD_MUTEX_INITIALIZER, .log = -1 };

/* ---- telling ---- */

static void tell(
	enum trial_kind kind, uint32_t file, uint64_t offset, const void *bytes, uint64_t length)
{
	struct trial_record record = { kind, file, offset, bytes != NULL ? length : 0 };

	if (trial.log >= 0 &&
		(write(trial.log, &record, sizeof(record)) != sizeof(record) ||
			(bytes != NULL && write(trial.log, bytes, length) != (ssize_t)length)))
		abort();
	if (trial.clock != NULL)
		atomic_fetch_add(trial.clock, 1);
}

/* ---- failing ---- */

/* The fault that the operation which begins now has; under the lock. */
static enum trial_fault begin(bool writes)
{
	uint64_t number = ++trial.operations;
	bool once = trial.fault % 2 == 1;
	bool due = once ? number == trial.fault_at : number >= trial.fault_at;

	if (trial.fault == TRIAL_NO_FAULT || !due)
		return TRIAL_NO_FAULT;
	if (!writes && trial.fault != TRIAL_EIO && trial.fault != TRIAL_EIO_ONCE)
		return TRIAL_NO_FAULT;
	return trial.fault;
}

static int failed(enum trial_fault fault, int code)
{
	bool full = fault == TRIAL_FULL || fault == TRIAL_FULL_ONCE;

	errno = full ? ENOSPC : EIO;
	return full ? SQLITE_FULL : code;
}

/* ---- a file's methods ---- */

static struct file *file_of(sqlite3_file *file)
{
	return (struct file *)(void *)file;
}

#define REAL(file) file_of(file)->real
#define PASS(file, method, ...) REAL(file)->pMethods->method(REAL(file), ##__VA_ARGS__)

static bool matters(const struct file *file)
{
	return file->name < TRIAL_FILES;
}

static int trial_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset)
{
	struct file *file = file_of(base);

	if (!matters(file))
		return PASS(base, xWrite, bytes, length, offset);
	pthread_mutex_lock(&trial.lock);
	enum trial_fault fault = begin(true);
	bool half = fault == TRIAL_SHORT || fault == TRIAL_SHORT_ONCE;
	int code = SQLITE_OK;

	if (half)
		length /= 2;
	if (fault == TRIAL_NO_FAULT || half)
		code = PASS(base, xWrite, bytes, length, offset);
	if (code == SQLITE_OK && (fault == TRIAL_NO_FAULT || half))
		tell(TRIAL_WRITE, file->name, (uint64_t)offset, bytes, (uint64_t)length);
	if (fault != TRIAL_NO_FAULT)
		code = failed(fault, SQLITE_IOERR_WRITE);
	pthread_mutex_unlock(&trial.lock);
	return code;
}

static int trial_truncate(sqlite3_file *base, sqlite3_int64 length)
{
	struct file *file = file_of(base);

	if (!matters(file))
		return PASS(base, xTruncate, length);
	pthread_mutex_lock(&trial.lock);
	enum trial_fault fault = begin(false);
	int code = fault == TRIAL_NO_FAULT ? PASS(base, xTruncate, length)
					   : failed(fault, SQLITE_IOERR_TRUNCATE);

	if (code == SQLITE_OK)
		tell(TRIAL_TRUNCATE, file->name, (uint64_t)length, NULL, 0);
	pthread_mutex_unlock(&trial.lock);
	return code;
}

/* With the first sync of a file that it has made, SQLite's own file system syncs the folder. */
static int trial_sync(sqlite3_file *base, int flags)
{
	struct file *file = file_of(base);

	if (!matters(file))
		return PASS(base, xSync, flags);
	pthread_mutex_lock(&trial.lock);
	enum trial_fault fault = begin(false);
	int code = fault == TRIAL_NO_FAULT ? PASS(base, xSync, flags)
					   : failed(fault, SQLITE_IOERR_FSYNC);

	if (code == SQLITE_OK) {
		if (file->made)
			tell(TRIAL_SYNC_NAMES, file->name, 0, NULL, 0);
		file->made = false;
		tell(TRIAL_SYNC, file->name, 0, NULL, 0);
	}
	pthread_mutex_unlock(&trial.lock);
	return code;
}

static int trial_close(sqlite3_file *base)
{
	return PASS(base, xClose);
}

static int trial_read(sqlite3_file *base, void *bytes, int length, sqlite3_int64 offset)
{
	return PASS(base, xRead, bytes, length, offset);
}

static int trial_file_size(sqlite3_file *base, sqlite3_int64 *size)
{
	return PASS(base, xFileSize, size);
}

static int trial_lock(sqlite3_file *base, int level)
{
	return PASS(base, xLock, level);
}

static int trial_unlock(sqlite3_file *base, int level)
{
	return PASS(base, xUnlock, level);
}

static int trial_check_lock(sqlite3_file *base, int *held)
{
	return PASS(base, xCheckReservedLock, held);
}

static int trial_control(sqlite3_file *base, int operation, void *argument)
{
	return PASS(base, xFileControl, operation, argument);
}

static int trial_sector_size(sqlite3_file *base)
{
	return PASS(base, xSectorSize);
}

static int trial_device(sqlite3_file *base)
{
	return PASS(base, xDeviceCharacteristics);
}

static int trial_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **at)
{
	return PASS(base, xShmMap, region, size, extend, at);
}

static int trial_shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
	return PASS(base, xShmLock, offset, n, flags);
}

static void trial_shm_barrier(sqlite3_file *base)
{
	PASS(base, xShmBarrier);
}

static int trial_shm_unmap(sqlite3_file *base, int remove)
{
	return PASS(base, xShmUnmap, remove);
}

/* Version 2: without xFetch, so that nothing is written past us through memory. */
static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = trial_close,
	.xRead = trial_read,
	.xWrite = trial_write,
	.xTruncate = trial_truncate,
	.xSync = trial_sync,
	.xFileSize = trial_file_size,
	.xLock = trial_lock,
	.xUnlock = trial_unlock,
	.xCheckReservedLock = trial_check_lock,
	.xFileControl = trial_control,
	.xSectorSize = trial_sector_size,
	.xDeviceCharacteristics = trial_device,
	.xShmMap = trial_shm_map,
	.xShmLock = trial_shm_lock,
	.xShmBarrier = trial_shm_barrier,
	.xShmUnmap = trial_shm_unmap,
};

/* ---- the file system's methods ---- */

static uint32_t name_of(int flags)
{
	if ((flags & SQLITE_OPEN_MAIN_DB) != 0)
		return TRIAL_DATABASE;
	if ((flags & SQLITE_OPEN_WAL) != 0)
		return TRIAL_WAL;
	return (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0 ? TRIAL_JOURNAL : TRIAL_FILES;
}

/* A file of the database's that is empty when it is opened was made for it a moment ago. */
static bool is_new(const char *name, uint32_t file)
{
	return file == TRIAL_DATABASE ? false : name != NULL && access(name, F_OK) != 0;
}

static int trial_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out)
{
	struct file *file = file_of(base);

	(void)vfs;
	pthread_mutex_lock(&trial.lock);
	*file = (struct file){ .real = (sqlite3_file *)(void *)(file + 1), .name = name_of(flags) };
	file->made = matters(file) && is_new(name, file->name);
	int code = trial.real->xOpen(trial.real, name, file->real, flags, out);

	if (file->real->pMethods != NULL)
		file->base.pMethods = &methods;
	if (code == SQLITE_OK && file->made)
		tell(TRIAL_MADE, file->name, 0, NULL, 0);
	pthread_mutex_unlock(&trial.lock);
	return code;
}

static uint32_t name_by_suffix(const char *name)
{
	size_t length = strlen(name);

	if (length > 4 && strcmp(name + length - 4, "-wal") == 0)
		return TRIAL_WAL;
	return length > 8 && strcmp(name + length - 8, "-journal") == 0 ? TRIAL_JOURNAL
									: TRIAL_FILES;
}

static int trial_delete(sqlite3_vfs *vfs, const char *name, int sync_names)
{
	uint32_t file = name_by_suffix(name);

	(void)vfs;
	if (file == TRIAL_FILES)
		return trial.real->xDelete(trial.real, name, sync_names);
	pthread_mutex_lock(&trial.lock);
	enum trial_fault fault = begin(false);
	int code = fault == TRIAL_NO_FAULT ? trial.real->xDelete(trial.real, name, sync_names)
					   : failed(fault, SQLITE_IOERR_DELETE);

	if (code == SQLITE_OK) {
		tell(TRIAL_DELETE, file, 0, NULL, 0);
		if (sync_names)
			tell(TRIAL_SYNC_NAMES, file, 0, NULL, 0);
	}
	pthread_mutex_unlock(&trial.lock);
	return code;
}

/* ---- the beginning ---- */

static void read_settings(void)
{
	const char *log = getenv(TRIAL_LOG), *clock = getenv(TRIAL_CLOCK);
	const char *fault = getenv(TRIAL_FAULT);
	unsigned long at, kind;

	if (log != NULL)
		trial.log = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (clock != NULL) {
		int fd = open(clock, O_RDWR | O_CLOEXEC);
		trial.clock =
			mmap(NULL, sizeof(*trial.clock), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		close(fd);
		if (trial.clock == MAP_FAILED)
			abort();
	}
	if (fault != NULL && sscanf(fault, "%lu %lu", &at, &kind) == 2 && kind < TRIAL_FAULTS) {
		trial.fault_at = at;
		trial.fault = (enum trial_fault)kind;
	}
}

static void trial_begin(void)
{
	read_settings();
	trial.real = sqlite3_vfs_find(NULL);
	trial.vfs = *trial.real;
	trial.vfs.zName = "trial";
	trial.vfs.pNext = NULL;
	trial.vfs.szOsFile += (int)sizeof(struct file);
	trial.vfs.xOpen = trial_open;
	trial.vfs.xDelete = trial_delete;
	sqlite3_vfs_register(&trial.vfs, 0);
}

int __real_sqlite3_open_v2(const char *name, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *name, sqlite3 **db, int flags, const char *vfs);

int __wrap_sqlite3_open_v2(const char *name, sqlite3 **db, int flags, const char *vfs)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)vfs;
	sqlite3_initialize();
	pthread_once(&once, trial_begin);
	return __real_sqlite3_open_v2(name, db, flags, "trial");
}
