/*
 * Metrics, for /metrics. Loop thread.
 */
#ifndef ENDPOINT_METRICS_H
#define ENDPOINT_METRICS_H

#include "base/buffer.h"

#include <stdint.h>

struct server;

/*
 * All of it as Prometheus reads it: text format 0.0.4. sessions: how many there were when they
 * were last counted.
 */
void metrics_write(struct server *server, uint64_t sessions, struct buffer *out);

#endif
