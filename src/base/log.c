/*
 * Messages as lines, and the thread that writes them. There are two buffers: lines are added to one
 * while the thread writes the other, so that the lock is held for a copy at most.
 *
 * The thread is not woken for each line: it sleeps while there is none, and when one has come it
 * waits a little for others.
 */
#include "base/log.h"

#include "base/date.h"
#include "base/text.h"
#include "base/thread.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOG_PREFIX "todo: "
#define LOG_ESCAPE_SIZE 6 /* \u00NN, the longer one */
#define COLLECT_MS 20
#define COLLECT_BYTES (LOG_ROOM / 4) /* that are enough to be written at once */
#define STOP_MS 1000
#define ABORT_MS 500

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO };

struct log_text {
	char data[PIPE_BUF];
	size_t length;
};

/* ---- a message as a line ---- */

/* A level in each form. */
static const struct {
	const char *text, *json;
	const char *priority; /* as sd-daemon(3) has it */
} log_levels[] = {
	[LOG_ERROR] = { LOG_PREFIX "error: ", "error", "<3>" },
	[LOG_WARNING] = { LOG_PREFIX "warning: ", "warning", "<4>" },
	[LOG_INFO] = { LOG_PREFIX "info: ", "info", "<6>" },
};

static enum log_form log_form;

void log_set_form(enum log_form form)
{
	log_form = form;
}

/* How many bytes the control character at the start of a terminated string takes; 0: none there. */
static size_t log_control_length(const char *at)
{
	const unsigned char *byte = (const unsigned char *)at;

	if (byte[0] < 0x20 || byte[0] == 0x7F)
		return 1;
	if (byte[0] == 0xC2 && byte[1] >= 0x80 && byte[1] <= 0x9F)
		return 2;
	return 0;
}

static void log_add(struct log_text *line, const char *text)
{
	size_t length = strlen(text);

	memcpy(line->data + line->length, text, length);
	line->length += length;
}

/* Whether standard error is systemd's journal, which the variable names: see systemd.exec(5). */
static bool log_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	uintmax_t device, inode;
	struct stat status;

	return stream != NULL && sscanf(stream, "%ju:%ju", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device &&
	       status.st_ino == inode;
}

static void log_add_escaped(struct log_text *line, const char *opening, char byte)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char value = (unsigned char)byte;

	log_add(line, opening);
	line->data[line->length++] = hex[value >> 4];
	line->data[line->length++] = hex[value & 15];
}

/* Whether there is room for two more escapes and the end of the line. */
static bool log_has_room(const struct log_text *line)
{
	return line->length <= sizeof(line->data) - 2 * LOG_ESCAPE_SIZE - sizeof("\"}\n");
}

/*
 * How long a text stays that was cut: where it ends within a character of UTF-8, that one goes too.
 * Bytes that are none of UTF-8's stay.
 */
static size_t log_whole_length(const char *text, size_t length)
{
	for (size_t back = 1; back <= 3 && back <= length; back++) {
		unsigned char byte = (unsigned char)text[length - back];
		size_t size = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;

		if (byte < 0x80)
			break;
		if (byte >= 0xC0)
			return size > back ? length - back : length;
	}
	return length;
}

static void log_write_text(struct log_text *line, enum log_level level, const char *message)
{
	log_add(line, log_levels[level].text);
	while (*message != '\0' && log_has_room(line)) {
		size_t escaped = log_control_length(message);

		if (escaped == 0)
			line->data[line->length++] = *message++;
		for (; escaped > 0; escaped--)
			log_add_escaped(line, "\\x", *message++);
	}
	if (*message != '\0')
		line->length = log_whole_length(line->data, line->length);
}

/* A message may quote bytes that are not UTF-8: they are read as Latin-1. */
static void log_write_json(struct log_text *line, enum log_level level, const char *message)
{
	bool utf8 = text_is_utf8(text_of(message));
	char now[DATE_SIZE];

	date_format(time(NULL), now);
	log_add(line, "{\"time\":\"");
	log_add(line, now);
	log_add(line, "\",\"level\":\"");
	log_add(line, log_levels[level].json);
	log_add(line, "\",\"msg\":\"");
	for (; *message != '\0' && log_has_room(line); message++) {
		size_t escaped = log_control_length(message);

		message += escaped == 2;
		if (escaped > 0 || (!utf8 && (unsigned char)*message >= 0x80))
			log_add_escaped(line, "\\u00", *message);
		else if (*message == '"' || *message == '\\')
			log_add_escaped(line, "\\u00", *message);
		else
			line->data[line->length++] = *message;
	}
	if (*message != '\0')
		line->length = log_whole_length(line->data, line->length);
	log_add(line, "\"}");
}

