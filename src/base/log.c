/*
 * Lines on standard error, each by one write(2). Any thread.
 */
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOG_PREFIX "todo: "
#define LOG_ESCAPE_SIZE 4 /* \xNN */

/* A write of up to PIPE_BUF bytes is never mixed with another's, on a pipe too. */
struct log_line {
	char data[PIPE_BUF];
	size_t length;
};

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

static void log_add_escaped(struct log_line *line, char byte)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char value = (unsigned char)byte;
	char escape[LOG_ESCAPE_SIZE] = { '\\', 'x', hex[value >> 4], hex[value & 15] };

	memcpy(line->data + line->length, escape, sizeof(escape));
	line->length += sizeof(escape);
}

/* As much of the message as leaves room for the newline. */
static void log_add_message(struct log_line *line, const char *message)
{
	size_t full = sizeof(line->data) - 2 * LOG_ESCAPE_SIZE - 1;

	while (*message != '\0' && line->length <= full) {
		size_t escaped = log_control_length(message);

		if (escaped == 0)
			line->data[line->length++] = *message++;
		for (; escaped > 0; escaped--)
			log_add_escaped(line, *message++);
	}
}

void log_error(const char *format, ...)
{
	char message[PIPE_BUF];
	struct log_line line = { .data = LOG_PREFIX, .length = sizeof(LOG_PREFIX) - 1 };
	va_list arguments;

	va_start(arguments, format);
	if (vsnprintf(message, sizeof(message), format, arguments) < 0)
		message[0] = '\0';
	va_end(arguments);

	log_add_message(&line, message);
	line.data[line.length++] = '\n';
	while (write(STDERR_FILENO, line.data, line.length) < 0 && errno == EINTR)
		;
}
