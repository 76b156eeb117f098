/*
 * A migration that does not come to its end: killed, out of room, or on a disk that fails, at each
 * single system call by which it changes a file. The next start has to make of it what an undisturbed
 * one does.
 */
#include "fixture.h"
#include "storage.h"
#include "system_fault.h"
#include "version.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* A page takes four calls, and a longer note of many such is nothing else. */
#define FEWER_PAGES "UPDATE tasks SET note = substr(note, 1, 3000)"
#define BY_JOURNAL FEWER_PAGES "; PRAGMA journal_mode = DELETE"

/* Each call; with a sanitizer, where a fork takes long, one of so many, and other ones of each fault. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STRIDE 7
#else
#define STRIDE 1
#endif

#define NEWEST "version 5\n" /* as a dump begins with it */

#define CALLS_LEAST 50 /* of a migration: with fewer of them the test looks at nothing */
#define CALLS_MOST 5000

enum { OPENED, REFUSED, BAD_LINE };

/* What the old file is like. */
enum state {
	AT_REST,
	WITH_LOG,     /* in which everything is */
	WITH_JOURNAL, /* as a copy is: not in WAL mode */
};

static char copy[VERSION_NAME_SIZE];
static struct buffer old, migrated; /* what the file holds before and after, undisturbed */
static struct buffer bytes[2];	    /* of the old file, and of its log */
static struct buffer copied;	    /* the bytes of its copy */
static unsigned *calls;		    /* that the process of a start has made; shared with it */

static const char *const endings[2] = { "", "-wal" };

static void path_set(char path[200], int which)
{
	snprintf(path, 200, "%s%s", h.database, endings[which]);
}

static void setup(void)
{
	fixture_setup();
	calls = mmap(
		NULL, sizeof(*calls), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(calls, MAP_FAILED);
}

static void teardown(void)
{
	buffer_free(&old);
	buffer_free(&migrated);
	buffer_free(&copied);
	buffer_free(&bytes[0]);
	buffer_free(&bytes[1]);
	munmap(calls, sizeof(*calls));
	fixture_teardown();
}

static void remember_old(enum state state, int version)
{
	const char *then = version == 1 ? FEWER_PAGES : "";
	char path[200], sql_name[32];

	snprintf(sql_name, sizeof(sql_name), "version_%d.sql", version);
	version_copy_name(copy, h.database, version);
	version_make(
		h.database, sql_name, state == WITH_JOURNAL ? BY_JOURNAL : then, state == WITH_LOG);
	for (int i = 0; i < 1 + (state == WITH_LOG); i++) {
		path_set(path, i);
		bytes[i] = version_read_file(path);
	}
	old = version_dump(h.database);
}

static void restore_old(void)
{
	char path[200];

	snprintf(path, sizeof(path), "%s-shm", h.database);
	unlink(path);
	snprintf(path, sizeof(path), "%s-journal", h.database);
	unlink(path);
	unlink(copy);
	for (int i = 0; i < 2; i++) {
		path_set(path, i);
		unlink(path);
		if (bytes[i].length > 0)
			storage_write(path, bytes[i].data, bytes[i].length);
	}
}

/* The start of a server, and its end as it comes: it is not closed. */
static int start(void)
{
	struct event_base *base = event_base_new();
	char *why = NULL;
	struct store *store = store_open(h.database, base, &why);

	*calls = system_fault.calls;
	if (store != NULL)
		return OPENED;
	return why[0] == '\0' || strchr(why, '\n') != NULL ? BAD_LINE : REFUSED;
}

/* A start in a process of its own: how it ended, or -1 where it was killed. */
static int start_with(enum fault fault, unsigned at)
{
	int status;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		close(STDERR_FILENO);
		system_fault.fault = fault;
		system_fault.at = at;
		system_fault.calls = 0;
		_exit(start());
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status)) {
		ck_assert_int_eq(WTERMSIG(status), SIGKILL);
		return -1;
	}
	ck_assert_int_ne(WEXITSTATUS(status), BAD_LINE);
	return WEXITSTATUS(status);
}

static void expect_files(const char *expected)
{
	struct buffer names = version_folder(h.folder);

	ck_assert_msg(strcmp(names.data, expected) == 0, "there are %s", names.data);
	buffer_free(&names);
}

