/*
 * A strict reader of Prometheus's text format (0.0.4): every name has its HELP and TYPE before its
 * samples, which stand together; no series comes twice; counters end in _total; the buckets of a
 * histogram are cumulative, and its +Inf is its count.
 */
#ifndef TESTS_PROMETHEUS_H
#define TESTS_PROMETHEUS_H

#include <stdbool.h>
#include <stddef.h>

struct prometheus {
	char *text; /* what the series point into */
	struct prometheus_sample {
		const char *series; /* the name, with its labels as they were written */
		double value;
	} * samples;
	size_t count;
	int line; /* that was read last */
	char family[128], type[16];
	struct {
		char labels[512]; /* of the last bucket, without le */
		double le, value; /* of it; le is -1 where there is none */
	} bucket;
};

/* NULL, or what is wrong with the text at ->line. To be freed in either case. */
const char *prometheus_read(struct prometheus *read, const char *text);
void prometheus_free(struct prometheus *read);

/* The value of a series; 0 where it is not there. */
double prometheus_value(const struct prometheus *read, const char *series);

#endif
