/*
 * The repeats of todo.txt, as other programs write them: "rec:1w" repeats from the day of completion,
 * "rec:+1w" from the due date. Units are d, b (a day from Monday to Friday), w, m and y. Any thread.
 */
#ifndef API_TODO_TXT_REC_H
#define API_TODO_TXT_REC_H

#include "base/buffer.h"
#include "base/text.h"

#include <stdbool.h>

/* Append the rule (RFC 5545, 3.3.10) of a value such as "+1w". False if there is none. */
bool rec_read(struct text value, struct buffer *rule, bool *from_completion);

/* Append the value that is read as this rule. False if there is none. */
bool rec_write(struct buffer *out, struct text rule, bool from_completion);

#endif
