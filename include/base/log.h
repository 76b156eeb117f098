/*
 * Lines on standard error. Any thread; one call is one line of at most PIPE_BUF bytes (a longer
 * message is cut), so that it is never mixed with another's.
 *
 * Between log_start() and log_stop() nobody waits for whoever reads standard error: lines go into
 * a buffer of LOG_ROOM bytes that a thread writes, many at once. Where it is full, lines are
 * dropped, and their number is said when there is room again. Before and behind, a line is written
 * by the call itself.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_ROOM ((size_t)1 << 20)

/*
 * How messages are written: as "todo: ", the level, ": " and the message, or as one JSON object a line
 * with the members "time", "level" and "msg". Where standard error is systemd's journal, the
 * priority stands in front ("<3>", sd-daemon(3)): the journal takes it off.
 */
enum log_form { LOG_TEXT, LOG_JSON };

/* Before there is a second thread. */
void log_set_form(enum log_form form);

/*
 * The message as a line; control characters in it come out escaped, and where it is cut, it is so
 * between two characters. errno stays as it is.
 *
 * An "error" is what did not work: somebody has to look after it. A "warning" is what is not as it
 * should be, but passes or is got along with. Any other news, of something that went well, is "info".
 */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A whole line of at most PIPE_BUF bytes, its newline included, as it is. */
void log_line(const char *line, size_t length);

/*
 * Start the thread; and from now on a process that aborts writes what is buffered first. Once in a
 * process.
 */
void log_start(void);

/* Write what is buffered, waiting at most a second for whoever reads it, and end the thread. */
void log_stop(void);

/*
 * Wait until what was logged is written, at most so long. Also in a signal's handler; true where
 * all of it is.
 */
bool log_settle(int milliseconds);

/* Lines that were dropped so far. */
uint64_t log_dropped(void);

#endif
