/*
 * The largest files: they go in and out in bounded memory, all or nothing, and others are served
 * meanwhile.
 */
#include "deadline.h"
#include "fixture.h"
#include "transfer.h"
#include "vitals.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

/* A sanitizer slows everything, and its own memory says nothing of the server's. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FILE_SIZE ((size_t)4 << 20)
#define MEMORY_COUNTS false
#else
#define FILE_SIZE (((size_t)64 << 20) - 4096)
#define MEMORY_COUNTS true
#endif

#define TASK_SIZE 500 /* bytes of a task in the file */
#define FILE_DEADLINE_MS 100000
#define WHILE_STALLED 500 /* requests of others, while one does not read on */
#define EXPORT_KB (48L << 10)

static const struct file {
	const char *format;
	const char *begin, *task, *end; /* the task's number and its note are put in */
	const char *bad, *pointer;	/* a last task, and where its fault is; %d is its number */
	int first_line;
} files[] = {
	{ "json", "{\"tasks\":[", "{\"name\":\"task %07d\",\"note\":\"%.*s\"},\n",
		"{\"name\":\"task last\"}]}", "{\"name\":\"last\",\"priority\":4}]}",
		"/tasks/%d/priority", 0 },
	{ "csv", "name,note,priority\n", "task %07d,%.*s,1\n", "task last,,\n", "last,,4\n",
		"/line/%d", 2 },
};

static struct user owner, other;
static struct client client, small;
static struct exchange ask = { .client = &client, .user = &owner };
static char other_task[128]; /* a path */

static int file_count(void)
{
	return (int)(FILE_SIZE / TASK_SIZE) - 1;
}

/* As many tasks as there is room for, and the last one, which may be bad. */
static char *file_make(const struct file *kind, bool bad)
{
	static char note[TASK_SIZE];
	char *text = malloc(FILE_SIZE + 1);
	size_t used = 0;

	ck_assert_ptr_nonnull(text);
	memset(note, 'n', sizeof(note));
	used += (size_t)sprintf(text, "%s", kind->begin);
	for (int n = 0; n < file_count(); n++) {
		int bare = snprintf(NULL, 0, kind->task, n, 0, "");

		used += (size_t)sprintf(text + used, kind->task, n, TASK_SIZE - bare, note);
	}
	used += (size_t)sprintf(text + used, "%s", bad ? kind->bad : kind->end);
	ck_assert_uint_le(used, FILE_SIZE);
	ck_assert_uint_gt(used, FILE_SIZE - 4 * TASK_SIZE);
	return text;
}

static void memory_expect(long kb, long most, const char *what)
{
	if (MEMORY_COUNTS)
		ck_assert_msg(kb <= most, "%s took %ld kB, of %ld", what, kb, most);
}

/* Somebody else reads a task; the milliseconds that it took. */
static long other_read(void)
{
	long before = deadline_in(0);

	ck_assert(user_send(&small, &other, "GET", other_task, NULL));
	ck_assert_int_eq(user_read_status(&small, "GET"), 200);
	return deadline_in(0) - before;
}

/*
 * While the file is at work others are served, and none of them waits for as long as half of it.
 * What they wait is told by the clock of the same run.
 */
static void others_expect(void)
{
	long begun = deadline_in(0), longest = 0, took;
	int served = 0;

	while (!deadline_poll(client.fd, POLLIN, deadline_in(1))) {
		long waited = other_read();

		longest = waited > longest ? waited : longest;
		served++;
		CHECK_THAT(deadline_in(0) - begun < FILE_DEADLINE_MS, "the import does not end");
	}
	took = deadline_in(0) - begun;
	ck_assert_int_gt(served, 10);
	ck_assert_msg(longest * 2 < took, "one waited %ld ms of %ld", longest, took);
}

/* The most memory that the server had meanwhile, in kB; the reply is to be freed. */
static long import_run(const struct file *kind, bool bad, struct reply *reply)
{
	char *text = file_make(kind, bad);

	vitals_peak_anew(h.pid);
	ck_assert(transfer_send(&ask, kind->format, text));
	others_expect();
	ck_assert(client_read(&client, "POST", reply));
	free(text);
	return vitals_peak(h.pid);
}

