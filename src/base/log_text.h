/*
 * A message as a line of the log. Any thread.
 */
#ifndef BASE_LOG_TEXT_H
#define BASE_LOG_TEXT_H

#include <limits.h>
#include <stddef.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO };

struct log_text {
	char data[PIPE_BUF];
	size_t length;
};

/*
 * How long a text stays that was cut: where it ends within a character of UTF-8, that one goes too.
 * Bytes that are none of UTF-8's stay.
 */
size_t log_whole_length(const char *text, size_t length);

/* The line of a message, in the form that was set, with its newline. */
void log_write(struct log_text *line, enum log_level level, const char *message);

#endif
