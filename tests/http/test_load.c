/*
 * Many clients at once: 64 threads create tasks and 64 list them, all on connections that stay
 * open. No one may be refused, lose a task, see one twice, or see another account's.
 */
#include "fixture.h"
#include "user.h"

#include <pthread.h>
#include <stdio.h>

#define WRITERS 64
#define READERS 64
#define ACCOUNTS_MAX 8
#define TASKS_EACH 12 /* created by each writer */
#define LISTS_EACH 10 /* fetched by each reader */
#define TASKS_MAX (WRITERS * TASKS_EACH)
#define WHY_SIZE 200

/* An account, and the ids of its created tasks in the order of the replies. */
struct account {
	struct user user;
	pthread_mutex_t lock;
	int64_t acknowledged[TASKS_MAX];
	size_t count; /* guarded by lock, as is what stands before it */
};

struct worker {
	pthread_t thread;
	struct account *account;
	int number;
	struct client client;
	char why[WHY_SIZE]; /* what went wrong first; "" when nothing did */
};

static struct account accounts[ACCOUNTS_MAX];
static struct worker writers[WRITERS], readers[READERS];

/* Note an error for the main thread, which alone may fail the test. */
#define WORKER_FAIL(worker, ...)                                                                   \
	do {                                                                                       \
		snprintf((worker)->why, WHY_SIZE, __VA_ARGS__);                                    \
		return;                                                                            \
	} while (0)

static size_t account_count(struct account *account)
{
	size_t count;

	pthread_mutex_lock(&account->lock);
	count = account->count;
	pthread_mutex_unlock(&account->lock);
	return count;
}

static void account_add(struct account *account, int64_t id)
{
	pthread_mutex_lock(&account->lock);
	account->acknowledged[account->count++] = id;
	pthread_mutex_unlock(&account->lock);
}

static void worker_write(struct worker *worker)
{
	char name[USER_NAME_SIZE + 64];

	for (int i = 0; i < TASKS_EACH; i++) {
		int64_t id;

		snprintf(name, sizeof(name), "%s/%d/%d", worker->account->user.name, worker->number,
			i);
		id = user_post(&worker->client, &worker->account->user, name);
		if (id <= 0)
			WORKER_FAIL(worker, "%s was not created", name);
		account_add(worker->account, id);
	}
}

/* The ids of a list into `ids`, which has room for TASKS_MAX. */
static void worker_take_ids(struct worker *worker, json_t *tasks, int64_t *ids)
{
	const char *owner = worker->account->user.name;
	size_t length = strlen(owner), index;
	json_t *task;

	json_array_foreach (tasks, index, task) {
		const char *name = json_string_value(json_object_get(task, "name"));

		if (!name || strncmp(name, owner, length) != 0 || name[length] != '/')
			WORKER_FAIL(worker, "%s sees '%s'", owner, name ? name : "(no name)");
		ids[index] = json_integer_value(json_object_get(task, "id"));
		if (index && ids[index] <= ids[index - 1])
			WORKER_FAIL(worker, "%lld is listed behind %lld", (long long)ids[index],
				(long long)ids[index - 1]);
	}
}

static int id_compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* One list: it has every id that was acknowledged before the request for it. */
static void worker_list(struct worker *worker)
{
	struct account *account = worker->account;
	size_t known = account_count(account), size;
	json_t *tasks = user_list(&worker->client, &account->user);
	int64_t ids[TASKS_MAX];

	size = json_array_size(tasks);
	if (!tasks)
		WORKER_FAIL(worker, "a list was refused");
	if (size <= TASKS_MAX)
		worker_take_ids(worker, tasks, ids);
	json_decref(tasks);
	if (size > TASKS_MAX)
		WORKER_FAIL(worker, "%zu tasks are listed", size);
	if (*worker->why)
		return;
	for (size_t i = 0; i < known; i++)
		if (!bsearch(&account->acknowledged[i], ids, size, sizeof(*ids), id_compare))
			WORKER_FAIL(worker, "%lld was acknowledged and is not in a later list",
				(long long)account->acknowledged[i]);
}

static void worker_read(struct worker *worker)
{
	for (int i = 0; i < LISTS_EACH && !*worker->why; i++)
		worker_list(worker);
}

static void *writer_main(void *worker)
{
	worker_write(worker);
	return NULL;
}

static void *reader_main(void *worker)
{
	worker_read(worker);
	return NULL;
}

static void workers_start(
	struct worker *workers, int count, int account_count, void *(*run)(void *))
{
	for (int i = 0; i < count; i++) {
		struct worker *worker = &workers[i];

		*worker = (struct worker){ .number = i };
		worker->account = &accounts[i % account_count];
		ck_assert(client_open(&worker->client, h.port));
		ck_assert_int_eq(pthread_create(&worker->thread, NULL, run, worker), 0);
	}
}

static void workers_join(struct worker *workers, int count)
{
	for (int i = 0; i < count; i++) {
		ck_assert_int_eq(pthread_join(workers[i].thread, NULL), 0);
		client_close(&workers[i].client);
	}
	for (int i = 0; i < count; i++)
		ck_assert_msg(!*workers[i].why, "thread %d: %s", i, workers[i].why);
}

/* In the end each account's list is exactly what its writers created, every name once. */
static void account_check(struct account *account)
{
	bool seen[WRITERS][TASKS_EACH] = { 0 };
	struct client client;
	json_t *tasks, *task;
	size_t index;

	ck_assert(client_open(&client, h.port));
	tasks = user_list(&client, &account->user);
	ck_assert_uint_eq(json_array_size(tasks), account->count);
	qsort(account->acknowledged, account->count, sizeof(int64_t), id_compare);
	json_array_foreach (tasks, index, task) {
		const char *name = json_string_value(json_object_get(task, "name"));
		int64_t id = json_integer_value(json_object_get(task, "id"));
		int writer, number;

		ck_assert_int_eq(id, account->acknowledged[index]);
		ck_assert_int_eq(sscanf(strchr(name, '/'), "/%d/%d", &writer, &number), 2);
		ck_assert(writer >= 0 && writer < WRITERS && number >= 0 && number < TASKS_EACH);
		ck_assert_msg(!seen[writer][number], "%s is there twice", name);
		seen[writer][number] = true;
	}
	json_decref(tasks);
	client_close(&client);
}

static const int account_counts[] = { 1, ACCOUNTS_MAX };

START_TEST(many_write_and_read)
{
	int count = account_counts[_i];

	memset(accounts, 0, sizeof(accounts));
	ck_assert(harness_start(&h, NULL, NULL));
	for (int i = 0; i < count; i++) {
		char name[16];

		snprintf(name, sizeof(name), "user%d", i);
		pthread_mutex_init(&accounts[i].lock, NULL);
		ck_assert(user_make(&h, &accounts[i].user, name));
	}
	workers_start(writers, WRITERS, count, writer_main);
	workers_start(readers, READERS, count, reader_main);
	workers_join(writers, WRITERS);
	workers_join(readers, READERS);
	for (int i = 0; i < count; i++)
		account_check(&accounts[i]);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, many_write_and_read, 0, CHECK_COUNT(account_counts));
}

int main(void)
{
	return check_main("load", add);
}