/* Wholly migrated, with its copy, and nothing else is left. */
static void expect_migrated(void)
{
	struct stat status;

	char files[80];

	snprintf(files, sizeof(files), "todo.sqlite %s", strrchr(copy, '/') + 1);
	version_expect_opened(h.database);
	expect_files(files);
	version_expect_same(version_dump(h.database), &migrated);
	version_expect_same(version_read_file(copy), &copied);
	ck_assert_int_eq(stat(copy, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0600);
}

static void remember_migrated(void)
{
	ck_assert_int_eq(start_with(FAULT_NONE, 0), OPENED);
	ck_assert_uint_gt(*calls, CALLS_LEAST);
	ck_assert_uint_lt(*calls, CALLS_MOST);
	version_expect_opened(h.database);
	version_expect_same(version_dump(copy), &old);
	copied = version_read_file(copy);
	migrated = version_dump(h.database);
	ck_assert(strncmp(migrated.data, NEWEST, strlen(NEWEST)) == 0);
	expect_migrated();
}

/*
 * Nothing is lost and nothing is begun: there is but the copy, where it was finished. The room may
 * also have ended behind the migration, where the file is put into WAL mode.
 */
static void expect_no_harm(enum state state)
{
	struct buffer now = version_dump(h.database);
	bool done = strncmp(now.data, NEWEST, strlen(NEWEST)) == 0;

	ck_assert(!done || state == WITH_JOURNAL);
	version_expect_same(now, done ? &migrated : &old);
	if (access(copy, F_OK) == 0)
		version_expect_same(version_read_file(copy), &copied);
}

static void expect_ending(enum fault fault, unsigned at, int ending)
{
	if (fault == FAULT_KILLED || fault == FAULT_KILLED_IN)
		ck_assert_msg(ending == -1, "call %u: not killed", at);
	else
		ck_assert_msg(ending == OPENED || ending == REFUSED, "call %u", at);
}

static void disturb_everywhere(enum fault fault, enum state state, int version, unsigned first)
{
	unsigned all, refused = 0;

	remember_old(state, version);
	remember_migrated();
	restore_old();
	start_with(FAULT_NONE, 0);
	all = *calls;
	for (unsigned at = first; at <= all; at += STRIDE) {
		restore_old();
		int ending = start_with(fault, at);
		expect_ending(fault, at, ending);
		if (fault == FAULT_NO_ROOM && ending == REFUSED)
			expect_no_harm(state);
		refused += ending == REFUSED;
		expect_migrated();
	}
	if (fault == FAULT_ERROR || fault == FAULT_NO_ROOM)
		ck_assert_uint_gt(refused, all / STRIDE / 4);
}

static const struct {
	enum fault fault;
	enum state state;
	int version;
} faults[] = {
	{ FAULT_KILLED, WITH_LOG, 1 },
	{ FAULT_KILLED_IN, AT_REST, 1 },
	{ FAULT_KILLED_IN, WITH_JOURNAL, 1 },
	{ FAULT_ERROR, AT_REST, 1 },
	{ FAULT_NO_ROOM, WITH_LOG, 1 },
	{ FAULT_NO_ROOM, WITH_JOURNAL, 1 },
	{ FAULT_KILLED, AT_REST, 2 },
	{ FAULT_KILLED_IN, WITH_LOG, 2 },
	{ FAULT_ERROR, WITH_LOG, 2 },
	{ FAULT_NO_ROOM, AT_REST, 2 },
};

START_TEST(start_after_a_disturbed_one_migrates)
{
	disturb_everywhere(
		faults[_i].fault, faults[_i].state, faults[_i].version, 1 + (unsigned)_i % STRIDE);
}
END_TEST

static bool seen_synced, seen_renamed, seen_folder;

/* The copy is durable, by its name too, before the file is written to. */
static void see(const char *call, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	bool synced = strcmp(call, "sync") == 0, file = strncmp(name, "todo.sqlite", 11) == 0;

	if (synced && strcmp(name, "todo.sqlite.version-1.part") == 0)
		seen_synced = true;
	else if (strcmp(call, "rename") == 0)
		seen_renamed = seen_synced;
	else if (synced && strcmp(path, h.folder) == 0)
		seen_folder = seen_renamed;
	else if (file && (name[11] == '\0' || strcmp(name + 11, "-wal") == 0) && !seen_folder)
		_exit(REFUSED);
}

START_TEST(copy_is_durable_before_the_file_changes)
{
	int status;
	pid_t child;

	remember_old(AT_REST, 1);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		system_fault.seen = see;
		_exit(start() == OPENED && seen_folder ? OPENED : REFUSED);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(
		test_case, start_after_a_disturbed_one_migrates, 0, CHECK_COUNT(faults));
	tcase_add_test(test_case, copy_is_durable_before_the_file_changes);
}

int main(void)
{
	return check_main("migration_killed", add);
}
