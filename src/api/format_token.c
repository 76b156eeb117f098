/*
 * JSON in steps. No more of the text than one record may have is shown to the parser. Any thread.
 */
#include "format_token.h"

#include "format_record.h"

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

static const char *token_why(const json_error_t *error, bool cut)
{
	switch (json_error_code(error)) {
	case json_error_premature_end_of_input:
		return cut ? RECORD_TOO_LONG : TOKEN_ENDS_EARLY;
	case json_error_invalid_utf8:
		/* the cut may go through a character */
		return cut && error->position + 4 > (int)RECORD_MOST ? RECORD_TOO_LONG
								     : RECORD_NOT_UTF8;
	case json_error_duplicate_key:
		return TOKEN_TWICE;
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return RECORD_HAS_NUL;
	case json_error_numeric_overflow:
		return "The JSON has a number that is out of range.";
	case json_error_stack_overflow:
		return "The JSON is nested too deep.";
	default:
		return TOKEN_MALFORMED;
	}
}

json_t *token_value(struct reader *reader)
{
	bool cut = reader->text.length > RECORD_MOST;
	json_error_t error;
	json_t *value;

	token_peek(reader);
	if (reader->text.length == 0) {
		reader->why = TOKEN_ENDS_EARLY;
		return NULL;
	}
	value = json_loadb(reader->text.at, cut ? RECORD_MOST : reader->text.length,
		JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);
	if (value == NULL)
		reader->why = token_why(&error, cut);
	else
		token_skip(&reader->text, (size_t)error.position);
	return value;
}

unsigned token_depth(json_t *value)
{
	unsigned deepest = 0;
	const char *name;
	json_t *inner;
	size_t index;

	json_array_foreach (value, index, inner) {
		unsigned depth = token_depth(inner);

		deepest = depth > deepest ? depth : deepest;
	}
	json_object_foreach (value, name, inner) {
		unsigned depth = token_depth(inner);

		deepest = depth > deepest ? depth : deepest;
	}
	return deepest + (json_is_array(value) || json_is_object(value));
}
