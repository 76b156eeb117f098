/*
 * A peer for the benchmark: ulfius (libmicrohttpd, a thread for each connection) with SQLite and
 * jansson, as one would write it. It serves the database that seed.sh makes; every write is durable.
 *
 *     bench_ulfius FILE
 */
#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <ulfius.h>
#include <unistd.h>

#define COLUMNS "id, name, note, creation_date, due_date, completed"
#define BUSY_MS 30000
#define PATH "/api/v1/accounts"
#define LIST_FORM "/:username/tasks"

enum { SESSION, LIST, ONE, INSERT, STATEMENTS };

static const char *const sql[STATEMENTS] = {
	[SESSION] = "SELECT a.id, a.username FROM sessions s JOIN accounts a ON a.id = s.account_id"
		    " WHERE s.token = ?",
	[LIST] = "SELECT " COLUMNS " FROM tasks WHERE account_id = ? ORDER BY id",
	[ONE] = "SELECT " COLUMNS " FROM tasks WHERE account_id = ? AND id = ?",
	[INSERT] = "INSERT INTO tasks (account_id, name, note, creation_date, due_date, completed)"
		   " VALUES (?, ?, ?, ?, ?, ?) RETURNING " COLUMNS,
};

/* Each thread has a connection to the database. */
struct database {
	sqlite3 *db;
	sqlite3_stmt *statement[STATEMENTS];
};

static const char *file;
static pthread_key_t databases;

static void database_close(void *argument)
{
	struct database *database = argument;

	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(database->statement[i]);
	sqlite3_close(database->db);
	free(database);
}

static struct database *database_get(void)
{
	struct database *database = pthread_getspecific(databases);

