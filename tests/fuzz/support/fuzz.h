/*
 * What a fuzz target is made of: libFuzzer, or replay.c in its place, calls it with any bytes, and
 * whatever they are, all that it checks with CHECK_THAT() has to hold. One thread.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "base/text.h"
#include "check_main.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Always 0. The bytes are in memory that ends where they do. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline struct text fuzz_text(const uint8_t *data, size_t size)
{
	return (struct text){ (const char *)data, size };
}

/* The first byte, which tells what is done with the others; 0 where there is none. */
static inline unsigned fuzz_byte(struct text *text)
{
	unsigned byte = text->length > 0 ? (unsigned char)*text->data : 0;

	text->data += text->length > 0;
	text->length -= text->length > 0;
	return byte;
}

/* What stands before the first of this byte; *text is the rest behind it. */
static inline struct text fuzz_cut(struct text *text, char end)
{
	const char *at = text->length > 0 ? memchr(text->data, end, text->length) : NULL;
	struct text cut = { text->data, at != NULL ? (size_t)(at - text->data) : text->length };
	size_t past = cut.length + (at != NULL);

	*text = (struct text){ text->data + past, text->length - past };
	return cut;
}

/* Whether it is text as forms, JSON and headers give it: UTF-8 without NUL. */
static inline bool fuzz_is_text(struct text text)
{
	return text_is_utf8(text) &&
	       (text.length == 0 || memchr(text.data, '\0', text.length) == NULL);
}

#endif
