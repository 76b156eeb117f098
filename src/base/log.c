/*
 * Messages of the program, each a line. Any thread.
 */
#include "base/log.h"

#include "log_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

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
