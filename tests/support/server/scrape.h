/* /metrics of a running server, read strictly: a test that gets no valid text of it ends. */
#ifndef TESTS_SCRAPE_H
#define TESTS_SCRAPE_H

#include "harness.h"
#include "prometheus.h"

/* Fetches and reads it; to be freed with prometheus_free(). */
struct prometheus scrape(const struct harness *h);

/* The value of one series, now. */
double scrape_value(const struct harness *h, const char *series);

/* Asks until the series is at least that; false where it is not within a deadline. */
bool scrape_until(const struct harness *h, const char *series, double least);

#endif