/* A fault in the last task is found, and leaves nothing of the others. */
static long import_bad(const struct file *kind)
{
	char *where;
	struct reply reply;
	long peak = import_run(kind, true, &reply);

	ck_assert_int_ge(asprintf(&where, kind->pointer, file_count() + kind->first_line), 0);
	ck_assert_msg(reply.status == 422 && strstr(reply.body, where), "%d, without %s: %.500s",
		reply.status, where, reply.body);
	reply_free(&reply);
	free(where);
	json_t *tasks = exchange_array(&ask, "tasks", "tasks");
	json_t *changes = exchange_array(&ask, "changes", "changes");
	ck_assert_uint_eq(json_array_size(tasks), 0);
	ck_assert_uint_eq(json_array_size(changes), 0);
	ck_assert(tasks && changes);
	json_decref(tasks);
	json_decref(changes);
	return peak;
}

static long import_good(const struct file *kind)
{
	struct reply reply;
	long peak = import_run(kind, false, &reply);
	char created[64];

	snprintf(created, sizeof(created), "\"created\":%d,", file_count() + 1);
	ck_assert_msg(reply.status == 200 && strstr(reply.body, created), "%d: %.500s",
		reply.status, reply.body);
	reply_free(&reply);
	return peak;
}

/* The names in their order, each once, and nothing after the last. */
static void names_expect(const char *text)
{
	char name[32];

	for (int n = 0; n <= file_count(); n++) {
		snprintf(name, sizeof(name), n < file_count() ? "task %07d" : "task last", n);
		text = strstr(text, name);
		CHECK_THAT(text, "%s is not there, or not in its order", name);
		text += strlen(name);
		CHECK_THAT(!strstr(text, "task ") == (n == file_count()), "behind %s", name);
	}
}

/* As JSON it is the list, task by task. */
static void list_expect(const char *text)
{
	json_t *whole = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *tasks;

	client.deadline_ms = FILE_DEADLINE_MS;
	tasks = exchange_array(&ask, "tasks", "tasks");
	ck_assert_int_eq((int)json_array_size(tasks), file_count() + 1);
	ck_assert(json_equal(json_object_get(whole, "tasks"), tasks));
	json_decref(whole);
	json_decref(tasks);
}

/* One asks for the file and reads on late; the server does not keep it for him meanwhile. */
static void export_expect(const struct file *kind)
{
	char path[128];
	struct reply reply;
	long before = vitals_peak_anew(h.pid);

	snprintf(path, sizeof(path), "/api/v1/accounts/owner/export?format=%s", kind->format);
	ck_assert(user_send(&client, &owner, "GET", path, NULL));
	ck_assert(deadline_poll(client.fd, POLLIN, deadline_in(CLIENT_DEADLINE_MS)));
	for (int i = 0; i < WHILE_STALLED; i++)
		other_read();
	ck_assert(client_read(&client, "GET", &reply));
	memory_expect(vitals_peak(h.pid) - before, EXPORT_KB, "an export");
	ck_assert_int_eq(reply.status, 200);
	names_expect(reply.body);
	if (strcmp(kind->format, "json") == 0)
		list_expect(reply.body);
	reply_free(&reply);
}

/* In one test, because it takes its time to fill the account. */
START_TEST(large_files_in_bounded_memory)
{
	const struct file *kind = &files[_i];
	long before, first;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &owner, "owner") && user_make(&h, &other, "other"));
	ck_assert(client_open(&client, h.port) && client_open(&small, h.port));
	client.deadline_ms = FILE_DEADLINE_MS;
	snprintf(other_task, sizeof(other_task), "%s/%" PRId64, other.tasks,
		user_post(&small, &other, "Sleep"));
	before = vitals_peak_anew(h.pid);
	first = import_bad(kind);
	memory_expect(first - before, (long)(FILE_SIZE >> 10) * 5 / 2, "a large file");
	memory_expect(import_bad(kind), first + first / 5, "the same again");
	memory_expect(import_good(kind), first + first / 5, "a third one");
	export_expect(kind);
	client_close(&client);
	client_close(&small);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, large_files_in_bounded_memory, 0, CHECK_COUNT(files));
}

int main(void)
{
	return check_main("transfer_long", add);
}
