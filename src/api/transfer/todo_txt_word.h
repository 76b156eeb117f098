/*
 * The words of a todo.txt line, and which of them mean something. The writer asks the same
 * questions as the reader, so that a name comes back as it went. Any thread.
 */
#ifndef API_TODO_TXT_WORD_H
#define API_TODO_TXT_WORD_H

#include "transfer/column.h"

/* Take the word at the front, which may be empty, and the one space or tab behind it. */
struct text word_take(struct text *rest);

/* "+tag": true, and the tag. */
bool word_is_tag(struct text word, struct text *tag);

/*
 * "note:value": true, its column and the value as it stands. False too for a key that nobody
 * knows, or a value that cannot be its: such a word is one of the name.
 */
bool word_is_key(struct text word, enum task_column *column, struct text *value, bool *shown);

/*
 * "key:value" with a key that nobody here knows, or a value that cannot be its; the key. A URL is no
 * such word, nor is a time.
 */
bool word_is_foreign(struct text word, struct text *key);

/* "(A)": the letter; else '\0'. */
char word_priority(struct text word);

/* A day that exists: "2026-11-25". */
bool word_is_day(struct text word);

/* Whether the words of a name, at the front of a line, are read as the same name. */
bool word_name_survives(struct text name);

/* A value without anything that would end it; and back, to be freed by the caller. */
void word_encode(struct buffer *out, struct text value);
struct buffer word_decode(struct text value);

#endif
