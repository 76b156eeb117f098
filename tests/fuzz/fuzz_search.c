/*
 * The type INPUT_SEARCH beside SQLite: any text becomes an expression that FTS5 takes, and a
 * text that has words in it is found by all of itself.
 */
#include "src/endpoint/types/types.h"
#include "support/fuzz.h"

#include <sqlite3.h>
#include <stdio.h>

extern const char schema_sql[];

static sqlite3 *db;
static sqlite3_stmt *put, *tokens, *find, *clear;

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *statement;

	CHECK_THAT(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, "%s: %s", sql,
		sqlite3_errmsg(db));
	return statement;
}

/* A statement of the product's schema: up to the ';' that ends a line. */
static void create(const char *start)
{
	const char *begin = strstr(schema_sql, start);
	char *sql;

	CHECK_THAT(begin != NULL, "the schema has no %s", start);
	sql = strndup(begin, (size_t)(strstr(begin, ";\n") - begin) + 1);
	CHECK_THAT(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
		sqlite3_errmsg(db));
	free(sql);
}

static void setup(void)
{
	CHECK_THAT(sqlite3_open(":memory:", &db) == SQLITE_OK, "no database");
	create("CREATE VIRTUAL TABLE words");
	CHECK_THAT(sqlite3_exec(db, "CREATE VIRTUAL TABLE terms USING fts5vocab (words, instance)",
			   NULL, NULL, NULL) == SQLITE_OK,
		"%s", sqlite3_errmsg(db));
	put = prepare("INSERT INTO words (rowid, name, note, tags) VALUES (1, ?1, '', '')");
	tokens = prepare("SELECT 1 FROM terms WHERE doc = 1 AND \"offset\" IS NOT NULL LIMIT 1");
	find = prepare("SELECT 1 FROM words WHERE words MATCH ?1");
	clear = prepare("DELETE FROM words");
}

/* Whether it gives a row; it has to run. */
static bool run(sqlite3_stmt *statement, struct text text)
{
	int result;

	if (text.length > 0)
		sqlite3_bind_text(statement, 1, text.data, (int)text.length, SQLITE_STATIC);
	result = sqlite3_step(statement);
	CHECK_THAT(result == SQLITE_ROW || result == SQLITE_DONE, "%s: %.*s", sqlite3_errmsg(db),
		(int)text.length, text.data);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return result == SQLITE_ROW;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct input input = { .name = "q", .type = INPUT_SEARCH };
	struct text none = TEXT(""), text = fuzz_text(data, size);
	struct value value = { 0 };
	struct arena *arena = NULL;

	if (db == NULL)
		setup();
	if (!fuzz_is_text(text) ||
		input_type_read(&input, &(struct raw_value){ .text = text }, &value, &arena) !=
			NULL ||
		value.type == VALUE_NULL) {
		arena_free(&arena);
		return 0;
	}
	run(find, value.text);
	run(put, text);
	CHECK_THAT(run(find, value.text) == run(tokens, none), "%.*s does not find itself",
		(int)value.text.length, value.text.data);
	run(clear, none);
	arena_free(&arena);
	return 0;
}
