/*
 * The floor of long lists: SQLite in process, which steps the server's own statement for the list
 * of an account and writes the reply's JSON into memory. Nothing is sent.
 *
 *     bench_statements FILE USERNAME print            the list
 *     bench_statements FILE USERNAME SECONDS          a line of figures for that long
 *
 * The line is "result COUNT MICROSECONDS P50 P99 CPU", P50 and P99 in microseconds of one list, CPU
 * in nanoseconds of all of them. One thread; the file may be in use by a server.
 */
#include "tasks/tasks.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SAMPLES_MAX 1000000
#define CACHE_SIZE "-2048" /* as the server has */

struct output {
	char *data;
	size_t length, size;
};

/*
 * What a column is, by the name that the statement gives it: "tags:json". MEMBERS is the text of
 * several members, null for those of a plain task. MADE is null for what is made of the id.
 */
enum form { PLAIN, JSON, BOOL, MEMBERS, MADE };

struct column {
	char name[40]; /* with the comma before it and the colon behind; of MEMBERS the comma alone */
	size_t length;
	enum form form;
};

static sqlite3 *db;
static int64_t times[SAMPLES_MAX];
static char uid_base[64]; /* of the account */

static void die(const char *what)
{
	fprintf(stderr, "bench_statements: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
	exit(1);
}

static int64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* ---- JSON ---- */

static char *reserve(struct output *out, size_t length)
{
	while (out->size - out->length < length) {
		out->size = out->size ? out->size * 2 : 1 << 20;
		out->data = realloc(out->data, out->size);
		if (!out->data)
			abort();
	}
	return out->data + out->length;
}

static void add(struct output *out, const void *bytes, size_t length)
{
	memcpy(reserve(out, length), bytes, length);
	out->length += length;
}

static void add_integer(struct output *out, int64_t value)
{
	char digits[24], *at = digits + sizeof(digits);
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		*--at = '-';
	add(out, at, (size_t)(digits + sizeof(digits) - at));
}

/* The tasks of the benchmark have whole positions. */
static void add_real(struct output *out, double value)
{
	if (value > -1e15 && value < 1e15 && value == (double)(int64_t)value)
		add_integer(out, (int64_t)value);
	else
		out->length += (size_t)sprintf(reserve(out, 32), "%.17g", value);
}

static void add_escaped(struct output *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char *to = reserve(out, 6);

	to[0] = '\\';
	if (c == '"' || c == '\\') {
		to[1] = (char)c;
		out->length += 2;
		return;
	}
	memcpy(to + 1, "u00", 3);
	to[4] = hex[c >> 4];
	to[5] = hex[c & 15];
	out->length += 6;
}

static void add_string(struct output *out, const unsigned char *text, size_t length)
{
	size_t from = 0, at;

	add(out, "\"", 1);
	for (at = 0; at < length; at++) {
		if (text[at] >= ' ' && text[at] != '"' && text[at] != '\\')
			continue;
		add(out, text + from, at - from);
		add_escaped(out, text[at]);
		from = at + 1;
	}
	add(out, text + from, at - from);
	add(out, "\"", 1);
}

static void add_null(struct output *out, sqlite3_stmt *statement, enum form form)
{
	static const char plain[] = RARE_PLAIN;

	if (form == MEMBERS) {
		add(out, plain, sizeof(plain) - 1);
	} else if (form == MADE) {
		add(out, "\"", 1);
		add(out, uid_base, strlen(uid_base));
		add_integer(out, sqlite3_column_int64(statement, 0));
		add(out, "\"", 1);
	} else {
		add(out, "null", 4);
	}
}

static void add_value(struct output *out, sqlite3_stmt *statement, int i, enum form form)
{
	switch (sqlite3_column_type(statement, i)) {
	case SQLITE_NULL:
		add_null(out, statement, form);
		break;
	case SQLITE_INTEGER:
		if (form == BOOL && sqlite3_column_int(statement, i))
			add(out, "true", 4);
		else if (form == BOOL)
			add(out, "false", 5);
		else
			add_integer(out, sqlite3_column_int64(statement, i));
		break;
	case SQLITE_FLOAT:
		add_real(out, sqlite3_column_double(statement, i));
		break;
	default: {
		const unsigned char *text = sqlite3_column_text(statement, i);
		size_t length = (size_t)sqlite3_column_bytes(statement, i);

		if (form == JSON || form == MEMBERS)
			add(out, text, length);
		else
			add_string(out, text, length);
	}
	}
}

/* ---- the list ---- */

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL))
		die(sql);
	return statement;
}

static void run(sqlite3_stmt *statement)
{
	if (sqlite3_step(statement) != SQLITE_DONE)
		die("step");
	sqlite3_reset(statement);
}

