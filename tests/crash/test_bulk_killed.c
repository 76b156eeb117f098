/*
 * kill -9 within changes that are made in slices: after the next start all of it is there or nothing,
 * what another account was told is there, and what is left behind is swept.
 *
 * CRASH_KILLS sets how many times, CRASH_SEED the dice.
 */
#include "deadline.h"
#include "fixture.h"
#include "replica.h"
#include "setting.h"
#include "sound.h"
#include "transfer.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KILLS 12
#else
#define KILLS 32
#endif
#define SEED 20261124
#define TASKS 3000 /* of a large change: about a dozen slices */
#define SMALL 3	   /* tasks that are there all the time */
#define CAUGHT 6   /* one in so many kills at least comes in the middle */

static struct user ann, bob;
static struct client anns, bobs;
static struct exchange ask = { .client = &anns, .user = &ann };
static struct exchange ask_bob = { .client = &bobs, .user = &bob };
static size_t bobs_tasks; /* that were acknowledged */
static unsigned accounts; /* that ann has had */

/* What ann has, as far as counting goes; gone: there is no account. */
struct state_count {
	bool gone;
	size_t tasks, trash;
	int64_t revision;
};

static struct state_count now;

/* ---- large changes ---- */

static char *live_file, *trash_file;

static char *make_file(const char *members)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	fputs("{\"tasks\":[", out);
	for (int i = 1; i <= TASKS; i++)
		fprintf(out, "%s{\"name\":\"task %d\",\"tags\":[\"large\"]%s}", i > 1 ? "," : "", i,
			members);
	fputs("]}", out);
	fclose(out);
	return text;
}

static void path_write(char path[160], const char *under)
{
	snprintf(path, 160, "/api/v1/accounts/%s%s", ann.name, under);
}

static void send_under(const char *method, const char *under, const char *body)
{
	char path[160];

	path_write(path, under);
	ck_assert(user_send(&anns, &ann, method, path, body));
}

static void send_import(void)
{
	ck_assert(transfer_send(&ask, "json", live_file));
}

static void send_undo(void)
{
	send_under("POST", "/undo", NULL);
}

static void send_redo(void)
{
	send_under("POST", "/redo", NULL);
}

static void send_trash(void)
{
	ck_assert(transfer_send(&ask, "json", trash_file));
}

static void send_empty(void)
{
	send_under("DELETE", "/trash", NULL);
}

static void send_delete(void)
{
	send_under("DELETE", "", NULL);
}

/* One after the other, and from the first one again. */
static const struct large {
	const char *name, *method;
	void (*send)(void);
	int tasks, trash; /* so many more or less */
	bool deletes;	  /* the account */
} larges[] = {
	{ "import", "POST", send_import, TASKS, 0, false },
	{ "undo", "POST", send_undo, -TASKS, 0, false },
	{ "redo", "POST", send_redo, TASKS, 0, false },
	{ "undo again", "POST", send_undo, -TASKS, 0, false },
	{ "import to the trash", "POST", send_trash, 0, TASKS, false },
	{ "empty", "DELETE", send_empty, 0, -TASKS, false },
	{ "another import", "POST", send_import, TASKS, 0, false },
	{ "delete the account", "DELETE", send_delete, 0, 0, true },
};

/* Undisturbed: until the reply, and until all is swept. */
static long took_us[CHECK_COUNT(larges)][2];

static struct state_count behind(const struct large *large)
{
	struct state_count then = now;

	if (large->deletes)
		return (struct state_count){ .gone = true };
	then.tasks += (size_t)large->tasks;
	then.trash += (size_t)large->trash;
	then.revision += TASKS;
	return then;
}

/* ---- the server ---- */

static void start(void)
{
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&anns, h.port));
	ck_assert(client_open(&bobs, h.port));
	anns.deadline_ms = 2 * CLIENT_DEADLINE_MS;
}

static void stop(int signal)
{
	int expected = signal == SIGKILL ? 128 + SIGKILL : 0;

	ck_assert_int_eq(harness_stop(&h, signal), expected);
	client_close(&anns);
	client_close(&bobs);
}

static void register_ann(void)
{
	char name[32];

	snprintf(name, sizeof(name), "ann%u", accounts++);
	ck_assert(user_make(&h, &ann, name));
	for (int i = 0; i < SMALL; i++)
		ck_assert_int_gt(user_post(&anns, &ann, "small"), 0);
	now = (struct state_count){ .tasks = SMALL, .revision = SMALL };
}

static void setup(void)
{
	fixture_setup();
	live_file = make_file("");
	trash_file = make_file(",\"deleted_date\":\"2199-01-01T00:00:00Z\"");
	accounts = 0;
	bobs_tasks = 0;
	start();
	ck_assert(user_make(&h, &bob, "bob"));
	register_ann();
}

static void teardown(void)
{
	client_close(&anns);
	client_close(&bobs);
	free(live_file);
	free(trash_file);
	fixture_teardown();
}

/* ---- what there is ---- */

/* The list is as the feed tells it, from the first change to the last, and none is missing. */
static void check_feed(const json_t *tasks)
{
	struct replica replica;

	replica_begin(&replica);
	replica_follow(&replica, &ask, 1000);
	replica_expect(&replica, &(struct observed){ .tasks = (json_t *)tasks });
	now.revision = replica.revision;
	replica_end(&replica);
}

