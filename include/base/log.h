/*
 * Lines on standard error. Any thread; one call is one line of at most PIPE_BUF bytes (a longer
 * message is cut), so that it is never mixed with another's.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

/* "todo: " and the message; control characters in it come out escaped. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
