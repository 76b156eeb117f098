/* The workers: what they ask for, and what that should lead to. */
#include "load.h"

#include "random_task.h"
#include "transfer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS_MOST 30
#define LARGE_LEAST 1100 /* tasks of a change that is made in slices */
#define LARGE_MORE 400

static uint64_t clock_now(const struct load *load)
{
	return load->clock ? atomic_load(load->clock) : 0;
}

static struct model *model_of(struct worker *worker)
{
	return &worker->models[worker->accounts - 1];
}

/* The next step leads this far from where the account is. */
static void ask(struct worker *worker, const char *what, int64_t changes, int64_t sessions)
{
	struct state after = *model_state(model_of(worker));

	after.revision += changes;
	after.sessions += sessions;
	after.last_session += sessions > 0;
	model_ask(model_of(worker), what, clock_now(worker->load), after);
}

/* Its reply: true where it came whole and is as it should be. */
static bool told(struct worker *worker, int status, int wanted)
{
	struct model *model = model_of(worker);

	if (status == wanted) {
		model_told(model, clock_now(worker->load));
		atomic_fetch_add(&worker->load->acknowledged, 1);
		return true;
	}
	if (status != 0)
		snprintf(worker->fault, sizeof(worker->fault), "%s: %s: %d instead of %d",
			model->username, model->steps[model->count - 1].what, status, wanted);
	return false;
}

/* Reads the account as it is. */
static bool see(struct worker *worker)
{
	json_decref(worker->tasks);
	json_decref(worker->trash);
	worker->tasks = exchange_array(&worker->exchange, "tasks", "tasks");
	worker->trash = exchange_array(&worker->exchange, "trash", "tasks");
	if (!worker->tasks || !worker->trash)
		return false;
	model_seen(model_of(worker), sound_digest(worker->tasks, worker->trash));
	return true;
}

static bool change(struct worker *worker, const char *what, int64_t changes, const char *method,
	const char *resource, json_t *body, int wanted)
{
	ask(worker, what, changes, 0);
	json_decref(exchange_json(&worker->exchange, method, resource, body));
	return told(worker, worker->exchange.status, wanted);
}

/* One of them, borrowed; NULL where there is none. */
static const json_t *pick(struct worker *worker, const json_t *list)
{
	unsigned size = (unsigned)json_array_size(list);

	return size > 0 ? json_array_get(list, random_below(&worker->dice, size)) : NULL;
}

struct resource {
	char path[80];
};

static struct resource resource_at(const char *kind, int64_t id, const char *tail)
{
	struct resource resource;

	snprintf(resource.path, sizeof(resource.path), "%s/%" PRId64 "%s", kind, id, tail);
	return resource;
}

static struct resource resource(const json_t *task, const char *tail)
{
	return resource_at("tasks", json_number(task, "id"), tail);
}

static bool has_none(const json_t *task, const char *member)
{
	return json_is_null(json_object_get(task, member));
}

/* How many of the tasks are below one of them. */
static unsigned below(const json_t *task, const json_t *tasks)
{
	unsigned count = 0;
	const json_t *other;
	size_t i;

	json_array_foreach (tasks, i, other)
		if (json_equal(json_object_get(other, "parent"), json_object_get(task, "id")))
			count += 1 + below(other, tasks);
	return count;
}

static bool is_single(const json_t *task, const json_t *tasks)
{
	return has_none(task, "repeat") && below(task, tasks) == 0;
}

static bool create(struct worker *worker)
{
	worker->undoable = 1;
	return change(worker, "create", 1, "POST", "tasks", random_task(&worker->dice, true), 201);
}

/*
 * A name that the task does not have yet, so that it is a change. Completing is left to tasks that
 * complete no other and make none, and a task that repeats keeps its date.
 */
static bool patch(struct worker *worker)
{
	const json_t *task = pick(worker, worker->tasks);
	json_t *body;

	if (task == NULL)
		return create(worker);
	body = random_task(&worker->dice, false);
	if (!is_single(task, worker->tasks)) {
		json_object_del(body, "completed");
		json_object_del(body, "due_date");
	}
	json_object_set_new(body, "name",
		json_sprintf("patch %" PRId64, model_state(model_of(worker))->revision));
	worker->undoable = 1;
	return change(worker, "patch", 1, "PATCH", resource(task, "").path, body, 200);
}

/* What is below it goes with it. */
static bool delete (struct worker *worker)
{
	const json_t *task = pick(worker, worker->tasks);

	if (task == NULL)
		return create(worker);
	worker->undoable = 1 + below(task, worker->tasks);
	return change(
		worker, "delete", worker->undoable, "DELETE", resource(task, "").path, NULL, 200);
}

