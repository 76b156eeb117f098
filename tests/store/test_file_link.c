/*
 * The database by another name: through links, to what is not there yet, and names that no database
 * can have.
 */
#include "one_user.h"
#include "refusal.h"
#include "tracer.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define TASKS 20
#define IDLE_MS 90000

static const char *const by_link[] = { "--port", "0", "--db", "link.sqlite", NULL };

/* The file lies in a folder of its own, and is served by a link that is elsewhere. */
static void serve_by_link(void)
{
	shell("mkdir real && : > real/todo.sqlite && ln -s real/todo.sqlite link.sqlite");
	one_user_start(by_link);
	for (int i = 0; i < TASKS; i++)
		ck_assert_int_eq(create("kept"), 201);
}

static off_t size_of(const char *name)
{
	struct stat status;

	return stat(path(name), &status) == 0 ? status.st_size : -1;
}

START_TEST(the_log_is_measured_and_emptied)
{
	long until = deadline_in(IDLE_MS);

	serve_by_link();
	ck_assert_int_gt(size_of("real/todo.sqlite-wal"), 0);
	ck_assert(scrape_until(&h, "todo_store_wal_bytes", 1));
	for (; size_of("real/todo.sqlite-wal") > 0; deadline_pause())
		ck_assert_msg(deadline_in(0) < until, "the log is not emptied");
	shell("cp real/todo.sqlite copy.sqlite");
	one_user_restart(SIGTERM, WORDS("--port", "0", "--db", "copy.sqlite"));
	ck_assert_int_eq(count_tasks(), TASKS);
}
END_TEST

START_TEST(a_log_that_is_gone_is_noticed)
{
	serve_by_link();
	ck_assert_int_eq(unlink(path("real/todo.sqlite-wal")), 0);
	ck_assert_int_eq(create("lost"), 503);
	ck_assert_int_eq(status_of("/readyz"), 503);
	one_user_restart(SIGTERM, by_link);
	ck_assert_int_eq(count_tasks(), TASKS);
}
END_TEST

/* The log has what the file lacks. */
START_TEST(a_server_killed_in_a_checkpoint_starts_again)
{
	static struct tracer tracer;

	serve_by_link();
	ck_assert(tracer_start(&tracer, &h,
		WORDS("trace=pwrite64,ftruncate", "inject=pwrite64:signal=KILL:when=3")));
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 128 + SIGKILL);
	tracer_stop(&tracer);
	ck_assert_int_gt(size_of("real/todo.sqlite-wal"), 0);
	ck_assert(harness_start(&h, by_link, NULL));
	one_user_connect();
	ck_assert_int_eq(count_tasks(), TASKS);
}
END_TEST

/* The link may lead elsewhere later: it was followed once. */
START_TEST(a_link_that_is_moved_is_no_matter)
{
	serve_by_link();
	shell("rm link.sqlite && ln -s other.sqlite link.sqlite");
	ck_assert_int_eq(create("more"), 201);
	shell("rm link.sqlite && ln -s real/todo.sqlite link.sqlite");
	one_user_restart(SIGKILL, by_link);
	ck_assert_int_eq(count_tasks(), TASKS + 1);
	ck_assert_int_eq(size_of("other.sqlite"), -1);
}
END_TEST

/* Which command line makes which file. */
static const struct {
	const char *shell, *db, *file;
} absent[] = {
	{ "mkdir real && ln -s real/todo.sqlite link.sqlite", "link.sqlite", "real/todo.sqlite" },
	{ "mkdir real && ln -s link.sqlite l2 && ln -s real/x link.sqlite", "l2", "real/x" },
	{ "mkdir real && ln -s $PWD/real/x link.sqlite", "./link.sqlite", "real/x" },
	{ "mkdir real && ln -s real there", "there/x", "real/x" },
	{ "mkdir real && ln -s ../x real/link", "real/link", "x" },
	{ "mkdir real", "real/../real/x", "real/x" },
};

