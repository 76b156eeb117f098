/*
 * What takes too long: requests that come in, replies that go out, connections without either.
 */
#ifndef HTTP_TIMEOUTS_H
#define HTTP_TIMEOUTS_H

#include "http/connection.h"

/* End what has taken too long; to be called twice a second. */
void connections_sweep(struct connections *connections);

#endif
