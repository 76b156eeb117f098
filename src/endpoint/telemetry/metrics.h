/*
 * Metrics, for /metrics. To count a request takes a few additions, and no allocation. Loop thread.
 */
#ifndef ENDPOINT_METRICS_H
#define ENDPOINT_METRICS_H

#include "base/buffer.h"

#include <stdint.h>

struct metrics;
struct request_record;
struct router;
struct server;

struct metrics *metrics_new(const struct router *router);
void metrics_free(struct metrics *metrics);

void metrics_count(struct metrics *metrics, const struct request_record *record);
void metrics_count_refusal(struct metrics *metrics, const struct request_record *record);

/*
 * All of it as Prometheus reads it: text format 0.0.4. sessions: how many there were when they
 * were last counted.
 */
void metrics_write(struct server *server, uint64_t sessions, struct buffer *out);

#endif
