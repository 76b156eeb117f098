/*
 * What a message looks like as a line. Any thread.
 */
#include "log_text.h"

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOG_PREFIX "todo: "
#define LOG_ESCAPE_SIZE 6 /* \u00NN, the longer one */

/* As the two forms have it. */
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

/* As much of the message as leaves room for two escapes and what closes the line. */
static bool log_has_room(const struct log_text *line)
{
	return line->length <= sizeof(line->data) - 2 * LOG_ESCAPE_SIZE - sizeof("\"}\n");
}

size_t log_whole_length(const char *text, size_t length)
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

/* Bytes that are not UTF-8, as a message may quote them, are taken for Latin-1. */
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

void log_write(struct log_text *line, enum log_level level, const char *message)
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