/* One that went alone, and comes back alone. */
static bool restore(struct worker *worker)
{
	const json_t *task = pick(worker, worker->trash);

	if (task == NULL || !is_single(task, worker->trash) || !has_none(task, "parent") ||
		!has_none(task, "list"))
		return create(worker);
	worker->undoable = 1;
	return change(
		worker, "restore", 1, "POST", resource(task, "/restore").path, json_object(), 200);
}

static bool undo(struct worker *worker)
{
	unsigned changes = worker->undoable;

	if (changes == 0)
		return create(worker);
	worker->undoable = 0;
	return change(worker, "undo", changes, "POST", "undo", json_object(), 200);
}

static json_t *new_tasks(struct worker *worker, unsigned count, bool as_items)
{
	json_t *array = json_array();

	while (count-- > 0) {
		json_t *task = random_task(&worker->dice, true);
		json_array_append_new(array,
			as_items ? json_pack("{s:s, s:o}", "op", "create", "task", task) : task);
	}
	return array;
}

static bool batch(struct worker *worker)
{
	unsigned count = 2 + random_below(&worker->dice, ITEMS_MOST);

	worker->undoable = count;
	return change(worker, "batch", count, "POST", "tasks/batch",
		json_pack("{s:o}", "items", new_tasks(worker, count, true)), 200);
}

static bool import(struct worker *worker)
{
	unsigned count = 2 + random_below(&worker->dice, ITEMS_MOST);
	json_t *file = json_pack("{s:o}", "tasks", new_tasks(worker, count, false));
	char *text = json_dumps(file, 0);

	worker->undoable = 0;
	ask(worker, "import", count, 0);
	json_decref(transfer_import(&worker->exchange, "json", text));
	free(text);
	json_decref(file);
	return told(worker, worker->exchange.status, 200);
}

/* A change in a row of them, and what there is then. */
static bool go_on(struct worker *worker, const char *what, int64_t changes, const char *method,
	const char *path, json_t *body, int wanted)
{
	worker->undoable = (unsigned)changes;
	return change(worker, what, changes, method, path, body, wanted) && see(worker);
}

/* So many tasks below one, or in a list; two of them below each other. An id is a revision. */
static bool add_tasks(struct worker *worker, const char *member, int64_t of, unsigned count)
{
	bool on = true;

	while (on && count-- > 0) {
		json_t *task = random_task(&worker->dice, true);
		json_object_set_new(task, member, json_integer(of));
		json_object_set_new(task, "completed", json_false());
		on = go_on(worker, "create in it", 1, "POST", "tasks", task, 201);
		if (strcmp(member, "parent") == 0 && random_below(&worker->dice, 3) == 0)
			of = model_state(model_of(worker))->revision;
	}
	return on;
}

/* A tree is completed, goes and comes back as one. */
static bool tree(struct worker *worker)
{
	unsigned count = 1 + random_below(&worker->dice, 4);

	if (!go_on(worker, "create", 1, "POST", "tasks", json_pack("{s:s}", "name", "tree"), 201))
		return false;
	int64_t id = model_state(model_of(worker))->revision;
	struct resource itself = resource_at("tasks", id, "");
	struct resource restore = resource_at("tasks", id, "/restore");

	return add_tasks(worker, "parent", id, count) &&
	       go_on(worker, "complete a tree", 1 + count, "PATCH", itself.path,
		       json_pack("{s:b}", "completed", 1), 200) &&
	       go_on(worker, "undo", 1 + count, "POST", "undo", json_object(), 200) &&
	       go_on(worker, "delete a tree", 1 + count, "DELETE", itself.path, NULL, 200) &&
	       go_on(worker, "restore a tree", 1 + count, "POST", restore.path, json_object(), 200);
}

/* A list and its tasks. */
static bool list(struct worker *worker)
{
	unsigned count = 1 + random_below(&worker->dice, 4);

	if (!go_on(worker, "create a list", 1, "POST", "lists",
		    json_pack("{s:s, s:[s, s]}", "name", "list", "headings", "Now", "Later"), 201))
		return false;
	int64_t id = model_state(model_of(worker))->revision;
	struct resource itself = resource_at("lists", id, "");
	struct resource restore = resource_at("lists", id, "/restore");

	return add_tasks(worker, "list", id, count) &&
	       go_on(worker, "patch a list", 1, "PATCH", itself.path,
		       json_pack("{s:s}", "name", "another"), 200) &&
	       go_on(worker, "delete a list", 1 + count, "DELETE", itself.path, NULL, 200) &&
	       go_on(worker, "undo", 1 + count, "POST", "undo", json_object(), 200) &&
	       go_on(worker, "redo", 1 + count, "POST", "redo", json_object(), 200) &&
	       go_on(worker, "restore a list", 1 + count, "POST", restore.path, json_object(), 200);
}

