/*
 * Timeouts: of requests that come in, of replies that go out, and of idle connections. Loop thread.
 */
#ifndef HTTP_TIMEOUTS_H
#define HTTP_TIMEOUTS_H

#include "http/connection.h"

/* End what has taken too long. To be called about twice a second. */
void connections_sweep(struct connections *connections);

#endif
