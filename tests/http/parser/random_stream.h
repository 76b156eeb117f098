/* Streams of good and bad requests with random damage. */
#ifndef TESTS_RANDOM_STREAM_H
#define TESTS_RANDOM_STREAM_H

#include "base/buffer.h"

/* The next of a fixed sequence of streams, to be freed. */
struct buffer random_stream_next(void);

#endif