/* Completing a task makes the next one. */
static bool repeat(struct worker *worker)
{
	if (!go_on(worker, "create", 1, "POST", "tasks",
		    json_pack("{s:s, s:s, s:s, s:[s]}", "name", "repeats", "due_date", "2040-11-26",
			    "repeat", "FREQ=WEEKLY;BYDAY=MO,TH", "reminders", "-PT15M"),
		    201))
		return false;
	struct resource itself = resource_at("tasks", model_state(model_of(worker))->revision, "");

	return go_on(worker, "complete one that repeats", 2, "PATCH", itself.path,
		       json_pack("{s:b}", "completed", 1), 200) &&
	       go_on(worker, "undo", 2, "POST", "undo", json_object(), 200) &&
	       go_on(worker, "redo", 2, "POST", "redo", json_object(), 200);
}

/* A request that is not the account's own; the token in its reply, where it has one. */
static int call(struct worker *worker, const char *method, const char *path, const char *token,
	const char *body, char new_token[HARNESS_TOKEN_SIZE])
{
	struct reply reply;
	int status = 0;

	if (client_call(&worker->client, &reply, method, path, NULL, token, body)) {
		json_t *value = json_loads(reply.body, 0, NULL);
		const char *got = json_string_value(json_object_get(value, "token"));
		status = reply.status;
		if (got)
			snprintf(new_token, HARNESS_TOKEN_SIZE, "%s", got);
		json_decref(value);
	}
	reply_free(&reply);
	return status;
}

/* Short ones, so that a file of so many is no more than some tens of kilobytes. */
static char *large_file(unsigned count, const char *deleted_date)
{
	json_t *array = json_array();

	for (unsigned n = 0; n < count; n++)
		json_array_append_new(array,
			json_pack("{s:s, s:s*}", "name", "large", "deleted_date", deleted_date));
	json_t *file = json_pack("{s:o}", "tasks", array);
	char *text = json_dumps(file, JSON_COMPACT);

	json_decref(file);
	return text;
}

static bool import_large(struct worker *worker, unsigned count, const char *deleted_date)
{
	char *text = large_file(count, deleted_date);

	worker->undoable = 0;
	ask(worker, "large import", count, 0);
	json_decref(transfer_import(&worker->exchange, "json", text));
	free(text);
	return told(worker, worker->exchange.status, 200) && see(worker);
}

/* There and back, and there and back again. */
static bool undo_large(struct worker *worker, unsigned count)
{
	static const char *const verbs[] = { "undo", "redo", "undo" };
	bool on = import_large(worker, count, NULL);

	for (size_t n = 0; on && n < sizeof(verbs) / sizeof(*verbs); n++)
		on = change(worker, verbs[n], count, "POST", verbs[n], json_object(), 200) &&
		     see(worker);
	return on;
}

/* What had been in the trash before goes, too. */
static bool empty_large(struct worker *worker, unsigned count)
{
	return import_large(worker, count, "2199-01-01T00:00:00Z") &&
	       change(worker, "empty", (int64_t)json_array_size(worker->trash), "DELETE", "trash",
		       NULL, 200);
}

/* An account that is gone has no token any more: the next one is registered. */
static bool delete_large(struct worker *worker, unsigned count)
{
	char path[96], none[HARNESS_TOKEN_SIZE];

	if (!import_large(worker, count, NULL))
		return false;
	model_ask(model_of(worker), "delete account", clock_now(worker->load),
		(struct state){ .revision = -1 });
	snprintf(path, sizeof(path), "/api/v1/accounts/%s", worker->user.name);
	int status = call(worker, "DELETE", path, worker->user.token, NULL, none);
	*worker->user.token = '\0';
	return told(worker, status, 200);
}

static bool large(struct worker *worker)
{
	static bool (*const steps[])(
		struct worker * worker, unsigned count) = { undo_large, empty_large, delete_large };
	unsigned count = LARGE_LEAST + random_below(&worker->dice, LARGE_MORE);

	atomic_fetch_add(&worker->load->large, 1);
	return steps[random_below(&worker->dice, sizeof(steps) / sizeof(*steps))](worker, count);
}

static bool login_and_out(struct worker *worker)
{
	char token[HARNESS_TOKEN_SIZE] = "", body[256];

	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}", worker->user.name,
		HARNESS_PASSWORD);
	ask(worker, "login", 0, 1);
	if (!told(worker, call(worker, "POST", "/api/v1/accounts/login", NULL, body, token), 200) ||
		!see(worker))
		return false;
	ask(worker, "logout", 0, -1);
	return told(
		worker, call(worker, "POST", "/api/v1/accounts/logout", token, "{}", token), 200);
}

