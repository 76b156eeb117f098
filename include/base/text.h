/*
 * Text as a borrowed run of bytes: comparison, UTF-8, white space, numbers, percent-decoding.
 * Nothing here allocates or keeps a pointer. Any thread.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	const char *data; /* not terminated; may be NULL where length is 0 */
	size_t length;	/* in bytes */
};

/* A string literal as text; and to initialise a static one. */
#define TEXT(literal) ((struct text)TEXT_INIT(literal))
/* clang-format off */
#define TEXT_INIT(literal) { (literal), sizeof(literal) - 1 }
/* clang-format on */

/* A terminated string as text. */
static inline struct text text_of(const char *string)
{
	return (struct text){ string, strlen(string) };
}

/* The text without its first bytes, of which it has at least so many. */
static inline struct text text_after(struct text text, size_t length)
{
	return (struct text){ text.data + length, text.length - length };
}

static inline bool text_equal(struct text a, struct text b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* Below, at or above 0 as a's bytes come before, are, or come after b's. */
int text_compare(struct text a, struct text b);

/* Of as many bytes: equal when A-Z and a-z count as the same; every other byte as it is. */
bool text_equal_bytes_nocase(const char *a, const char *b, size_t length);

static inline bool text_equal_nocase(struct text a, struct text b)
{
	return a.length == b.length && text_equal_bytes_nocase(a.data, b.data, a.length);
}

/* Well-formed UTF-8 (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF). */
bool text_is_utf8(struct text text);

/* The number of code points; text must be UTF-8. */
size_t text_code_points(struct text text);

/* Without Unicode's White_Space at either end; text must be UTF-8. */
struct text text_trim(struct text text);

/* Without spaces and tabs at either end: the optional white space of headers (RFC 9110, 5.6.3). */
struct text text_trim_ows(struct text text);

/* The bytes before the first of Unicode's White_Space; text must be UTF-8. */
size_t text_word(struct text text);

/*
 * Whether text holds a control character (Unicode's Cc: C0, DEL, C1) that is not one of the
 * bytes of the terminated string allowed; text must be UTF-8.
 */
bool text_has_control(struct text text, const char *allowed);

/*
 * Write a number with at least so many digits, not terminated; returns the end. There is room for
 * 64 of them. printf() takes twenty times as long.
 */
static inline char *text_write_number(char *to, uint64_t number, unsigned base, int width)
{
	char digits[64];
	char *end = digits + sizeof(digits), *at = end;

	for (; number > 0 || width > 0; width--, number /= base)
		*--at = "0123456789abcdef"[number % base];
	memcpy(to, at, (size_t)(end - at));
	return to + (end - at);
}

/* Decimal digits alone, no sign, in int64_t's range: true, and the number in *number. */
bool text_to_integer(struct text text, int64_t *number);

/* The value of a hexadecimal digit of either case; -1: it is none. */
int text_hex_digit(char digit);

/*
 * Percent-decode text into to, which has room for text.length bytes; with plus, '+' is a space
 * (forms, query strings). False where a '%' is not followed by two hex digits. Else the number of
 * bytes written is in *length. The result may hold any byte, NUL included.
 */
bool text_percent_decode(struct text text, bool plus, char *to, size_t *length);

#endif
