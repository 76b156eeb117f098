/*
 * The time that only goes on, which nobody sets (CLOCK_MONOTONIC). Any thread.
 */
#ifndef BASE_MONOTONIC_H
#define BASE_MONOTONIC_H

#include <stdint.h>
#include <time.h>

uint64_t monotonic_ns(void);

/* To the second or so, without asking the kernel. */
time_t monotonic_seconds(void);

#endif
