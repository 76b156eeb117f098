/*
 * Text escaped for HTML. Any thread.
 */
#ifndef BASE_HTML_H
#define BASE_HTML_H

#include "base/buffer.h"
#include "base/text.h"

/* The text with character references, for an element or a quoted attribute. */
void html_write_text(struct buffer *out, struct text text);

#endif
