/*
 * Threads that receive no signals.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>

/*
 * Runs body(argument) on a new thread, to be joined by its owner. Signals from outside are not
 * delivered there (pthread_sigmask(3)): the first thread's loop handles them. If the system has no
 * thread to give, the program says so and ends. Any thread.
 */
void thread_start(pthread_t *thread, void *(*body)(void *), void *argument);

#endif