	if (database)
		return database;
	database = calloc(1, sizeof(*database));
	if (!database || sqlite3_open_v2(file, &database->db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
		abort();
	sqlite3_busy_timeout(database->db, BUSY_MS);
	sqlite3_exec(database->db, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(database->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
			    &database->statement[i], NULL))
			abort();
	pthread_setspecific(databases, database);
	return database;
}

static int reply(struct _u_response *response, unsigned status, json_t *body)
{
	ulfius_set_json_body_response(response, status, body);
	json_decref(body);
	return U_CALLBACK_COMPLETE;
}

static int problem(struct _u_response *response, unsigned status, const char *title)
{
	return reply(response, status, json_pack("{ss}", "title", title));
}

/* The account of the token, if the path names it; else 0. */
static sqlite3_int64 asker(const struct _u_request *request, struct database *database)
{
	const char *value = u_map_get_case(request->map_header, "Authorization");
	sqlite3_stmt *session = database->statement[SESSION];
	unsigned char hash[crypto_hash_sha256_BYTES];
	sqlite3_int64 id = 0;

	if (!value || strncasecmp(value, "Bearer ", 7) != 0)
		return 0;
	crypto_hash_sha256(hash, (const unsigned char *)value + 7, strlen(value + 7));
	sqlite3_bind_blob(session, 1, hash, sizeof(hash), SQLITE_STATIC);
	if (sqlite3_step(session) == SQLITE_ROW &&
		strcmp((const char *)sqlite3_column_text(session, 1),
			u_map_get(request->map_url, "username")) == 0)
		id = sqlite3_column_int64(session, 0);
	sqlite3_reset(session);
	return id;
}

static json_t *text(sqlite3_stmt *row, int column)
{
	const char *value = (const char *)sqlite3_column_text(row, column);

	return value ? json_string(value) : json_null();
}

static json_t *task(sqlite3_stmt *row)
{
	return json_pack("{sI so so so so sb}", "id", (json_int_t)sqlite3_column_int64(row, 0),
		"name", text(row, 1), "note", text(row, 2), "creation_date", text(row, 3),
		"due_date", text(row, 4), "completed", sqlite3_column_int(row, 5));
}

static int get_list(const struct _u_request *request, struct _u_response *response, void *unused)
{
	struct database *database = database_get();
	sqlite3_stmt *list = database->statement[LIST];
	sqlite3_int64 account = asker(request, database);
	json_t *tasks;

	(void)unused;
	if (!account)
		return problem(response, 401, "Unauthorized");
	tasks = json_array();
	sqlite3_bind_int64(list, 1, account);
	while (sqlite3_step(list) == SQLITE_ROW)
		json_array_append_new(tasks, task(list));
	sqlite3_reset(list);
	return reply(response, 200,
		json_pack("{ss so}", "username", u_map_get(request->map_url, "username"), "tasks",
			tasks));
}

static int get_one(const struct _u_request *request, struct _u_response *response, void *unused)
{
	struct database *database = database_get();
	sqlite3_stmt *one = database->statement[ONE];
	sqlite3_int64 account = asker(request, database);
	json_t *found = NULL;

	(void)unused;
	if (!account)
		return problem(response, 401, "Unauthorized");
	sqlite3_bind_int64(one, 1, account);
	sqlite3_bind_int64(one, 2, atoll(u_map_get(request->map_url, "id")));
	if (sqlite3_step(one) == SQLITE_ROW)
		found = task(one);
	sqlite3_reset(one);
	return found ? reply(response, 200, found) : problem(response, 404, "Not Found");
}

static void bind_text(sqlite3_stmt *statement, int at, const char *value)
{
	sqlite3_bind_text(statement, at, value, -1, SQLITE_TRANSIENT);
}

static int create(const struct _u_request *request, struct _u_response *response, void *unused)
{
	struct database *database = database_get();
	sqlite3_stmt *insert = database->statement[INSERT];
	sqlite3_int64 account = asker(request, database);
	json_t *body = ulfius_get_json_body_request(request, NULL), *made = NULL;
	const char *name = json_string_value(json_object_get(body, "name"));
	const char *note = json_string_value(json_object_get(body, "note"));
	time_t now = time(NULL);
	struct tm parts;
	char date[32];

	(void)unused;
	if (!account || !name) {
		json_decref(body);
		return account ? problem(response, 422, "name is missing")
			       : problem(response, 401, "Unauthorized");
	}
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
	sqlite3_bind_int64(insert, 1, account);
	bind_text(insert, 2, name);
	bind_text(insert, 3, note ? note : "");
	bind_text(insert, 4, date);
	bind_text(insert, 5, json_string_value(json_object_get(body, "due_date")));
	sqlite3_bind_int(insert, 6, json_is_true(json_object_get(body, "completed")));
	json_decref(body);
	if (sqlite3_step(insert) == SQLITE_ROW)
		made = task(insert);
	/* The statement's end commits. */
	if (!made || sqlite3_step(insert) != SQLITE_DONE || sqlite3_reset(insert) != SQLITE_OK) {
		sqlite3_reset(insert);
		json_decref(made);
		return problem(response, 503, "Service Unavailable");
	}
	return reply(response, 201, json_pack("{ss so}", "msg", "posted", "task", made));
}

/* ulfius does not tell which port it has taken, so a free one is sought first; 0: there is none. */
static in_port_t free_port(struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int status = bind(fd, (struct sockaddr *)address, size);

	if (status == 0)
		status = getsockname(fd, (struct sockaddr *)address, &size);
	close(fd);
	return status == 0 ? ntohs(address->sin_port) : 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct _u_instance instance;

	if (argc != 2) {
		fprintf(stderr, "usage: bench_ulfius FILE\n");
		return 2;
	}
	file = argv[1];
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	pthread_key_create(&databases, database_close);
	unsigned port = free_port(&address);
	ulfius_init_instance(&instance, port, &address, NULL);
	ulfius_add_endpoint_by_val(&instance, "GET", PATH, LIST_FORM, 0, get_list, NULL);
	ulfius_add_endpoint_by_val(&instance, "POST", PATH, LIST_FORM, 0, create, NULL);
	ulfius_add_endpoint_by_val(&instance, "GET", PATH, LIST_FORM "/:id", 0, get_one, NULL);
	if (ulfius_start_framework(&instance) != U_OK)
		return 1;
	printf("Listening on http://localhost:%u\n", port);
	fflush(stdout);
	for (;;)
		pause();
}
