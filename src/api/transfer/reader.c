/*
 * Lines, places, refusals and reports of the formats' readers. Any thread.
 */
#include "transfer/reader.h"

#include <stdio.h>
#include <string.h>

#define REPORTS_MOST 64	    /* different reports of one file */
#define REPORT_NAME_MOST 64 /* bytes of a name that is quoted */

void reader_skip_mark(struct reader *reader)
{
	static const struct text mark = TEXT_INIT("\xEF\xBB\xBF");
	struct text *text = &reader->text;

	if (text->length < mark.length || memcmp(text->data, mark.data, mark.length) != 0)
		return;
	*text = (struct text){ text->data + mark.length, text->length - mark.length };
}

bool reader_next_line(struct reader *reader, struct text *line)
{
	struct text *text = &reader->text;
	const char *end;

	if (text->length == 0)
		return false;
	end = memchr(text->data, '\n', text->length);
	*line = (struct text){ text->data,
		end == NULL ? text->length : (size_t)(end - text->data) };
	text->length -= line->length + (end != NULL);
	text->data += line->length + (end != NULL);
	if (line->length > 0 && line->data[line->length - 1] == '\r')
		line->length--;
	reader->line++;
	return true;
}

void reader_at_line(struct reader *reader, unsigned long line)
{
	snprintf(reader->place, sizeof(reader->place), "/line/%lu", line);
}

enum record reader_bad(struct reader *reader, const char *why)
{
	reader->why = why;
	return RECORD_BAD;
}

enum record reader_fatal(struct reader *reader, const char *why)
{
	reader->why = why;
	return RECORD_FATAL;
}

const char *reader_text_fault(struct text text)
{
	if (text.length > 0 && memchr(text.data, '\0', text.length) != NULL)
		return RECORD_HAS_NUL;
	return text_is_utf8(text) ? NULL : RECORD_NOT_UTF8;
}

json_t *reader_string(struct text text)
{
	return json_stringn_nocheck(text.length > 0 ? text.data : "", text.length);
}

/* The bytes of the name that are quoted, without cutting a character. */
static int reader_quoted_length(struct text name)
{
	size_t length = name.length;

	if (length > REPORT_NAME_MOST) {
		length = REPORT_NAME_MOST;
		while (length > 0 && ((unsigned char)name.data[length] & 0xC0) == 0x80)
			length--;
	}
	return (int)length;
}

void reader_report(struct reader *reader, json_t **reported, const char *kind, struct text name,
	const char *result)
{
	int length = reader_quoted_length(name);
	char sentence[256];

	if (reader->report == NULL || json_object_size(*reported) >= REPORTS_MOST)
		return;
	if (length > 0)
		snprintf(sentence, sizeof(sentence), "The %s \"%.*s\" %s", kind, length, name.data,
			result);
	else
		snprintf(sentence, sizeof(sentence), "The %s %s", kind, result);
	if (*reported == NULL)
		*reported = json_object();
	if (json_object_get(*reported, sentence) != NULL)
		return;
	json_object_set_new(*reported, sentence, json_true());
	reader->report(reader, reader->place, sentence);
}

void reader_report_tags(struct reader *reader, json_t **reported)
{
	reader_report(reader, reported, "tags", (struct text){ NULL, 0 },
		"have white space or commas in them, which became \"-\".");
}
