/*
 * endpoint/route/route.h: paths cut and decoded, and which endpoint is at which.
 */
#include "src/endpoint/route/route.h"

#include "check_main.h"

#include <string.h>

#define MANY "/1/2/3/4/5/6/7/8" /* as many segments as a path has */

static const struct {
	const char *raw;
	int status;
	const char *segments; /* each behind a bar */
} paths[] = {
	{ "", 0, "" },
	{ "/", 0, "" },
	{ "/api", 0, "|api" },
	{ "/api/", 0, "|api" },
	{ "/api/v1/accounts/ann/tasks/12", 0, "|api|v1|accounts|ann|tasks|12" },
	{ MANY, 0, "|1|2|3|4|5|6|7|8" },
	{ MANY "/", 0, "|1|2|3|4|5|6|7|8" },
	{ "/%61%70i", 0, "|api" },
	{ "/a%20b/c%2bd+e", 0, "|a b|c+d+e" },
	{ "/%C3%A9/%f0%9F%98%80", 0, "|\u00E9|\U0001F600" },
	{ "/%2541", 0, "|%41" },
	{ "/./../%2e%2E", 0, "|.|..|.." },
	{ "/%7Bx%7D/{y}", 0, "|{x}|{y}" },
	{ "/a;b=c,d:e@f", 0, "|a;b=c,d:e@f" },
	{ "/%0A%7F", 0, "|\n\x7F" },

	{ "//", 404, NULL },
	{ "//a", 404, NULL },
	{ "/a//", 404, NULL },
	{ "/a//b", 404, NULL },
	{ MANY "/9", 404, NULL },
	{ MANY "/9/", 404, NULL },

	{ "/%00", 400, NULL },
	{ "/a%00b", 400, NULL },
	{ "/%2F", 400, NULL },
	{ "/a/b%2fc/d", 400, NULL },
	{ "/%", 400, NULL },
	{ "/a%4", 400, NULL },
	{ "/%4/a", 400, NULL },
	{ "/%zz", 400, NULL },
	{ "/%4g", 400, NULL },
	{ "/%FF", 400, NULL },
	{ "/%C3", 400, NULL },
	{ "/%C3/%A9", 400, NULL },
	{ "/%C0%80", 400, NULL },
	{ "/%ED%A0%80", 400, NULL },
	{ "/a/b/%80/", 400, NULL },
};

/* From memory that ends where the path does. */
START_TEST(a_path_is_cut_and_decoded)
{
	size_t length = strlen(paths[_i].raw);
	char *raw = malloc(length > 0 ? length : 1);
	struct buffer segments = { 0 };
	struct arena *arena = NULL;
	struct path path;

	ck_assert_ptr_nonnull(raw);
	memcpy(raw, paths[_i].raw, length);
	int status = path_read((struct text){ raw, length }, &path, &arena);
	ck_assert_msg(status == paths[_i].status, "%s: %d", paths[_i].raw, status);
	for (unsigned i = 0; status == 0 && i < path.count; i++) {
		buffer_add_text(&segments, TEXT("|"));
		buffer_add_text(&segments, path.segment[i]);
	}
	buffer_add(&segments, "", 1);
	if (status == 0)
		ck_assert_str_eq(segments.data, paths[_i].segments);
	buffer_free(&segments);
	arena_free(&arena);
	free(raw);
}
END_TEST

static const struct endpoint lists[] = {
	{ .name = "root", .method = GET, .path = "/" },
	{ .name = "list", .method = GET, .path = "/a" },
	{ .name = "make", .method = POST, .path = "/a" },
	{ .name = "show", .method = GET, .path = "/a/{x}" },
	{ .name = "drop", .method = DELETE, .path = "/a/{x}" },
	{ .name = "login", .method = POST, .path = "/a/login" },
	{ 0 },
};
static const struct endpoint deeper[] = {
	{ .name = "parts", .method = GET, .path = "/a/{x}/parts" },
	{ .name = "part", .method = PUT, .path = "/a/{x}/{z}" },
	{ .name = "guide", .method = PATCH, .path = "/a/login/guide" },
	{ .name = "any", .method = POST, .path = "/{w}/login/parts" },
	{ 0 },
};

