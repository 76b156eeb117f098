/*
 * JSON in steps. No more of the text than one record may have is shown to the parser. Any thread.
 */
#include "transfer/format_token.h"

#include "base/json_scan.h"
#include "transfer/format_record.h"

#include <string.h>

static void token_skip(struct text *text, size_t length)
{
	*text = (struct text){ text->at + length, text->length - length };
}

char token_peek(struct reader *reader)
{
	struct text *text = &reader->text;

	while (text->length > 0 && *text->at != '\0' && strchr(" \t\r\n", *text->at) != NULL) {
		reader->line += *text->at == '\n';
		token_skip(text, 1);
	}
	return text->length > 0 ? *text->at : '\0';
}

bool token_take(struct reader *reader, char byte)
{
	if (token_peek(reader) != byte || reader->text.length == 0)
		return false;
	token_skip(&reader->text, 1);
	return true;
}

static const char *token_why(enum json_fault fault, bool cut)
{
	switch (fault) {
	case JSON_ENDS_EARLY:
		return cut ? RECORD_TOO_LONG : TOKEN_ENDS_EARLY;
	case JSON_NOT_UTF8:
		return RECORD_NOT_UTF8;
	case JSON_HAS_NUL:
		return RECORD_HAS_NUL;
	case JSON_TOO_MANY:
		return "The file has more than 2,000,000 values in it.";
	case JSON_MALFORMED:
	case JSON_SURROGATE:
		return TOKEN_MALFORMED;
	default:
		return json_sentence(fault);
	}
}

/* As much of the text as a record may have, and no half of a character. */
static struct text token_shown(struct text text)
{
	if (text.length <= RECORD_MOST)
		return text;
	text.length = RECORD_MOST;
	while (text.length > RECORD_MOST - 4 &&
		((unsigned char)text.at[text.length] & 0xC0) == 0x80)
		text.length--;
	return text;
}

bool token_value(struct reader *reader, size_t *values, struct text *value, unsigned *depth)
{
	struct json_scan scan;
	enum json_fault fault;

	token_peek(reader);
	scan = (struct json_scan){ token_shown(reader->text), .depth = JSON_DEPTH_MOST,
		.values = *values };
	fault = json_scan(&scan);
	*values = scan.values;
	if (fault != JSON_SOUND) {
		reader->whole = fault == JSON_TOO_MANY;
		reader->why = token_why(fault, scan.text.length < reader->text.length);
		return false;
	}
	*value = (struct text){ reader->text.at, scan.length };
	*depth = scan.deepest;
	token_skip(&reader->text, scan.length);
	return true;
}
