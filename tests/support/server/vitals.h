/* What the kernel says of a running server. */
#ifndef TESTS_VITALS_H
#define TESTS_VITALS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * How much more memory a build may take that watches itself: what it notes of it counts too. Of
 * ThreadSanitizer that is five to ten times as much (its manual).
 */
#if defined(__SANITIZE_THREAD__)
#define VITALS_FACTOR 6
#elif defined(__SANITIZE_ADDRESS__)
#define VITALS_FACTOR 2
#else
#define VITALS_FACTOR 1
#endif

/* For harness_start(): a build with AddressSanitizer then holds back little of what it has freed. */
#define VITALS_ENVIRONMENT WORDS("ASAN_OPTIONS=quarantine_size_mb=1")

/* Processor time so far, in clock ticks. */
unsigned long vitals_ticks(pid_t pid);

/* How often its threads have waited for something, and been woken, so far. */
unsigned long vitals_waits(pid_t pid);

/* Bytes of memory that it has at present. */
size_t vitals_memory(pid_t pid);

/* The most kB of memory that it has had since it was started, or since vitals_peak_anew(). */
long vitals_peak(pid_t pid);

/* The peak begins anew: at the kB that it has at present, which are given. */
long vitals_peak_anew(pid_t pid);

/* How many files and sockets it has open. */
unsigned vitals_files(pid_t pid);

/* It still has its end of the connection open that this IPv4 socket made to its port. */
bool vitals_holds(pid_t pid, int port, int fd);

#endif
