/*
 * UTF-8, white space, numbers and percent-decoding of a borrowed run of bytes. Any thread.
 */
#include "base/text.h"

#include <string.h>

#define WORD_HIGH_BITS UINT64_C(0x8080808080808080)

static unsigned char text_lower(char byte)
{
	return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
}

int text_compare(struct text a, struct text b)
{
	size_t common = a.length < b.length ? a.length : b.length;
	int order = common > 0 ? memcmp(a.data, b.data, common) : 0;

	if (order != 0 || a.length == b.length)
		return order;
	return a.length < b.length ? -1 : 1;
}

bool text_equal_bytes_nocase(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text_lower(a[i]) != text_lower(b[i]))
			return false;
	}
	return true;
}

/* The bytes of the code point at the start of text, and the code point; 0 where malformed. */
static size_t text_decode(struct text text, uint32_t *code_point)
{
	static const uint32_t least[] = { [2] = 0x80, [3] = 0x800, [4] = 0x10000 };
	const unsigned char *at = (const unsigned char *)text.data;
	size_t length = at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
	uint32_t code;

	if (at[0] < 0x80) {
		*code_point = at[0];
		return 1;
	}
	if (at[0] < 0xC2 || at[0] > 0xF4 || text.length < length)
		return 0;
	code = at[0] & (0x7Fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((at[i] & 0xC0) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3Fu);
	}
	if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		return 0;
	*code_point = code;
	return length;
}

/* Notes are long and mostly ASCII, so whole words of it are stepped over. */
static struct text text_skip_ascii(struct text text)
{
	uint64_t word;

	while (text.length >= sizeof(word)) {
		memcpy(&word, text.data, sizeof(word));
		if ((word & WORD_HIGH_BITS) != 0)
			break;
		text = text_after(text, sizeof(word));
	}
	return text;
}

bool text_is_utf8(struct text text)
{
	uint32_t code_point;

	while ((text = text_skip_ascii(text)).length > 0) {
		size_t length = text_decode(text, &code_point);

		if (length == 0)
			return false;
		text = text_after(text, length);
	}
	return true;
}

static bool text_is_continuation(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

size_t text_code_points(struct text text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.length; i++)
		count += !text_is_continuation(text.data[i]);
	return count;
}

/* The length of the white space character at the start of text; 0: none there. */
static size_t text_white_length(struct text text)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} white[] = {
		{ 0x0009, 0x000D },
		{ 0x0020, 0x0020 },
		{ 0x0085, 0x0085 },
		{ 0x00A0, 0x00A0 },
		{ 0x1680, 0x1680 },
		{ 0x2000, 0x200A },
		{ 0x2028, 0x2029 },
		{ 0x202F, 0x202F },
		{ 0x205F, 0x205F },
		{ 0x3000, 0x3000 },
	};
	uint32_t code_point = 0;
	size_t length = text_decode(text, &code_point);

	for (size_t i = 0; i < sizeof(white) / sizeof(white[0]); i++) {
		if (code_point >= white[i].first && code_point <= white[i].last)
			return length;
	}
	return 0;
}

size_t text_word(struct text text)
{
	struct text left = text;

	while (left.length > 0 && text_white_length(left) == 0)
		left = text_after(left, 1);
	return text.length - left.length;
}

/* The last code point of a text that is not empty. */
static struct text text_last(struct text text)
{
	size_t start = text.length - 1;

	while (start > 0 && text_is_continuation(text.data[start]))
		start--;
	return text_after(text, start);
}

struct text text_trim(struct text text)
{
	size_t length;

	while (text.length > 0 && (length = text_white_length(text)) > 0)
		text = text_after(text, length);
	while (text.length > 0 && (length = text_white_length(text_last(text))) > 0)
		text.length -= length;
	return text;
}

static bool text_is_ows(char c)
{
	return c == ' ' || c == '\t';
}

struct text text_trim_ows(struct text text)
{
	while (text.length > 0 && text_is_ows(*text.data))
		text = text_after(text, 1);
	while (text.length > 0 && text_is_ows(text.data[text.length - 1]))
		text.length--;
	return text;
}

static bool text_is_control(const char *at, size_t left, const char *allowed)
{
	unsigned char byte = (unsigned char)*at;

	if (byte == 0xC2)
		return left > 1 && (unsigned char)at[1] <= 0x9F;
	if (byte >= 0x20 && byte != 0x7F)
		return false;
	return byte == '\0' || strchr(allowed, byte) == NULL;
}

bool text_has_control(struct text text, const char *allowed)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text_is_control(text.data + i, text.length - i, allowed))
			return true;
	}
	return false;
}

bool text_to_integer(struct text text, int64_t *number)
{
	int64_t sum = 0;

	if (text.length == 0)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		if (__builtin_mul_overflow(sum, 10, &sum) ||
			__builtin_add_overflow(sum, text.data[i] - '0', &sum))
			return false;
	}
	*number = sum;
	return true;
}

int text_hex_digit(char digit)
{
	unsigned char lower = text_lower(digit);

	if (lower >= '0' && lower <= '9')
		return lower - '0';
	if (lower >= 'a' && lower <= 'f')
		return lower - 'a' + 10;
	return -1;
}

/* The value of "%XX" at the start of text; -1: it is no such escape. */
static int text_percent_value(struct text text)
{
	int high = text.length < 3 ? -1 : text_hex_digit(text.data[1]);
	int low = text.length < 3 ? -1 : text_hex_digit(text.data[2]);

	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool text_percent_decode(struct text text, bool plus, char *to, size_t *length)
{
	char *end = to;
	int byte;

	while (text.length > 0) {
		if (*text.data != '%') {
			*end++ = plus && *text.data == '+' ? ' ' : *text.data;
			text = text_after(text, 1);
			continue;
		}
		byte = text_percent_value(text);
		if (byte < 0)
			return false;
		*end++ = (char)byte;
		text = text_after(text, 3);
	}
	*length = (size_t)(end - to);
	return true;
}
