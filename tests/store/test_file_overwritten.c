/*
 * The database written over in place, and what else happens to its files under a running server: it
 * is noticed before another change is acknowledged, and what was written there stays as it is.
 * Programs that know SQLite are no such thing.
 */
#include "one_user.h"
#include "sound.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

#define OVER "has written over it"
#define BEFORE 5 /* tasks in the backup */
#define AFTER 40 /* and more, which it lacks */
#define FAULT "todo_store_fault"
#define ROUNDS 10

/* Another program on the database. */
static sqlite3 *open_beside(void)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(h.database, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	return db;
}

static void run(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql, why);
}

/* One that comes, runs this, and goes. */
static void run_beside(const char *sql)
{
	sqlite3 *db = open_beside();

	run(db, sql);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* As the shell's .backup: page by page as it is. */
static void back_up(void)
{
	sqlite3 *from = open_beside(), *to;

	ck_assert_int_eq(sqlite3_open(path("backup.sqlite"), &to), SQLITE_OK);
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	ck_assert_ptr_nonnull(backup);
	ck_assert_int_eq(sqlite3_backup_step(backup, -1), SQLITE_DONE);
	ck_assert_int_eq(sqlite3_backup_finish(backup), SQLITE_OK);
	sqlite3_close(to);
	sqlite3_close(from);
}

static void setup(void)
{
	one_user_setup();
	one_user_start(NULL);
	for (int i = 0; i < BEFORE; i++)
		ck_assert_int_eq(create("in the backup"), 201);
	back_up();
	for (int i = 0; i < AFTER; i++)
		ck_assert_int_eq(create("not in the backup"), 201);
}

static const char *const ways[] = {
	"cp backup.sqlite todo.sqlite",
	"cp -p backup.sqlite todo.sqlite",
	"cat backup.sqlite > todo.sqlite",
	"dd if=backup.sqlite of=todo.sqlite conv=notrunc status=none",
	"truncate -s 8192 todo.sqlite",
	": > todo.sqlite",
	"dd if=/dev/zero of=todo.sqlite bs=4096 seek=3 count=1 conv=notrunc status=none",
	"date > todo.sqlite",
};

static void check_refused(void)
{
	ck_assert_int_eq(create("lost"), 503);
	ck_assert_int_eq(create("lost"), 503);
	ck_assert_int_eq(status_of("/readyz"), 503);
	ck_assert_int_eq(status_of("/healthz"), 200);
	ck_assert_double_eq(scrape_value(&h, FAULT), 1);
}

/* As it was put there: neither while the server runs nor when it ends is anything written to it. */
START_TEST(a_file_that_is_written_over_stays_so)
{
	shell(ways[_i]);
	shell("cp todo.sqlite put");
	check_refused();
	wait_until_said(OVER);
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	shell("cmp todo.sqlite put");
	shell("test -s todo.sqlite-wal.orphan && test ! -e todo.sqlite-wal");
}
END_TEST

static void expect_backup(void)
{
	ck_assert_int_eq(count_tasks(), BEFORE);
	ck_assert_int_eq(create("on"), 201);
}

/* Nor is a log read into it that is of another file; and what was in that is not gone. */
START_TEST(the_next_start_serves_what_was_put_there)
{
	int signal = _i == 0 ? SIGTERM : SIGKILL;

	shell("cp todo.sqlite old.sqlite && cp backup.sqlite todo.sqlite");
	ck_assert_int_eq(create("lost"), 503);
	one_user_restart(signal, NULL);
	expect_backup();
	shell("cp todo.sqlite-wal.orphan old.sqlite-wal && chmod 600 old.sqlite");
	one_user_restart(SIGTERM, WORDS("--port", "0", "--db", "old.sqlite"));
	ck_assert_int_eq(count_tasks(), BEFORE + AFTER);
}
END_TEST

START_TEST(no_orphan_is_overwritten)
{
	shell("echo first > todo.sqlite-wal.orphan && cp backup.sqlite todo.sqlite");
	ck_assert_int_eq(create("lost"), 503);
	wait_until_said("todo.sqlite-wal.orphan.2");
	shell("grep -qx first todo.sqlite-wal.orphan && test -s todo.sqlite-wal.orphan.2");
}
END_TEST

/* Also where all of the log is in the file already: it would be read again. */
START_TEST(it_is_noticed_without_any_request)
{
	if (_i == 1)
		run_beside("PRAGMA wal_checkpoint");
	shell("cp backup.sqlite todo.sqlite");
	ck_assert(scrape_until(&h, FAULT, 1));
	wait_until_said(OVER);
	one_user_restart(SIGTERM, NULL);
	expect_backup();
}
END_TEST

/* ---- programs that know SQLite ---- */

static const char *const modes[] = { "PASSIVE", "FULL", "RESTART", "TRUNCATE" };

/* Its own changes and checkpoints, as often as it can, beside those of the server. */
static void *write_beside(void *ended)
{
	sqlite3 *db = open_beside();
	char sql[160];

	run(db, "CREATE TABLE IF NOT EXISTS beside (x)");
	for (unsigned i = 0; !*(atomic_bool *)ended; i++) {
		snprintf(sql, sizeof(sql),
			"INSERT INTO beside VALUES (randomblob(%u)); PRAGMA wal_checkpoint(%s)",
			1 + i % 7 * 9000, modes[i / 2 % 4]);
		sqlite3_exec(db, i % 2 ? sql : strchr(sql, 'P'), NULL, NULL, NULL);
		sqlite3_sleep((int)(i % 4)); /* others want to write, too */
	}
	sqlite3_close(db);
	return NULL;
}

/* The end of the log, as far as it is written: Check takes no long message. */
static const char *last_words(void)
{
	status_of("/readyz");
	char *log = harness_log(&h);
	size_t length = strlen(log);

	return length > 1000 ? log + length - 1000 : log;
}

START_TEST(programs_that_know_sqlite_are_welcome)
{
	static atomic_bool ended;
	pthread_t beside[2];
	long until = deadline_in(5000);
	char why[256];
	int made = 0;

	for (int i = 0; i < 2; i++)
		pthread_create(&beside[i], NULL, write_beside, &ended);
	for (; deadline_in(0) < until; made++)
		ck_assert_msg(create("beside") == 201, "%d: %s", exchange.status, last_words());
	ended = true;
	for (int i = 0; i < 2; i++)
		pthread_join(beside[i], NULL);
	ck_assert_int_eq(status_of("/readyz"), 200);
	one_user_restart(SIGTERM, NULL);
	ck_assert_int_eq(count_tasks(), BEFORE + AFTER + made);
	ck_assert(!is_said(OVER));
	sqlite3 *db = sound_open(h.database);
	ck_assert_msg(sound_check(db, why), "%s", why);
	sqlite3_close(db);
}
END_TEST

/* A page that changed again since is not copied, as long as a reader needs its older content. */
START_TEST(a_checkpoint_beside_a_reader_is_welcome)
{
	sqlite3 *reader = open_beside();

	run_beside("CREATE TABLE b (x); INSERT INTO b VALUES (randomblob(9000))");
	ck_assert_int_eq(create("before"), 201);
	run(reader, "BEGIN; SELECT count(*) FROM tasks");
	ck_assert_int_eq(create("behind"), 201);
	run_beside("PRAGMA wal_checkpoint(PASSIVE)");
	ck_assert_int_eq(create("after"), 201);
	ck_assert_int_eq(sqlite3_close(reader), SQLITE_OK);
	ck_assert(!is_said(OVER));
	one_user_restart(SIGTERM, NULL);
	ck_assert_int_eq(count_tasks(), BEFORE + AFTER + 3);
}
END_TEST

/* A change that changes nothing: the file is looked at, and the log stays as it is. */
static int delete_nothing(void)
{
	json_decref(exchange_json(&exchange, "DELETE", "tasks/999999", NULL));
	return exchange.status;
}

/* An empty log may have had one transaction since the last look, and have it in the file now. */
START_TEST(a_program_that_empties_the_log_is_welcome)
{
	sqlite3 *db = open_beside();

	run(db, "CREATE TABLE b (x); PRAGMA wal_checkpoint(TRUNCATE)");
	ck_assert_int_eq(delete_nothing(), 404);
	run(db, "INSERT INTO b VALUES (1); PRAGMA wal_checkpoint(TRUNCATE)");
	ck_assert_int_eq(delete_nothing(), 404);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	ck_assert_int_eq(create("after"), 201);
	ck_assert(!is_said(OVER));
	one_user_restart(SIGTERM, NULL);
	ck_assert_int_eq(count_tasks(), BEFORE + AFTER + 1);
}
END_TEST

/* A program that comes, writes and goes, and one that writes more than its own checkpoints' share. */
START_TEST(a_program_that_comes_and_goes_is_welcome)
{
	for (int i = 0; i < ROUNDS; i++) {
		run_beside("CREATE TABLE IF NOT EXISTS b (x); DELETE FROM b;"
			   "INSERT INTO b VALUES (randomblob(6000000)); VACUUM;"
			   "PRAGMA wal_checkpoint");
		ck_assert_msg(create("beside") == 201, "%d: %s", exchange.status, last_words());
	}
	ck_assert(!is_said(OVER));
	one_user_restart(SIGTERM, NULL);
	ck_assert_int_eq(count_tasks(), BEFORE + AFTER + ROUNDS);
}
END_TEST

/* ---- the files beside it, and damage ---- */

/* What is in the log's place is not folded into the file. */
START_TEST(a_log_that_is_written_over_is_noticed)
{
	static const char *const logs[] = { "truncate -s 0 todo.sqlite-wal",
		"cp backup.sqlite todo.sqlite-wal",
		"dd if=/dev/urandom of=todo.sqlite-wal "
		"bs=4096 count=8 conv=notrunc status=none" };

	for (size_t i = 0; i < CHECK_COUNT(logs); i++) {
		one_user_restart(SIGTERM, NULL); /* all is in the file then, but for one task */
		ck_assert_int_eq(create("on"), 201);
		shell("cp todo.sqlite put");
		shell(logs[i]);
		ck_assert_int_eq(create("lost"), 503);
		ck_assert_int_eq(status_of("/readyz"), 503);
		wait_until_said(OVER);
		client_close(&client);
		ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
		shell("cmp todo.sqlite put");
		ck_assert(harness_start(&h, NULL, NULL));
		one_user_connect();
		ck_assert_int_eq(count_tasks(), BEFORE + AFTER);
	}
}
END_TEST

/* Without the index's name another program knows nothing of our locks. */
START_TEST(an_index_that_is_away_takes_nothing)
{
	shell("mv todo.sqlite-shm away");
	ck_assert_int_eq(create("lost"), 503);
	shell("mv away todo.sqlite-shm");
	wait_until_said("can be written to again");
	ck_assert_int_eq(create("on"), 201);
	shell("rm todo.sqlite-shm");
	ck_assert_int_eq(create("lost"), 503);
	one_user_restart(_i == 0 ? SIGTERM : SIGKILL, NULL);
	ck_assert_int_eq(count_tasks(), BEFORE + AFTER + 1);
}
END_TEST

/* All but the first page, so that neither the file's size nor its time says anything. */
static void damage_pages(void)
{
	struct stat before;
	char noise[4096];
	int fd = open(h.database, O_RDWR | O_CLOEXEC);

	ck_assert_int_eq(fstat(fd, &before), 0);
	memset(noise, 0xA5, sizeof(noise));
	for (off_t at = 4096; at < before.st_size; at += 4096)
		ck_assert_int_eq(pwrite(fd, noise, sizeof(noise), at), sizeof(noise));
	ck_assert_int_eq(
		futimens(fd, (const struct timespec[]){ before.st_atim, before.st_mtim }), 0);
	close(fd); /* no lock of ours is on it */
}

/* Bits that rot on the disk: from the first that is met, nothing is acknowledged. */
START_TEST(damage_that_is_met_ends_all_changes)
{
	one_user_restart(SIGTERM, NULL);
	ck_assert_int_eq(kill(h.pid, SIGSTOP), 0); /* it does not see that the time stood wrong */
	damage_pages();
	ck_assert_int_eq(kill(h.pid, SIGCONT), 0);
	ck_assert_int_eq(status_of(user.tasks), 503);
	ck_assert_int_eq(create("lost"), 503);
	wait_until_said("is damaged");
	ck_assert_int_eq(status_of("/readyz"), 503);
	ck_assert_double_eq(scrape_value(&h, FAULT), 1);
}
END_TEST

/* Rights that are taken away concern who opens it next. */
START_TEST(rights_names_and_times_are_no_matter)
{
	shell("chmod 000 todo.sqlite && ln todo.sqlite second && chmod 600 todo.sqlite");
	ck_assert_int_eq(create("on"), 201);
	shell("rm second && touch -a todo.sqlite");
	ck_assert_int_eq(create("on"), 201);
	ck_assert(!is_said(OVER));
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 200);
	tcase_add_checked_fixture(test_case, setup, one_user_teardown);
	tcase_add_loop_test(test_case, a_file_that_is_written_over_stays_so, 0, CHECK_COUNT(ways));
	tcase_add_loop_test(test_case, the_next_start_serves_what_was_put_there, 0, 2);
	tcase_add_test(test_case, no_orphan_is_overwritten);
	tcase_add_loop_test(test_case, it_is_noticed_without_any_request, 0, 2);
	tcase_add_test(test_case, programs_that_know_sqlite_are_welcome);
	tcase_add_test(test_case, a_checkpoint_beside_a_reader_is_welcome);
	tcase_add_test(test_case, a_program_that_empties_the_log_is_welcome);
	tcase_add_test(test_case, a_program_that_comes_and_goes_is_welcome);
	tcase_add_test(test_case, a_log_that_is_written_over_is_noticed);
	tcase_add_loop_test(test_case, an_index_that_is_away_takes_nothing, 0, 2);
	tcase_add_test(test_case, damage_that_is_met_ends_all_changes);
	tcase_add_test(test_case, rights_names_and_times_are_no_matter);
}

int main(void)
{
	return check_main("file_overwritten", add);
}
