/* /metrics, over and over. */
#include "scrape.h"

#include "deadline.h"

#include <check.h>

struct prometheus scrape(const struct harness *h)
{
	struct prometheus read;
	struct client client;
	struct reply reply;

	ck_assert(client_open(&client, h->port));
	ck_assert(client_call(&client, &reply, "GET", "/metrics", NULL, NULL, NULL));
	ck_assert_int_eq(reply.status, 200);
	const char *fault = prometheus_read(&read, reply.body);

	ck_assert_msg(!fault, "line %d: %s", read.line, fault);
	reply_free(&reply);
	client_close(&client);
	return read;
}

double scrape_value(const struct harness *h, const char *series)
{
	struct prometheus read = scrape(h);
	double value = prometheus_value(&read, series);

	prometheus_free(&read);
	return value;
}

bool scrape_until(const struct harness *h, const char *series, double least)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);

	for (; deadline_in(0) < until; deadline_pause())
		if (scrape_value(h, series) >= least)
			return true;
	return false;
}