/* Reads all of ann's into now. */
static void read_now(void)
{
	json_t *tasks = exchange_array(&ask, "tasks", "tasks");
	json_t *trash;

	now = (struct state_count){ .gone = tasks == NULL && ask.status == 401 };
	ck_assert(tasks != NULL || now.gone);
	if (now.gone)
		return;
	trash = exchange_array(&ask, "trash", "tasks");
	ck_assert_ptr_nonnull(trash);
	now.tasks = json_array_size(tasks);
	now.trash = json_array_size(trash);
	check_feed(tasks);
	json_decref(tasks);
	json_decref(trash);
}

static bool is_now(const struct state_count *state)
{
	return state->gone == now.gone && state->tasks == now.tasks && state->trash == now.trash &&
	       state->revision == now.revision;
}

static void check_bob(void)
{
	json_t *tasks = exchange_array(&ask_bob, "tasks", "tasks");

	ck_assert_uint_eq(json_array_size(tasks), bobs_tasks);
	json_decref(tasks);
}

#define LEFT                                                                                       \
	"SELECT (SELECT count(*) FROM accounts WHERE bulk <> 0)"                                   \
	" + (SELECT count(*) FROM deleted_accounts)"

/* Within moments nothing is left behind. */
static void await_swept(void)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);
	sqlite3 *db = sound_open(h.database);

	ck_assert_ptr_nonnull(db);
	sqlite3_busy_timeout(db, HARNESS_DEADLINE_MS);
	while (!sound_is(db, LEFT, "0")) {
		ck_assert_msg(deadline_in(0) < until, "what is left behind is not swept");
		deadline_pause();
	}
	sqlite3_close(db);
}

static void check_file(void)
{
	sqlite3 *db = sound_open(h.database);
	char why[256];

	ck_assert_ptr_nonnull(db);
	sqlite3_busy_timeout(db, HARNESS_DEADLINE_MS);
	ck_assert_msg(sound_swept(db, why), "%s", why);
	sqlite3_close(db);
}

/* ---- kills ---- */

static long now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* All of it, undisturbed. */
static void make(size_t which)
{
	const struct large *large = &larges[which];
	struct state_count then = behind(large);
	long begun = now_us();

	large->send();
	int status = user_read_status(&anns, large->method);
	took_us[which][0] = now_us() - begun;
	ck_assert_msg(status == 200, "%s: %d", large->name, status);
	await_swept();
	took_us[which][1] = now_us() - begun;
	read_now();
	ck_assert_msg(is_now(&then), "%s: %zu tasks, %zu in the trash, revision %" PRId64,
		large->name, now.tasks, now.trash, now.revision);
}

/* Bob goes on, one task after the other, until the moment. */
static void kill_at(long moment)
{
	while (now_us() < moment) {
		ck_assert_int_gt(user_post(&bobs, &bob, "bob's"), 0);
		bobs_tasks++;
	}
	stop(SIGKILL);
}

/* Whether the kill came when something was hidden, by the file as it lies there. */
static bool check_killed(const char *name, unsigned long seed)
{
	char why[256] = "cannot be opened";
	sqlite3 *db = sound_open_copy(h.folder);
	bool sound = db != NULL && sound_check(db, why), caught;

	ck_assert_msg(sound, "%s, CRASH_SEED=%lu: %s", name, seed, why);
	caught = !sound_is(db, LEFT, "0");
	sqlite3_close(db);
	return caught;
}

static unsigned caught, done;

/* Most kills come before the reply, some while what is left behind is swept. */
static long moment_of(size_t which, uint64_t *dice)
{
	long until = took_us[which][check_random(dice) % 4 == 0];

	return (long)(check_random(dice) % (uint64_t)(until + 1));
}

static void kill_within(size_t which, uint64_t *dice, unsigned long seed)
{
	const struct large *large = &larges[which];
	struct state_count before = now, then = behind(large);
	long moment = moment_of(which, dice);

	large->send();
	kill_at(now_us() + moment);
	caught += check_killed(large->name, seed);
	start();
	read_now();
	check_bob();
	ck_assert_msg(is_now(&before) || is_now(&then),
		"%s, killed after %ld microseconds, CRASH_SEED=%lu: %zu tasks, %zu in the trash,"
		" revision %" PRId64,
		large->name, moment, seed, now.tasks, now.trash, now.revision);
	await_swept();
	check_file();
	done += is_now(&then);
	if (is_now(&before))
		make(which);
	if (now.gone)
		register_ann();
}

START_TEST(all_or_nothing)
{
	unsigned long kills = setting("CRASH_KILLS", KILLS), seed = setting("CRASH_SEED", SEED);
	uint64_t dice = seed;

	for (size_t i = 0; i < CHECK_COUNT(larges); i++)
		make(i);
	register_ann();
	for (unsigned long n = 0; n < kills; n++)
		kill_within(n % CHECK_COUNT(larges), &dice, seed);
	printf("%lu kills, %u in the middle, %u behind the change, seed %lu\n", kills, caught, done,
		seed);
	ck_assert_uint_ge(caught, kills / CAUGHT);
	stop(SIGTERM);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 1800);
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, all_or_nothing);
}

int main(void)
{
	return check_main("bulk_killed", add);
}
