/* The reader of /metrics that the other tests rely on: it refuses what Prometheus would. */
#include "prometheus.h"

#include "check_main.h"

#include <string.h>

#define HELP "# HELP a_total x\n# TYPE a_total counter\n"
#define HISTOGRAM "# HELP t x\n# TYPE t histogram\n"

START_TEST(good_text_is_read)
{
	struct prometheus read;
	const char *fault = prometheus_read(&read,
		HELP "a_total{x=\"1\\\"\\\\\\n\",y=\"\"} 2\na_total 1.5\n" HISTOGRAM
		     "t_bucket{le=\"1\"} 1\nt_bucket{le=\"+Inf\"} 3\nt_sum 4\nt_count 3\n"
		     "t_bucket{x=\"1\",le=\"+Inf\"} 0\nt_sum{x=\"1\"} 0\nt_count{x=\"1\"} 0\n");

	ck_assert_msg(!fault, "%d: %s", read.line, fault);
	ck_assert_double_eq(prometheus_value(&read, "a_total"), 1.5);
	ck_assert_double_eq(prometheus_value(&read, "t_bucket{le=\"+Inf\"}"), 3);
	prometheus_free(&read);
}
END_TEST

START_TEST(bad_text_is_refused)
{
	static const char *const rows[] = {
		"a_total 1\n",
		"# TYPE a_total counter\na_total 1\n",
		"# HELP a_total x\na_total 1\n",
		"# HELP a x\n# TYPE a counter\na 1\n",
		"# HELP a_total x\n# TYPE a_total gauge\na_total 1\n",
		"# HELP a_total x\n# TYPE a_total counters\n",
		"# HELP a_total x\n# TYPE b_total counter\n",
		HELP "a_total 1",
		HELP "a_total 1\n\n",
		HELP "a_total\n",
		HELP "a_total one\n",
		HELP "a_total 1 2 3\n",
		HELP "a_total -1\n",
		HELP "b_total 1\n",
		HELP "a_total 1\na_total 1\n",
		HELP "a_total{x=\"1\"} 1\na_total{x=\"1\"} 2\n",
		HELP "a_total 1\n" HELP "a_total{x=\"1\"} 1\n",
		HELP "a_total{x=1} 1\n",
		HELP "a_total{x=\"\\t\"} 1\n",
		HELP "a_total{x=\"1} 1\n",
		HELP "a_total{x=\"1\" 1\n",
		HELP "a_total{x=\"1\",x=\"2\"} 1\n",
		HELP "a_total{1x=\"1\"} 1\n",
		HISTOGRAM "t_bucket{le=\"1\"} 1\n",
		HISTOGRAM "t_bucket{le=\"1\"} 1\nt_sum 1\nt_count 1\n",
		HISTOGRAM "t_bucket{le=\"1\"} 2\nt_bucket{le=\"+Inf\"} 1\nt_sum 1\nt_count 1\n",
		HISTOGRAM "t_bucket{le=\"2\"} 1\nt_bucket{le=\"1\"} 1\n",
		HISTOGRAM "t_bucket{le=\"+Inf\"} 2\nt_sum 1\nt_count 1\n",
		HISTOGRAM "t_bucket 2\n",
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct prometheus read;

		ck_assert_msg(prometheus_read(&read, rows[i]), "taken: %s", rows[i]);
		prometheus_free(&read);
	}
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_test(test_case, good_text_is_read);
	tcase_add_test(test_case, bad_text_is_refused);
}

int main(void)
{
	return check_main("prometheus", add);
}
