/* http/media_type.h: the weights that a client gives to what it may be sent. */
#include "http/media_type.h"

#include "check_main.h"

#define BROWSER                                                                                    \
	"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

static const struct {
	const char *accept;
	bool page;
} pages[] = {
	{ NULL, false },
	{ "", false },
	{ "*/*", false },
	{ "application/json", false },
	{ "application/json, text/plain, */*", false },
	{ "text/html", true },
	{ "TEXT/HTML", true },
	{ "text/html;q=0.1", true },
	{ BROWSER, true },
	{ "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true },
	{ "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", true },
	{ "text/html;q=0", false },
	{ "text/html;q=0, application/json", false },
	{ "text/html; q=0, */*", false },
	{ "text/html ; q=0.000 , */*", false },
	{ "text/html;Q=0", false },
	{ "application/json, text/html;q=0", false },
	{ "application/json, text/html;q=0.5", false },
	{ "application/json;q=0.9, text/html;q=0.899", false },
	{ "application/json;q=0.9, text/html;q=0.9", true },
	{ "application/json;q=0.5, text/html", true },
	{ "application/json, text/html", true },
	{ "text/*", true },
	{ "text/*;q=0.5, application/json", false },
	{ "text/*, */*", false },
	{ "text/*;q=0, text/html", true },
	{ "application/*;q=0.1, */*", true },
	{ "application/json;q=0, */*;q=0.1", true },
	{ "text/htmlx", false },
	{ "xtext/html", false },
	{ "application/x;note=\"text/html\"", false },
	{ "application/x;note=\"a, text/html\", application/json", false },
	{ "application/x;note=\"a\\\", text/html\", application/json", false },
	{ "application/x;note=\"text/html", false },
	{ "text/html;level=1", true },
	{ "text/html;level=1;q=0.2, application/json;q=0.3", false },
	{ "text/html;q=2", false },
	{ "text/html;q=", false },
	{ "text/html;q=x", false },
	{ "text/html;q=-1", false },
	{ "text/html;q=1.001", false },
	{ "text/html;q=1.000", true },
	{ "text/html;q=0.00000001", false },
	{ "text/html;q=0.3333333, application/json;q=0.333", true },
	{ ";q=1, text/html", true },
	{ ",, ,text/html", true },
	{ ",;,=\"", false },
};

START_TEST(page_is_preferred)
{
	ck_assert_msg(
		accept_prefers_page(pages[_i].accept) == pages[_i].page, "%s", pages[_i].accept);
}
END_TEST

static const struct {
	const char *accept;
	bool gzip;
} codings[] = {
	{ NULL, false },
	{ "", false },
	{ "gzip", true },
	{ "GZip", true },
	{ "x-gzip", true },
	{ "gzip, deflate, br, zstd", true },
	{ "deflate,gzip;q=1.0,*;q=0.5", true },
	{ "gzip;q=0.8", true },
	{ "gzip; q=0.8", true },
	{ "gzip;q=0.001", true },
	{ "gzip;q=0", false },
	{ "gzip; q=0", false },
	{ "gzip ;\tq=0.0", false },
	{ "gzip;q=0, *", false },
	{ "x-gzip;q=0, *", false },
	{ "x-gzip-not", false },
	{ "gzipped", false },
	{ "br", false },
	{ "br;x=\"gzip\"", false },
	{ "*", true },
	{ "*;q=0", false },
	{ "identity", false },
	{ "identity;q=0", false },
	{ "identity;q=0, gzip;q=0.1", true },
	{ "identity, gzip;q=0.5", false },
	{ "identity;q=0.5, gzip", true },
	{ "identity, gzip", true },
	{ "*;q=0.5, gzip;q=0.2", false },
	{ "gzip;q=high", false },
};

START_TEST(gzip_is_taken)
{
	ck_assert_msg(accept_allows_gzip(codings[_i].accept) == codings[_i].gzip, "%s",
		codings[_i].accept);
}
END_TEST

/* A type has the weight of the most specific range that matches it. */
START_TEST(weights_are_those_of_the_nearest_range)
{
	static const char list[] = "text/plain;q=0.5, text/*;q=0.3, */*;q=0.1, text/plain;q=0.2";

	ck_assert_int_eq(accept_type(list, TEXT("text/plain")), 500);
	ck_assert_int_eq(accept_type(list, TEXT("text/html")), 300);
	ck_assert_int_eq(accept_type(list, TEXT("image/png")), 100);
	ck_assert_int_eq(accept_type("text/plain", TEXT("image/png")), 0);
	ck_assert_int_eq(accept_type(NULL, TEXT("image/png")), WEIGHT_MAX);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_loop_test(test_case, page_is_preferred, 0, CHECK_COUNT(pages));
	tcase_add_loop_test(test_case, gzip_is_taken, 0, CHECK_COUNT(codings));
	tcase_add_test(test_case, weights_are_those_of_the_nearest_range);
}

int main(void)
{
	return check_main("accept", add);
}