START_TEST(what_a_link_names_is_made)
{
	shell(absent[_i].shell);
	ck_assert(harness_start(&h, WORDS("--port", "0", "--db", absent[_i].db), NULL));
	ck_assert_int_gt(size_of(absent[_i].file), 0);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}
END_TEST

static void make_socket(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s/socket", h.folder);
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)(const void *)&name, sizeof(name)), 0);
	close(fd);
}

static const struct {
	const char *shell, *db, *word;
} refused[] = {
	{ "mkfifo pipe", "pipe", "not a file" },
	{ "mkfifo pipe && ln -s pipe link", "link", "not a file" },
	{ ":", "socket", "not a file" },
	{ ":", "/dev/null", "not a file" },
	{ ":", "/dev/full", "not a file" },
	{ ":", "/dev/tty", "not a file" },
	{ "mkdir folder && ln -s folder link", "link", "a folder" },
	{ "ln -s gone/ link", "link", "No such file" },
	{ "ln -s gone/x link", "link", "No such file" },
	{ "ln -s b a && ln -s a b", "a", "symbolic links" },
};

/* At once, in a word, and nothing is made. */
START_TEST(what_is_no_file_is_refused)
{
	make_socket();
	shell(refused[_i].shell);
	int count = folder_count();

	refusal_expect(WORDS("--port", "0", "--db", refused[_i].db), NULL, REFUSED_WORLD,
		refused[_i].word);
	ck_assert_int_eq(folder_count(), count);
}
END_TEST

/* A path below the folder, through folders of 100 bytes, that is so long with the folder's own. */
static const char *long_path(char *room, size_t length)
{
	char *real = realpath(h.folder, NULL);
	size_t at = (size_t)sprintf(room, "%s/", real);

	free(real);
	while (length - at > 110) {
		memset(room + at, 'f', 100);
		room[at + 100] = '\0';
		mkdir(room, 0700);
		room[at + 100] = '/';
		at += 101;
	}
	memset(room + at, 'x', length - at);
	room[length] = '\0';
	return room;
}

START_TEST(the_longest_path_is_served)
{
	char room[1024];

	ck_assert(harness_start(&h, WORDS("--port", "0", "--db", long_path(room, 504)), NULL));
	ck_assert(user_make(&h, &user, "ann"));
	one_user_connect();
	ck_assert_int_eq(create("kept"), 201);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert_int_eq(access(room, F_OK), 0);
}
END_TEST

static const size_t long_paths[] = { 505, 512, 600, 3900 };

START_TEST(a_longer_path_is_refused)
{
	char room[5000];

	const char *name = long_path(room, long_paths[_i]);
	refusal_expect(WORDS("--port", "0", "--db", name), NULL, REFUSED_WORLD, "too long");
	ck_assert_int_ne(access(name, F_OK), 0);
}
END_TEST

static const size_t long_names[] = { 248, 255, 256, 5000 };

START_TEST(a_longer_name_is_refused)
{
	char name[5001] = "";

	memset(name, 'x', long_names[_i]);
	refusal_expect(WORDS("--port", "0", "--db", name), NULL, REFUSED_WORLD, "too long");
	ck_assert_int_eq(folder_count(), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 200);
	tcase_add_checked_fixture(test_case, one_user_setup, one_user_teardown);
	tcase_add_test(test_case, the_log_is_measured_and_emptied);
	tcase_add_test(test_case, a_log_that_is_gone_is_noticed);
	tcase_add_test(test_case, a_server_killed_in_a_checkpoint_starts_again);
	tcase_add_test(test_case, a_link_that_is_moved_is_no_matter);
	tcase_add_loop_test(test_case, what_a_link_names_is_made, 0, CHECK_COUNT(absent));
	tcase_add_loop_test(test_case, what_is_no_file_is_refused, 0, CHECK_COUNT(refused));
	tcase_add_test(test_case, the_longest_path_is_served);
	tcase_add_loop_test(test_case, a_longer_path_is_refused, 0, CHECK_COUNT(long_paths));
	tcase_add_loop_test(test_case, a_longer_name_is_refused, 0, CHECK_COUNT(long_names));
}

int main(void)
{
	return check_main("file_link", add);
}