static bool register_next(struct worker *worker)
{
	struct user *user = &worker->user;
	char body[256];

	if (worker->accounts == LOAD_ACCOUNTS) {
		snprintf(worker->fault, sizeof(worker->fault), "there is no room for accounts");
		return false;
	}
	snprintf(user->name, sizeof(user->name), "w%u-%u", worker->number, worker->accounts);
	model_begin(&worker->models[worker->accounts++], user->name);
	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}", user->name,
		HARNESS_PASSWORD);
	model_ask(model_of(worker), "register", clock_now(worker->load),
		(struct state){ .sessions = 1, .last_session = 1 });
	worker->undoable = 0;
	return told(worker, call(worker, "POST", "/api/v1/accounts", NULL, body, user->token),
		       201) &&
	       see(worker);
}

/* How often out of a hundred; the rest are creates. */
static const struct {
	unsigned times;
	bool (*step)(struct worker *worker);
} mix[] = {
	{ 22, patch },
	{ 14, delete },
	{ 10, restore },
	{ 10, undo },
	{ 12, batch },
	{ 4, import },
	{ 3, login_and_out },
	{ 2, tree },
	{ 2, list },
	{ 2, repeat },
	{ 2, large },
};

static bool step(struct worker *worker)
{
	unsigned dice = random_below(&worker->dice, 100);

	for (size_t n = 0; n < sizeof(mix) / sizeof(*mix); n++) {
		if (dice < mix[n].times)
			return mix[n].step(worker);
		dice -= mix[n].times;
	}
	return create(worker);
}

/* An account whose registration was never confirmed has a token that nobody knows. */
static bool is_fresh(const struct worker *worker)
{
	return worker->accounts == 0 || !*worker->user.token ||
	       worker->models[worker->accounts - 1].count > LOAD_STEPS;
}

static bool is_over(struct load *load)
{
	return atomic_load(&load->stopping) ||
	       (load->most > 0 && atomic_load(&load->acknowledged) >= load->most);
}

static void *worker_main(void *argument)
{
	struct worker *worker = argument;
	bool on = client_open(&worker->client, worker->load->port);

	worker->exchange = (struct exchange){ .client = &worker->client, .user = &worker->user };
	if (on && !is_fresh(worker))
		on = see(worker);
	while (on && !is_over(worker->load)) {
		if (is_fresh(worker)) {
			*worker->user.token = '\0';
			on = register_next(worker);
		} else {
			on = step(worker) && (is_fresh(worker) || see(worker));
		}
	}
	client_close(&worker->client);
	return NULL;
}

void load_begin(struct load *load, uint64_t seed)
{
	memset(load, 0, sizeof(*load));
	for (unsigned n = 0; n < LOAD_WORKERS; n++) {
		load->workers[n].load = load;
		load->workers[n].number = n;
		load->workers[n].dice = seed * (2 * n + 1);
	}
}

void load_end(struct load *load)
{
	for (unsigned n = 0; n < LOAD_WORKERS; n++) {
		struct worker *worker = &load->workers[n];
		json_decref(worker->tasks);
		json_decref(worker->trash);
		while (worker->accounts > 0)
			model_end(&worker->models[--worker->accounts]);
	}
}

void load_run(struct load *load, int port)
{
	load->port = port;
	atomic_store(&load->stopping, false);
	for (unsigned n = 0; n < LOAD_WORKERS; n++)
		if (pthread_create(&load->workers[n].thread, NULL, worker_main, &load->workers[n]))
			abort();
}

void load_wait(struct load *load)
{
	for (unsigned n = 0; n < LOAD_WORKERS; n++)
		pthread_join(load->workers[n].thread, NULL);
}

const char *load_fault(const struct load *load)
{
	for (unsigned n = 0; n < LOAD_WORKERS; n++)
		if (*load->workers[n].fault)
			return load->workers[n].fault;
	return NULL;
}

bool load_check(struct load *load, sqlite3 *db, uint64_t point, char why[256])
{
	for (unsigned n = 0; n < LOAD_WORKERS; n++) {
		for (unsigned i = 0; i < load->workers[n].accounts; i++) {
			const struct model *model = &load->workers[n].models[i];
			struct state found = sound_state(db, model->username);
			if (!model_allows(model, &found, point, why))
				return false;
		}
	}
	return true;
}

void load_settle(struct load *load, sqlite3 *db)
{
	for (unsigned n = 0; n < LOAD_WORKERS; n++) {
		struct worker *worker = &load->workers[n];
		worker->undoable = 0;
		if (worker->accounts == 0)
			continue;
		struct state found = sound_state(db, worker->user.name);
		model_settle(model_of(worker), &found);
	}
}
