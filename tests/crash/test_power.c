/*
 * Loss of power under a mixed load, by records of every write and sync: whatever the disk makes of
 * what was not synced, all that was acknowledged by then is there, nothing is half there, and the
 * server starts on it.
 *
 * CRASH_IMAGES sets how many images are made, CRASH_SEED the dice.
 */
#include "deadline.h"
#include "disk.h"
#include "fixture.h"
#include "load.h"
#include "setting.h"
#include "storage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IMAGES 60
#else
#define IMAGES 150
#endif
#define STEPS 1500     /* of the load, over all runs of the server */
#define RUNS 3	       /* of the server: it ends well, or is killed */
#define STARTS_EACH 25 /* images to one start of the server itself */
#define EARLY 14       /* operations in which the file comes to be: images of each, and starts */
#define EARLY_EACH 25  /* images of the rest to one of each of them */
#define RESTARTS 5     /* of the log, at least */

static struct load load;

/* Operations that are done, as the server on trial counts them. */
static _Atomic uint64_t *clock_map(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT, 0600);

	ck_assert_int_eq(ftruncate(fd, sizeof(uint64_t)), 0);
	void *clock = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ck_assert_ptr_ne(clock, MAP_FAILED);
	close(fd);
	return clock;
}

/* Until the server does nothing of its own accord any more: a kill shall not tear a record. */
static void quiet_wait(void)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	long until = deadline_in(HARNESS_DEADLINE_MS);
	uint64_t before;

	do {
		before = atomic_load(load.clock);
		nanosleep(&pause, NULL);
	} while (before != atomic_load(load.clock) && deadline_in(0) < until);
}

/* One run of the server under load, until so many steps in all are acknowledged. */
static void run(unsigned number, const char *const *environment)
{
	load.most = STEPS * (number + 1) / RUNS;
	ck_assert(harness_start(&h, NULL, environment));
	load_run(&load, h.port);
	load_wait(&load);
	CHECK_THAT(!load_fault(&load), "%s", load_fault(&load));
	if (number % 2 == 0) {
		ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	} else {
		quiet_wait();
		ck_assert_int_eq(harness_stop(&h, SIGKILL), 128 + SIGKILL);
	}
}

static void record(void)
{
	char log[160], clock[160], file[128];
	const char *const environment[] = { log, clock, NULL };

	snprintf(file, sizeof(file), "%s/clock", h.folder);
	snprintf(log, sizeof(log), TRIAL_LOG "=%s/log", h.folder);
	snprintf(clock, sizeof(clock), TRIAL_CLOCK "=%s", file);
	load.clock = clock_map(file);
	setenv("HARNESS_BINARY", TODO_ON_TRIAL, 1);
	for (unsigned n = 0; n < RUNS; n++)
		run(n, environment);
	unsetenv("HARNESS_BINARY");
}

/* The server's own start on the image, which ends in a file without a log. */
static void start_on(const char *image, size_t point, unsigned long seed)
{
	const char *const arguments[] = { "--port", "0", "--log", "off", "--db", image, NULL };

	CHECK_THAT(harness_start(&h, arguments, NULL),
		"power lost after operation %zu, CRASH_SEED=%lu: no start", point, seed);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}

/* Before the schema is there nothing can have been acknowledged. */
static bool is_empty(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	bool empty = sqlite3_prepare_v2(db, "SELECT count(*) FROM sqlite_schema", -1, &stmt,
			     NULL) == SQLITE_OK &&
		     sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 0) == 0;

	sqlite3_finalize(stmt);
	return empty;
}

/* Where the file's name was not there yet the server would make it, whatever lies beside it. */
static sqlite3 *image_open(const char *image)
{
	if (access(image, F_OK) != 0)
		storage_write(image, "", 0);
	return sound_open(image);
}

static void check_image(const char *image, size_t point, unsigned long seed)
{
	char why[256] = "cannot be opened";
	sqlite3 *db = image_open(image);

	bool sound = db != NULL && (is_empty(db) || sound_check(db, why)) &&
		     load_check(&load, db, point, why);
	CHECK_THAT(sound, "power lost after operation %zu, CRASH_SEED=%lu: %s", point, seed, why);
	sqlite3_close(db);
}

static int compare(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

/* How often the log was begun anew, which a checkpoint of all of it comes before. */
static unsigned log_restarts(const struct disk *disk)
{
	unsigned count = 0;

	for (size_t i = 0; i < disk->count; i++)
		count += disk->records[i]->file == TRIAL_WAL &&
			 disk->records[i]->kind == TRIAL_WRITE && disk->records[i]->offset == 0;
	return count;
}

/* Points in time behind the first ones, in order. */
static size_t *points_make(size_t count, size_t operations, uint64_t *dice)
{
	size_t *points = malloc(count * sizeof(*points));

	ck_assert_ptr_nonnull(points);
	for (size_t i = 0; i < count; i++)
		points[i] = EARLY + check_random(dice) % (operations + 1 - EARLY);
	qsort(points, count, sizeof(*points), compare);
	return points;
}

static void try(struct disk *disk, size_t point, bool starts, uint64_t *dice, unsigned long seed)
{
	char image[128];

	snprintf(image, sizeof(image), "%s/image.sqlite", h.folder);
	disk_follow(disk, point);
	ck_assert(disk_image(disk, dice, image));
	if (starts)
		start_on(image, point, seed);
	check_image(image, point, seed);
}

static void try_all(struct disk *disk, size_t images, uint64_t *dice, unsigned long seed)
{
	for (size_t point = 0; point < EARLY; point++)
		for (size_t i = 0; i < images / EARLY_EACH; i++)
			try(disk, point, true, dice, seed);
	size_t *points = points_make(images, disk->count, dice);
	for (size_t i = 0; i < images; i++)
		try(disk, points[i], i % STARTS_EACH == 0, dice, seed);
	free(points);
}

START_TEST(lost_power_loses_nothing_acknowledged)
{
	size_t images = setting("CRASH_IMAGES", IMAGES);
	unsigned long seed = setting("CRASH_SEED", 20261123);
	uint64_t dice = seed;
	struct disk disk;
	char log[128];

	load_begin(&load, seed);
	record();
	snprintf(log, sizeof(log), "%s/log", h.folder);
	ck_assert(disk_open(&disk, log));
	ck_assert_uint_eq(disk.count, atomic_load(load.clock));
	ck_assert_uint_ge(log_restarts(&disk), RESTARTS);
	try_all(&disk, images, &dice, seed);
	printf("%zu images of %zu operations, %u acknowledged steps, %u times large changes,"
	       " %u logs, seed %lu\n",
		images + images / EARLY_EACH * EARLY, disk.count, atomic_load(&load.acknowledged),
		atomic_load(&load.large), log_restarts(&disk), seed);
	disk_close(&disk);
	load_end(&load);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 3600);
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, lost_power_loses_nothing_acknowledged);
}

int main(void)
{
	return check_main("power", add);
}