/* The line of a message, in the form that was set, with its newline. */
static void log_write(struct log_text *line, enum log_level level, const char *message)
{
	line->length = 0;
	if (log_is_journal())
		log_add(line, log_levels[level].priority);
	if (log_form == LOG_JSON)
		log_write_json(line, level, message);
	else
		log_write_text(line, level, message);
	log_add(line, "\n");
}

/* ---- the buffers and the thread ---- */

static struct {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	pthread_cond_t finished; /* ended has become true */
	pthread_t thread;
	bool started, stopping, ended;
	bool wanted; /* the lines are to be written now: they are many */
	char buffer[2][LOG_ROOM];
	unsigned filling;    /* the index of the buffer that lines are added to */
	size_t length;	     /* of what is in it */
	uint64_t unreported; /* dropped lines, of which no line was written yet */
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

/* Another process may have made standard error non-blocking. What cannot be written is lost. */
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
	memcpy(log_thread.buffer[log_thread.filling] + log_thread.length, line, length);
	log_thread.length += length;
	atomic_fetch_add(&log_thread.pending, length);
}

/* Under the lock, after the buffers were swapped. */
static void report_dropped(void)
{
	char message[80];
	struct log_text line;

	if (log_thread.unreported == 0)
		return;
	snprintf(message, sizeof(message), "%llu lines of the log were dropped",
		(unsigned long long)log_thread.unreported);
	log_thread.unreported = 0;
	log_write(&line, LOG_WARNING, message);
	add_line(line.data, line.length);
}

/* So many milliseconds from now, on the monotonic clock. */
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
static void collect(void)
{
	while (log_thread.length == 0 && !log_thread.stopping)
		pthread_cond_wait(&log_thread.filled, &log_thread.lock);
	struct timespec until = after(COLLECT_MS);
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
		collect();
		const char *full = log_thread.buffer[log_thread.filling];
		length = log_thread.length;
		log_thread.filling = 1 - log_thread.filling;
		log_thread.length = 0;
		log_thread.wanted = false;
		report_dropped();
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
		log_thread.unreported++;
		atomic_fetch_add(&log_thread.dropped, 1);
		return;
	}
	bool wake = log_thread.length == 0;
	add_line(line, length);
	if (log_thread.length >= COLLECT_BYTES && !log_thread.wanted)
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

bool log_flush(int milliseconds)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	while (atomic_load(&log_thread.pending) > 0 && milliseconds-- > 0)
		nanosleep(&pause, NULL);
	return atomic_load(&log_thread.pending) == 0;
}

/* When this returns, abort() ends the process. */
static void aborted(int signal)
{
	(void)signal;
	log_flush(ABORT_MS);
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
	/* If standard error is not read, the rest is lost, and nothing more is written. */
	if (ended)
		pthread_join(log_thread.thread, NULL);
	else if (started)
		pthread_detach(log_thread.thread);
}

uint64_t log_dropped(void)
{
	return atomic_load(&log_thread.dropped);
}

/* ---- messages ---- */

/* One line of the format; errno stays as it is. */
static void log_format(enum log_level level, const char *format, va_list arguments)
{
	char message[PIPE_BUF];
	struct log_text line;
	int error = errno;
	int length = vsnprintf(message, sizeof(message), format, arguments);

	if (length < 0)
		message[0] = '\0';
	else if ((size_t)length >= sizeof(message))
		message[log_whole_length(message, sizeof(message) - 1)] = '\0';
	log_write(&line, level, message);
	log_line(line.data, line.length);
	errno = error;
}

void log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_format(LOG_ERROR, format, arguments);
	va_end(arguments);
}

void log_warning(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_format(LOG_WARNING, format, arguments);
	va_end(arguments);
}

void log_info(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_format(LOG_INFO, format, arguments);
	va_end(arguments);
}
