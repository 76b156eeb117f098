/*
 * A message as a line of the log. Any thread.
 */
#ifndef BASE_LOG_TEXT_H
#define BASE_LOG_TEXT_H

#include <limits.h>
#include <stddef.h>

struct log_text {
	char data[PIPE_BUF];
	size_t length;
};

/* The line of an error, in the form that was set, with its newline. */
void log_write(struct log_text *line, const char *message);

#endif
