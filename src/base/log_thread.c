/*
 * The log's buffer, and the thread that writes it. There are two rooms: lines are added to one
 * while the thread writes the other, so that the lock is held for a copy at most.
 *
 * The thread is not woken for each line: it sleeps while there is none, and when one has come it
 * waits a little for others.
 */
#include "base/log.h"
#include "base/thread.h"

#include "log_text.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GATHER_MS 20
#define GATHER_BYTES (LOG_ROOM / 4) /* that are enough to be written at once */
#define STOP_MS 1000
#define ABORT_MS 500

static struct {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	pthread_cond_t finished; /* ended has become true */
	pthread_t thread;
	bool started, stopping, ended;
	bool wanted; /* written soon: it is enough, or it is the end */
	char room[2][LOG_ROOM];
	unsigned filling; /* the room that lines are added to */
	size_t length;	  /* of what is in it */
	uint64_t untold;  /* lines dropped that were not told of yet */
	atomic_ullong dropped;
	atomic_size_t pending; /* bytes in both rooms; changed under the lock */
} log_thread = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.filled = PTHREAD_COND_INITIALIZER,
	.finished = PTHREAD_COND_INITIALIZER };

/* As many lines as a pipe takes in one piece; a longer one as far as it goes. */
static size_t whole_lines(const char *at, size_t length)
{
	if (length <= PIPE_BUF)
		return length;
	const char *end = memrchr(at, '\n', PIPE_BUF);

	return end != NULL ? (size_t)(end + 1 - at) : PIPE_BUF;
}

/* Somebody else may have made standard error non-blocking; what nobody can take is gone. */
static bool write_some(const char **at, size_t *length)
{
	ssize_t written = write(STDERR_FILENO, *at, whole_lines(*at, *length));

	if (written < 0 && errno == EAGAIN) {
		struct pollfd ready = { .fd = STDERR_FILENO, .events = POLLOUT };
		poll(&ready, 1, -1);
		return true;
	}
	if (written < 0)
		return errno == EINTR;
	*at += written;
	*length -= (size_t)written;
	return true;
}

static void write_all(const char *at, size_t length)
{
	while (length > 0 && write_some(&at, &length))
		;
}

/* Under the lock. */
static void add_line(const char *line, size_t length)
{
	memcpy(log_thread.room[log_thread.filling] + log_thread.length, line, length);
	log_thread.length += length;
	atomic_fetch_add(&log_thread.pending, length);
}

/* Under the lock: a room has become empty. */
static void tell_dropped(void)
{
	char message[80];
	struct log_text line;

	if (log_thread.untold == 0)
		return;
	snprintf(message, sizeof(message), "%llu lines of the log were dropped",
		(unsigned long long)log_thread.untold);
	log_thread.untold = 0;
	log_write(&line, LOG_WARNING, message);
	add_line(line.data, line.length);
}

/* That many milliseconds from now, by the clock that nobody sets. */
static struct timespec after(long milliseconds)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += milliseconds / 1000;
	until.tv_nsec += milliseconds % 1000 * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	return until;
}

/* Under the lock. */
static int wait_until(pthread_cond_t *condition, const struct timespec *until)
{
	return pthread_cond_clockwait(condition, &log_thread.lock, CLOCK_MONOTONIC, until);
}

/* Under the lock: until there are lines, and then a little longer. */
static void gather(void)
{
	while (log_thread.length == 0 && !log_thread.stopping)
		pthread_cond_wait(&log_thread.filled, &log_thread.lock);
	struct timespec until = after(GATHER_MS);
	while (!log_thread.wanted && !log_thread.stopping)
		if (wait_until(&log_thread.filled, &until) != 0)
			return;
}

static void *log_main(void *unused)
{
	size_t length = 0;

	(void)unused;
	for (;;) {
		pthread_mutex_lock(&log_thread.lock);
		atomic_fetch_sub(&log_thread.pending, length);
		gather();
		const char *full = log_thread.room[log_thread.filling];
		length = log_thread.length;
		log_thread.filling = 1 - log_thread.filling;
		log_thread.length = 0;
		log_thread.wanted = false;
		tell_dropped();
		pthread_mutex_unlock(&log_thread.lock);
		if (length == 0)
			break;
		write_all(full, length);
	}
	pthread_mutex_lock(&log_thread.lock);
	log_thread.ended = true;
	pthread_mutex_unlock(&log_thread.lock);
	pthread_cond_signal(&log_thread.finished);
	return NULL;
}

/* Under the lock. */
static void keep_line(const char *line, size_t length)
{
	if (log_thread.length + length > LOG_ROOM) {
		log_thread.untold++;
		atomic_fetch_add(&log_thread.dropped, 1);
		return;
	}
	bool wake = log_thread.length == 0;
	add_line(line, length);
	if (log_thread.length >= GATHER_BYTES && !log_thread.wanted)
		wake = log_thread.wanted = true;
	if (wake)
		pthread_cond_signal(&log_thread.filled);
}

void log_line(const char *line, size_t length)
{
	pthread_mutex_lock(&log_thread.lock);
	bool started = log_thread.started;
	if (started)
		keep_line(line, length);
	pthread_mutex_unlock(&log_thread.lock);
	if (!started)
		write_all(line, length);
}

bool log_settle(int milliseconds)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	while (atomic_load(&log_thread.pending) > 0 && milliseconds-- > 0)
		nanosleep(&pause, NULL);
	return atomic_load(&log_thread.pending) == 0;
}

/* It goes on to end the process when this returns. */
static void aborted(int signal)
{
	(void)signal;
	log_settle(ABORT_MS);
}

void log_start(void)
{
	thread_start(&log_thread.thread, log_main, NULL);
	pthread_mutex_lock(&log_thread.lock);
	log_thread.started = true;
	pthread_mutex_unlock(&log_thread.lock);
	signal(SIGABRT, aborted);
}

void log_stop(void)
{
	struct timespec until = after(STOP_MS);
	int waited = 0;

	pthread_mutex_lock(&log_thread.lock);
	bool started = log_thread.started;
	log_thread.stopping = true;
	pthread_cond_signal(&log_thread.filled);
	while (started && !log_thread.ended && waited == 0)
		waited = wait_until(&log_thread.finished, &until);
	bool ended = log_thread.ended;
	if (ended)
		log_thread.started = false;
	pthread_mutex_unlock(&log_thread.lock);
	/* Where nobody reads standard error the rest is lost, and nothing more is written. */
	if (ended)
		pthread_join(log_thread.thread, NULL);
	else if (started)
		pthread_detach(log_thread.thread);
}

uint64_t log_dropped(void)
{
	return atomic_load(&log_thread.dropped);
}