/* The values that say which rows of the account are visible are columns of its row. */
static void bind_account(sqlite3_stmt *list, const char *username)
{
	sqlite3_stmt *account = prepare(
		"SELECT id AS account, " ACCOUNT_VISIBLE ", uid_base FROM accounts WHERE username = ?");

	sqlite3_bind_text(account, 1, username, -1, SQLITE_STATIC);
	if (sqlite3_step(account) != SQLITE_ROW)
		die("no such account");
	for (int i = 0; i < sqlite3_column_count(account); i++) {
		char name[64];

		snprintf(name, sizeof(name), "$%s", sqlite3_column_name(account, i));
		sqlite3_bind_value(list, sqlite3_bind_parameter_index(list, name),
			sqlite3_column_value(account, i));
	}
	snprintf(uid_base, sizeof(uid_base), "%s",
		sqlite3_column_text(account, sqlite3_column_count(account) - 1));
	sqlite3_finalize(account);
}

static enum form form_of(const char *suffix)
{
	static const char *const names[] = { [PLAIN] = "", [JSON] = ":json", [BOOL] = ":bool",
		[MEMBERS] = ":members", [MADE] = ":made" };

	for (unsigned form = PLAIN; form <= MADE; form++)
		if (strcmp(suffix, names[form]) == 0)
			return (enum form)form;
	die(suffix);
	return PLAIN;
}

/* The columns of the statement; to be freed. */
static struct column *describe(sqlite3_stmt *list)
{
	int count = sqlite3_column_count(list);
	struct column *columns = calloc((size_t)count, sizeof(*columns));

	if (!columns)
		abort();
	for (int i = 0; i < count; i++) {
		const char *name = sqlite3_column_name(list, i);
		int length = (int)strcspn(name, ":");

		columns[i].form = form_of(name + length);
		columns[i].length = (size_t)snprintf(columns[i].name, sizeof(columns[i].name),
			columns[i].form == MEMBERS ? "," : "%s\"%.*s\":", i == 0 ? "" : ",", length,
			name);
	}
	return columns;
}

static void write_list(
	struct output *out, sqlite3_stmt *list, const struct column *columns, const char *username)
{
	int count = sqlite3_column_count(list), status;
	const char *before = "{";

	out->length = 0;
	out->length +=
		(size_t)sprintf(reserve(out, 256), "{\"username\":\"%.99s\",\"tasks\":[", username);
	while ((status = sqlite3_step(list)) == SQLITE_ROW) {
		add(out, before, strlen(before));
		before = ",{";
		for (int i = 0; i < count; i++) {
			add(out, columns[i].name, columns[i].length);
			add_value(out, list, i, columns[i].form);
		}
		add(out, "}", 1);
	}
	if (status != SQLITE_DONE)
		die("list");
	sqlite3_reset(list);
	add(out, "]}", 2);
}

/* ---- measuring ---- */

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void measure(struct output *out, sqlite3_stmt *list, const struct column *columns,
	const char *username, double seconds)
{
	sqlite3_stmt *begin = prepare("BEGIN"), *commit = prepare("COMMIT");
	int64_t start, cpu, end;
	size_t count = 0;

	write_list(out, list, columns, username);
	start = end = now(CLOCK_MONOTONIC);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	while ((double)(end - start) < seconds * 1e9 && count < SAMPLES_MAX) {
		int64_t before = end;

		run(begin);
		write_list(out, list, columns, username);
		run(commit);
		end = now(CLOCK_MONOTONIC);
		times[count++] = end - before;
	}
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	qsort(times, count, sizeof(times[0]), compare);
	printf("result %zu %lld %lld %lld %lld\n", count, (long long)(end - start) / 1000,
		(long long)times[count / 2] / 1000, (long long)times[count * 99 / 100] / 1000,
		(long long)cpu);
	sqlite3_finalize(begin);
	sqlite3_finalize(commit);
}

int main(int argc, char **argv)
{
	struct output out = { 0 };

	if (argc != 4) {
		fprintf(stderr, "usage: bench_statements FILE USERNAME print|SECONDS\n");
		return 2;
	}
	if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ||
		sqlite3_exec(db, "PRAGMA cache_size = " CACHE_SIZE, NULL, NULL, NULL))
		die(argv[1]);
	sqlite3_stmt *list = prepare(SELECT_TASKS);
	struct column *columns = describe(list);

	bind_account(list, argv[2]);
	if (strcmp(argv[3], "print") == 0) {
		write_list(&out, list, columns, argv[2]);
		fwrite(out.data, 1, out.length, stdout);
	} else {
		measure(&out, list, columns, argv[2], atof(argv[3]));
	}
	free(columns);
	free(out.data);
	sqlite3_finalize(list);
	return sqlite3_close(db) != SQLITE_OK;
}
