/*
 * The log: lines on standard error. Any thread. One call is one line of at most PIPE_BUF bytes (a
 * longer message is cut), so that lines are never mixed.
 *
 * Between log_start() and log_stop() no caller waits for the reader of standard error: lines go
 * into a buffer of LOG_ROOM bytes, which a thread writes, many at once. Lines that do not fit are
 * dropped, and their number is logged when there is room again. Before log_start() and after
 * log_stop() the call writes the line itself.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_ROOM ((size_t)1 << 20)

/*
 * How messages are written: as "todo: ", the level, ": " and the message, or as one JSON object a
 * line with the members "time", "level" and "msg". Where standard error is systemd's journal, the
 * priority precedes it ("<3>", sd-daemon(3)): the journal takes it off.
 */
enum log_form { LOG_TEXT, LOG_JSON };

/* Before there is a second thread. */
void log_set_form(enum log_form form);

/*
 * The message as a line; control characters in it come out escaped, and where it is cut, it is so
 * between two characters. errno stays as it is.
 *
 * "error": something failed, and the operator has to act. "warning": something is wrong, but passes
 * or can be lived with. "info": any other news.
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

/* Write what is buffered, for at most a second, and end the thread. */
void log_stop(void);

/*
 * Wait until what was logged is written, at most so long. True if all of it is. Also in a signal's
 * handler.
 */
bool log_flush(int milliseconds);

/* The number of lines that were dropped so far. */
uint64_t log_dropped(void);

#endif