static const struct {
	const char *path;
	unsigned method;
	unsigned methods;
	const char *name; /* NULL: none of this method */
} matches[] = {
	{ "/", GET, GET, "root" },
	{ "", GET, GET, "root" },
	{ "/", POST, GET, NULL },
	{ "/a", GET, GET | POST, "list" },
	{ "/a/", POST, GET | POST, "make" },
	{ "/%61", POST, GET | POST, "make" },
	{ "/a", PUT, GET | POST, NULL },
	{ "/a", 0, GET | POST, NULL },
	{ "/A", GET, 0, NULL },
	{ "/b", GET, 0, NULL },
	{ "/aa", GET, 0, NULL },
	{ "/{w}", GET, 0, NULL },
	{ "/a/1", GET, GET | DELETE, "show" },
	{ "/a/{x}", DELETE, GET | DELETE, "drop" },
	{ "/a/Login", GET, GET | DELETE, "show" },
	{ "/a/1", POST, GET | DELETE, NULL },
	{ "/a/login", POST, POST, "login" }, /* what is spelt out wins, whatever the method */
	{ "/a/log%69n/", POST, POST, "login" },
	{ "/a/login", GET, POST, NULL },
	{ "/a/login", DELETE, POST, NULL },
	{ "/a/1/parts", GET, GET, "parts" },
	{ "/a/1/parts", PUT, GET, NULL },
	{ "/a/1/2", PUT, PUT, "part" },
	{ "/a/login/guide", PATCH, PATCH, "guide" },
	{ "/a/login/guide", PUT, PATCH, NULL },
	{ "/a/login/1", PUT, PUT, "part" },
	{ "/a/login/parts", GET, GET, "parts" }, /* at the first place where they differ */
	{ "/a/login/parts", POST, GET, NULL },
	{ "/b/login/parts", POST, POST, "any" },
	{ "/b/1/parts", GET, 0, NULL },
	{ "/a/1/2/3", PUT, 0, NULL },
};

static void check_match(const struct router *router, size_t row)
{
	const struct route *route;
	struct arena *arena = NULL;
	struct path path;

	ck_assert_int_eq(path_read(text_of(matches[row].path), &path, &arena), 0);
	unsigned methods = router_match(router, &path, matches[row].method, &route);
	ck_assert_msg(methods == matches[row].methods, "%s: %#x", matches[row].path, methods);
	ck_assert_pstr_eq(route != NULL ? route->endpoint->name : NULL, matches[row].name);
	arena_free(&arena);
}

/* A table the other way round. */
static void turn(struct endpoint *to, const struct endpoint *from, size_t count)
{
	for (size_t i = 0; i + 1 < count; i++)
		to[i] = from[count - 2 - i];
	to[count - 1] = (struct endpoint){ 0 };
}

static const struct router_sql none;

START_TEST(a_path_finds_its_endpoint_in_any_order)
{
	static struct endpoint turned_lists[CHECK_COUNT(lists)], turned_deeper[CHECK_COUNT(deeper)];
	const struct endpoint *const orders[][3] = { { lists, deeper, NULL },
		{ deeper, lists, NULL }, { turned_lists, turned_deeper, NULL },
		{ turned_deeper, turned_lists, NULL } };

	turn(turned_lists, lists, CHECK_COUNT(lists));
	turn(turned_deeper, deeper, CHECK_COUNT(deeper));
	for (size_t i = 0; i < CHECK_COUNT(orders); i++) {
		struct router *router = router_new(NULL, orders[i], &none);
		for (size_t row = 0; row < CHECK_COUNT(matches); row++)
			check_match(router, row);
		router_free(router);
	}
}
END_TEST

START_TEST(routes_are_listed_in_the_tables_order)
{
	const struct endpoint *const tables[] = { lists, deeper, NULL };
	struct router *router = router_new(NULL, tables, &none);
	unsigned index = 0;

	for (const struct endpoint *const *table = tables; *table != NULL; table++)
		for (const struct endpoint *row = *table; row->path != NULL; row++)
			ck_assert_ptr_eq(router_route(router, index++)->endpoint, row);
	ck_assert_uint_eq(index, 10);
	ck_assert_ptr_null(router_route(router, index));
	router_free(router);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_loop_test(test_case, a_path_is_cut_and_decoded, 0, CHECK_COUNT(paths));
	tcase_add_test(test_case, a_path_finds_its_endpoint_in_any_order);
	tcase_add_test(test_case, routes_are_listed_in_the_tables_order);
}

int main(void)
{
	return check_main("route", add_tests);
}
