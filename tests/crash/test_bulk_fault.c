/*
 * A disk that is full or fails in the middle of an import that is made in slices: the import is
 * refused, nothing of it is there, what is left behind is swept as soon as that can be written, and
 * the account can be written to again.
 *
 * CRASH_FAULTS=1 tries more operations, each in all ways; CRASH_AT and CRASH_KIND name one alone.
 */
#include "deadline.h"
#include "fixture.h"
#include "replica.h"
#include "setting.h"
#include "sound.h"
#include "storage.h"
#include "transfer.h"
#include "trial/record.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define TASKS 3000
#define SMALL 3	 /* tasks that were there before */
#define SPOTS 12 /* operations that are tried */
#define SPOTS_ALL 100
#define AGAIN_MS 20000 /* until a disk that failed once must be of use again */

#define SAY "operation %lu, fault %d: "

static struct user ann;
static struct client client;
static struct exchange ask = { .client = &client, .user = &ann };
static unsigned long at;
static enum trial_fault kind;
static char *file; /* of the tasks */
static uint64_t refused;

static void make_file(void)
{
	size_t size;
	FILE *out = open_memstream(&file, &size);

	ck_assert_ptr_nonnull(out);
	fputs("{\"tasks\":[", out);
	for (int i = 1; i <= TASKS; i++)
		fprintf(out, "%s{\"name\":\"task %d\",\"tags\":[\"large\"]}", i > 1 ? "," : "", i);
	fputs("]}", out);
	fclose(out);
}

static void start(const char *variable)
{
	const char *const environment[] = { variable, NULL };

	setenv("HARNESS_BINARY", TODO_ON_TRIAL, 1);
	ck_assert(harness_start(&h, NULL, variable != NULL ? environment : NULL));
	unsetenv("HARNESS_BINARY");
	ck_assert(client_open(&client, h.port));
	client.deadline_ms = 2 * CLIENT_DEADLINE_MS;
}

static void stop(void)
{
	client_close(&client);
	CHECK_THAT(harness_stop(&h, SIGTERM) == 0, SAY "it ends badly", at, kind);
}

static void next_folder(void)
{
	harness_remove(&h);
	h = (struct harness){ .out = -1 };
	ck_assert(harness_folder(&h));
}

/* The account and what it has before the disk fails. */
static void begin(void)
{
	ck_assert(user_make(&h, &ann, "ann"));
	for (int i = 0; i < SMALL; i++)
		ck_assert_int_gt(user_post(&client, &ann, "small"), 0);
}

/* All or nothing, by the list and by the feed; where it was refused for want of room, nothing. */
static size_t check_list(int status, size_t more)
{
	json_t *tasks = exchange_array(&ask, "tasks", "tasks");
	size_t count = json_array_size(tasks), all = SMALL + TASKS + more, none = SMALL + more;
	struct replica replica;

	CHECK_THAT(count == all || count == none, SAY "%zu tasks", at, kind, count);
	CHECK_THAT(status != 200 || count == all, SAY "acknowledged, and not there", at, kind);
	CHECK_THAT(status != 507 || count == none, SAY "refused, and there", at, kind);
	replica_begin(&replica);
	replica_follow(&replica, &ask, 1000);
	replica_expect(&replica, &(struct observed){ .tasks = tasks });
	replica_end(&replica);
	json_decref(tasks);
	return count;
}

static int create(void)
{
	struct reply reply;

	ck_assert(client_call(
		&client, &reply, "POST", ann.tasks, NULL, ann.token, "{\"name\":\"again\"}"));
	int status = reply.status;
	reply_free(&reply);
	return status;
}

/* The disk is of use again: so is the account, and it was swept by then. */
static void check_usable(void)
{
	long until = deadline_in(AGAIN_MS);
	int status;

	do
		status = create();
	while (status >= 500 && deadline_in(0) < until);
	CHECK_THAT(status == 201, SAY "the account is of no use any more: %d", at, kind, status);
}

/* With nobody asking: the server sweeps by itself. */
static void await_swept(void)
{
	long until = deadline_in(AGAIN_MS);
	sqlite3 *db = sound_open(h.database);
	char why[256];

	ck_assert_ptr_nonnull(db);
	sqlite3_busy_timeout(db, AGAIN_MS);
	while (!sound_is(db, "SELECT count(*) FROM accounts WHERE bulk <> 0", "0")) {
		CHECK_THAT(deadline_in(0) < until, SAY "it is not swept", at, kind);
		deadline_pause();
	}
	CHECK_THAT(sound_swept(db, why), SAY "%s", at, kind, why);
	sqlite3_close(db);
}

static void try(unsigned long operation, enum trial_fault fault)
{
	bool once = fault % 2 == 1;
	char variable[64];
	int status;

	at = operation;
	kind = fault;
	next_folder();
	snprintf(variable, sizeof(variable), TRIAL_FAULT "=%lu %d", at, kind);
	start(variable);
	begin();
	json_decref(transfer_import(&ask, "json", file));
	status = ask.status;
	CHECK_THAT(status == 200 || status >= 500, SAY "the import: %d", at, kind, status);
	refused += status != 200;
	check_list(status, 0);
	if (!once) {
		CHECK_THAT(create() >= 500, SAY "the disk does not fail", at, kind);
		stop();
		start(NULL);
		check_list(status, 0);
	}
	await_swept();
	check_usable();
	check_list(status, 1);
	json_decref(transfer_import(&ask, "json", file));
	CHECK_THAT(ask.status == 200, SAY "no import any more: %d", at, kind, ask.status);
	await_swept();
	stop();
}

/* The operations of the import, where nothing fails. */
static void count_operations(unsigned long *first, unsigned long *last)
{
	char variable[160], name[128];
	uint64_t count = 0;
	FILE *clock;

	snprintf(name, sizeof(name), "%s/clock", h.folder);
	storage_write(name, (const char *)&count, sizeof(count));
	snprintf(variable, sizeof(variable), TRIAL_CLOCK "=%s", name);
	start(variable);
	begin();
	clock = fopen(name, "rb");
	setvbuf(clock, NULL, _IONBF, 0);
	ck_assert_uint_eq(fread(&count, sizeof(count), 1, clock), 1);
	*first = (unsigned long)count;
	json_decref(transfer_import(&ask, "json", file));
	ck_assert_int_eq(ask.status, 200);
	rewind(clock);
	ck_assert_uint_eq(fread(&count, sizeof(count), 1, clock), 1);
	*last = (unsigned long)count;
	fclose(clock);
	stop();
}

START_TEST(import_on_a_failing_disk_is_nothing)
{
	unsigned long all = setting("CRASH_FAULTS", 0), spots = all ? SPOTS_ALL : SPOTS, first,
		      last;

	make_file();
	if (setting("CRASH_AT", 0) > 0) {
		try(setting("CRASH_AT", 0), (enum trial_fault)setting("CRASH_KIND", 1));
		return;
	}
	count_operations(&first, &last);
	ck_assert_uint_gt(last - first, 100);
	for (unsigned long n = 0; n < spots; n++)
		for (int fault = TRIAL_FULL_ONCE; fault < TRIAL_FAULTS; fault++)
			if (all || (unsigned long)fault == 1 + n % (TRIAL_FAULTS - 1))
				try(first + 1 + n * (last - first) / spots,
					(enum trial_fault)fault);
	printf("%lu operations, %" PRIu64 " imports refused\n", last - first, refused);
	ck_assert_uint_ge(refused, spots / 2);
	free(file);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 3600);
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, import_on_a_failing_disk_is_nothing);
}

int main(void)
{
	return check_main("bulk_fault", add);
}
