/*
 * All statements of the server prepare, are what their text says of them, and are of the SQL that
 * another engine would take, too. Those that are written for one request are looked at in
 * test_query_plan.c.
 */
#include "src/store/engine.h"
#include "src/store/sqlite/values/function.h"

#include "api/api.h"
#include "check_main.h"
#include "endpoint/server.h"
#include "sql_subset.h"
#include "storage.h"

static bool is_name(struct text read, const char *name)
{
	return name != NULL && text_equal(read, text_of(name));
}

/* Nothing else prepares those that are seldom run before a request needs them. */
static void expect_described(sqlite3 *database, const char *sql)
{
	struct statement_text text;
	const char *fault = statement_text_read(sql, &text), *rest = "";
	sqlite3_stmt *stmt;

	CHECK_THAT(fault == NULL, "%s: %s", fault, sql);
	CHECK_THAT(sqlite3_prepare_v2(database, sql, -1, &stmt, &rest) == SQLITE_OK, "%s: %s",
		sqlite3_errmsg(database), sql);
	CHECK_THAT(*rest == '\0', "more than one statement: %s", sql);
	CHECK_THAT(text.writes == !sqlite3_stmt_readonly(stmt), "it writes or not: %s", sql);
	CHECK_THAT((int)text.parameters == sqlite3_bind_parameter_count(stmt) &&
			   (int)text.columns == sqlite3_column_count(stmt),
		"%u parameters, %u columns: %s", text.parameters, text.columns, sql);
	for (unsigned i = 0; i < text.parameters; i++)
		CHECK_THAT(is_name(text.parameter[i],
				   sqlite3_bind_parameter_name(stmt, (int)i + 1) + 1),
			"parameter %u: %s", i, sql);
	for (unsigned i = 0; i < text.columns; i++)
		CHECK_THAT(is_name(text.column[i], sqlite3_column_name(stmt, (int)i)),
			"column %u: %s", i, sql);
	sqlite3_finalize(stmt);
}

static void expect_sound(const char *sql)
{
	const char *at = NULL, *fault = sql_fault(sql, &at);

	CHECK_THAT(fault == NULL, "%s: at %.40s\n%s", fault, at, sql);
}

START_TEST(the_servers_statements_prepare_and_are_common_sql)
{
	const struct server_settings settings = { .host = "127.0.0.1",
		.names = "",
		.trusted_proxies = "",
		.metrics_token = "",
		.max_connections = 10,
		.max_per_address = 10,
		.log = REQUEST_LOG_OFF };
	struct storage storage;
	char *why;

	storage_make(&storage);
	storage_open(&storage);
	struct server *server = server_open(storage.base, &settings, &why);
	ck_assert_ptr_nonnull(server);
	server_start(
		server, storage.store, api_tables, api_maintenance, api_sweep, &api_access_sql);
	ck_assert_uint_gt(storage.store->statement_count, 100);
	sqlite3 *database = storage_other(&storage);

	sqlite_add_functions(database);
	sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	for (unsigned i = 0; i < storage.store->statement_count; i++) {
		expect_described(database, storage.store->statements[i]->sql);
		expect_sound(storage.store->statements[i]->sql);
	}
	sqlite3_close(database);
	server_close(server);
	storage_close(&storage);
	server_free(server);
	storage_remove(&storage);
}
END_TEST

static const char *const sound[] = {
	"SELECT count(*) FROM a WHERE b = 'max(1, 2) == \"'",
	"SELECT c AS \"d:bool\" FROM a WHERE b BETWEEN $c AND $d AND e IS NOT NULL",
	"SELECT max(a) - min(a) + 1 = count(*) AS b FROM (SELECT a FROM c LIMIT $d) e",
	"SELECT CASE WHEN $a <> 0 THEN 1 END WHERE TRUE OR NOT EXISTS (SELECT 1)",
	"SELECT 1 FROM a WHERE (b, c) IS DISTINCT FROM ($b, $c) LIMIT 1 OFFSET $d - 1",
	"SELECT sum(CASE WHEN a > 1 THEN 1 END), coalesce((SELECT 1 WHERE $b = 1), 0) FROM c",
	"INSERT OR ROLLBACK INTO a (b) SELECT 1 WHERE true ON CONFLICT (b) DO UPDATE SET"
	" b = excluded.b, c = CASE WHEN a.c > $d THEN a.c + 1 ELSE 0 END",
};

static const char *const others[] = {
	"SELECT iif(a = 1, 2, 3) FROM b",
	"SELECT ifnull(a, 2) FROM b",
	"SELECT strftime('%s', $now)",
	"SELECT datetime('now')",
	"SELECT unixepoch()",
	"SELECT group_concat(a) FROM b",
	"SELECT 1 FROM a WHERE b GLOB 'c*'",
	"SELECT 1 FROM a WHERE b ISNULL",
	"INSERT OR REPLACE INTO a (b) VALUES (1)",
	"INSERT OR IGNORE INTO a (b) VALUES (1)",
	"REPLACE INTO a (b) VALUES (1)",
	"SELECT 1 FROM a WHERE b IS $c",
	"SELECT 1 FROM a WHERE (b, c) IS NOT ($b, $c)",
	"SELECT 1 FROM a WHERE b == 1",
	"SELECT [a] FROM b",
	"SELECT `a` FROM b",
	"SELECT a -> 'b' FROM c",
	"SELECT 1 FROM a WHERE b = \"c\"",
	"SELECT 1 FROM a LIMIT -1",
	"SELECT 1 FROM a LIMIT coalesce($b, -1)",
	"SELECT max(a, 1) FROM b",
	"SELECT min((SELECT 1), $a)",
	"SELECT max(a IS NULL) FROM b",
	"SELECT sum(a > 1) FROM b",
	"SELECT nullif(max(a) < $b, 0) FROM c",
	"SELECT coalesce(a = 1, 0) FROM b",
	"SELECT 1 WHERE $a",
	"SELECT 1 WHERE NOT $a",
	"SELECT 1 FROM a WHERE b BETWEEN 1 AND 2 AND $c",
	"SELECT 1 FROM a WHERE (b = 1 AND c) OR d = 2",
	"SELECT CASE WHEN $a THEN 1 ELSE 2 END",
	"SELECT 1 FROM (SELECT a FROM b)",
	"SELECT 1 FROM (SELECT a FROM b) WHERE a = 1",
	"SELECT 1 FROM (SELECT a FROM b) some",
	"SELECT 1 FROM a JOIN (SELECT b FROM c) ON b = 1",
	"INSERT INTO a (b) VALUES (1) ON CONFLICT (b) DO UPDATE SET c = c + 1",
	"INSERT INTO a (b) VALUES (1) ON CONFLICT (b) DO UPDATE SET b = excluded.b,"
	" c = CASE WHEN d > 1 THEN 1 END",
};

START_TEST(common_sql_is_taken)
{
	expect_sound(sound[_i]);
}
END_TEST

START_TEST(what_is_sqlites_is_found)
{
	const char *at;

	CHECK_THAT(sql_fault(others[_i], &at) != NULL, "nothing is found in: %s", others[_i]);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, the_servers_statements_prepare_and_are_common_sql);
	tcase_add_loop_test(test_case, common_sql_is_taken, 0, CHECK_COUNT(sound));
	tcase_add_loop_test(test_case, what_is_sqlites_is_found, 0, CHECK_COUNT(others));
}

int main(void)
{
	return check_main("sql", add_tests);
}
