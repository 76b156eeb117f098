/*
 * Text as HTML shows it. Any thread.
 */
#ifndef BASE_HTML_H
#define BASE_HTML_H

#include "base/buffer.h"
#include "base/text.h"

/* The text with its marks as references: in an element, or in a quoted attribute. */
void html_write_text(struct buffer *out, struct text text);

#endif
