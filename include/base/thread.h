/*
 * Threads that signals leave alone.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>

/*
 * Runs body(argument) on a new thread, to be joined by its owner. No signal that comes from outside
 * is delivered there (pthread_sigmask(3)): those are the first thread's, whose loop they wake. Where
 * the system gives no thread, the program says so and ends. Any thread.
 */
void thread_start(pthread_t *thread, void *(*body)(void *), void *argument);

#endif
