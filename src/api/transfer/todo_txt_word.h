/*
 * The words of a todo.txt line and their meaning. The writer uses the same tests as the reader, so
 * that an import gets the same name. Any thread.
 */
#ifndef API_TODO_TXT_WORD_H
#define API_TODO_TXT_WORD_H

#include "transfer/column.h"

/*
 * A word "key:value" for a member of a task. A shown key is one that every program knows and
 * people edit. The others have the exact value, percent-encoded: a member with such a row is
 * written, in the order of the rows, and read.
 */
struct word_key {
	struct text key;
	enum task_column column;
	bool (*fits)(struct text value); /* else the word belongs to the name */
	bool shown;
};

/* The last one is empty. */
extern const struct word_key word_keys[];

/* Take the word at the front, which may be empty, and the one space or tab after it. */
struct text word_take(struct text *rest);

/* Whether the word is a "+tag"; then *tag. */
bool word_is_tag(struct text word, struct text *tag);

/*
 * Whether the word is a "note:value"; then its column and the encoded value. False for an unknown
 * key, or a value that does not fit the key: such a word belongs to the name.
 */
bool word_is_key(struct text word, enum task_column *column, struct text *value, bool *shown);

/*
 * Whether the word is a "key:value" with an unknown key, or with a value that does not fit; then
 * *key. A URL is not such a word, nor is a time.
 */
bool word_is_foreign(struct text word, struct text *key);

/* The letter of "(A)"; else '\0'. */
char word_priority(struct text word);

/* Whether the word is a day that exists: "2026-11-25". */
bool word_is_day(struct text word);

/* Whether a name that is written unchanged is read as the same name. */
bool word_name_survives(struct text name);

/* Percent-encode a value, so that it is one word; and decode it. The caller frees the result. */
void word_encode(struct buffer *out, struct text value);
struct buffer word_decode(struct text value);

#endif
