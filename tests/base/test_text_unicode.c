/*
 * The questions of base/text.h that are about Unicode, asked of the whole of it.
 */
#include "base/text.h"

#include "check_main.h"

#include <string.h>

#define LAST_CODE_POINT 0x10FFFF
#define SURROGATES 2048

static bool is_surrogate(uint32_t code)
{
	return code >= 0xD800 && code <= 0xDFFF;
}

/* By the bit patterns of RFC 3629, in as many bytes as said, so that overlong forms come too. */
static struct text encode(uint32_t code, size_t length, char to[4])
{
	static const unsigned char leads[] = { 0, 0x00, 0xC0, 0xE0, 0xF0 };

	for (size_t i = length; i-- > 1; code >>= 6)
		to[i] = (char)(0x80 | (code & 0x3F));
	to[0] = (char)(leads[length] | code);
	return (struct text){ to, length };
}

static size_t encoded_length(uint32_t code)
{
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* A copy without a byte to spare, for the address sanitizer to watch both its ends. */
static bool tight_is_utf8(const char *at, size_t length)
{
	char *copy = malloc(length == 0 ? 1 : length);
	bool answer;

	CHECK_THAT(copy != NULL, "%zu", length);
	memcpy(copy, at, length);
	answer = text_is_utf8((struct text){ length == 0 ? NULL : copy, length });
	free(copy);
	return answer;
}

START_TEST(utf8_takes_every_code_point_in_its_shortest_form)
{
	char bytes[4];

	for (uint32_t code = 0; code <= LAST_CODE_POINT; code++) {
		size_t length = encoded_length(code);
		bool valid = text_is_utf8(encode(code, length, bytes));

		CHECK_THAT(valid == !is_surrogate(code), "U+%04X", code);
		for (length++; length <= 4; length++) {
			valid = text_is_utf8(encode(code, length, bytes));
			CHECK_THAT(!valid, "U+%04X in %zu bytes", code, length);
		}
	}
}
END_TEST

/* How many of all strings of three bytes are UTF-8 follows from how many code points there are. */
START_TEST(utf8_takes_nothing_else_of_three_bytes)
{
	const unsigned ascii = 0x80, two = 0x800 - 0x80, three = 0x10000 - 0x800 - SURROGATES;
	unsigned count = 0;
	char bytes[3];

	for (uint32_t all = 0; all < 1u << 24; all++) {
		bytes[0] = (char)(all >> 16);
		bytes[1] = (char)(all >> 8 & 0xFF);
		bytes[2] = (char)(all & 0xFF);
		count += text_is_utf8((struct text){ bytes, sizeof(bytes) });
	}
	ck_assert_uint_eq(count, ascii * ascii * ascii + 2 * ascii * two + three);
}
END_TEST

START_TEST(utf8_takes_nothing_else_of_four_bytes)
{
	static const char edges[] = { '\x00', '\x7F', '\x80', '\xBF', '\xC0', '\xFF' };
	const unsigned pairs = (0xC0 - 0x90) + 3 * 0x40 + (0x90 - 0x80); /* F0, F1 to F3, F4 */
	unsigned count = 0;

	for (unsigned first = 0; first < 0x1000; first++) {
		for (unsigned last = 0; last < 36; last++) {
			char bytes[] = { (char)(0xF0 | first >> 8), (char)(first & 0xFF),
				edges[last / 6], edges[last % 6] };

			count += text_is_utf8((struct text){ bytes, sizeof(bytes) });
		}
	}
	ck_assert_uint_eq(count, pairs * 2 * 2);
}
END_TEST

START_TEST(utf8_is_checked_at_every_place_of_a_long_text)
{
	static const char *const sequences[] = { "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80" };
	char text[48];

	for (size_t s = 0; s < CHECK_COUNT(sequences); s++) {
		size_t length = strlen(sequences[s]);

		for (size_t at = 0; at + length <= sizeof(text); at++) {
			memset(text, 'a', sizeof(text));
			memcpy(text + at, sequences[s], length);
			ck_assert(tight_is_utf8(text, sizeof(text)));
			for (size_t cut = 1; cut < length; cut++)
				ck_assert(!tight_is_utf8(text, at + cut));
			ck_assert(tight_is_utf8(text, at));
			text[at + length - 1] = 'a';
			ck_assert(!tight_is_utf8(text, sizeof(text)));
			text[at] = '\x80';
			ck_assert(!tight_is_utf8(text, sizeof(text)));
		}
	}
}
END_TEST

START_TEST(code_points_are_counted)
{
	static const struct {
		struct text text;
		size_t count;
	} rows[] = {
		{ { NULL, 0 }, 0 },
		{ TEXT_INIT("a"), 1 },
		{ TEXT_INIT("\0\0"), 2 },
		{ TEXT_INIT("\u00E9"), 1 },
		{ TEXT_INIT("e\u0301"), 2 },
		{ TEXT_INIT("\u20AC\u20AC"), 2 },
		{ TEXT_INIT("\U0001F600 \U0010FFFF"), 3 },
		{ TEXT_INIT("a\u00E9\u20AC\U0001F600z"), 5 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		ck_assert_uint_eq(text_code_points(rows[i].text), rows[i].count);
}
END_TEST

/* PropList.txt, White_Space, one by one. */
static bool is_white(uint32_t code)
{
	static const uint32_t white[] = { 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20, 0x85, 0xA0, 0x1680,
		0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009,
		0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 };

	for (size_t i = 0; i < CHECK_COUNT(white); i++) {
		if (code == white[i])
			return true;
	}
	return false;
}

START_TEST(trim_takes_white_space_and_nothing_else)
{
	char around[9];
	char bytes[4];

	for (uint32_t code = 0; code <= LAST_CODE_POINT; code++) {
		struct text one = encode(code, encoded_length(code), bytes);
		struct text trimmed;

		if (is_surrogate(code))
			continue;
		memcpy(around, one.data, one.length);
		around[one.length] = 'x';
		memcpy(around + one.length + 1, one.data, one.length);
		trimmed = text_trim((struct text){ around, 2 * one.length + 1 });
		CHECK_THAT(is_white(code) == (trimmed.length == 1), "U+%04X", code);
		CHECK_THAT(*trimmed.data == (is_white(code) ? 'x' : *bytes), "U+%04X", code);
		CHECK_THAT((text_trim(one).length == 0) == is_white(code), "U+%04X", code);
	}
}
END_TEST

START_TEST(trim_keeps_what_is_between)
{
	static const struct {
		struct text text;
		struct text trimmed;
	} rows[] = {
		{ { NULL, 0 }, { NULL, 0 } },
		{ TEXT_INIT(""), TEXT_INIT("") },
		{ TEXT_INIT(" \t\r\n "), TEXT_INIT("") },
		{ TEXT_INIT("a b"), TEXT_INIT("a b") },
		{ TEXT_INIT("  a  b "), TEXT_INIT("a  b") },
		{ TEXT_INIT("\u3000\u00A0a\u2003b\u2028\xC2\x85"), TEXT_INIT("a\u2003b") },
		{ TEXT_INIT(" \0 "), TEXT_INIT("\0") },
		{ TEXT_INIT("\u200B a"), TEXT_INIT("\u200B a") },
		{ TEXT_INIT("\u00E9 "), TEXT_INIT("\u00E9") },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		ck_assert(text_equal(text_trim(rows[i].text), rows[i].trimmed));
}
END_TEST

START_TEST(control_characters_are_found)
{
	char bytes[6] = "a";

	for (uint32_t code = 0; code <= LAST_CODE_POINT; code++) {
		bool control = code < 0x20 || (code >= 0x7F && code <= 0x9F);
		size_t length = encoded_length(code);
		struct text text = { bytes, length + 2 };

		encode(code, length, bytes + 1);
		bytes[length + 1] = 'z';
		CHECK_THAT(text_has_control(text, "") == control, "U+%04X", code);
		control = control && code != '\t' && code != '\n';
		CHECK_THAT(text_has_control(text, "\t\n") == control, "U+%04X", code);
	}
	ck_assert(!text_has_control((struct text){ NULL, 0 }, ""));
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, utf8_takes_every_code_point_in_its_shortest_form);
	tcase_add_test(test_case, utf8_takes_nothing_else_of_three_bytes);
	tcase_add_test(test_case, utf8_takes_nothing_else_of_four_bytes);
	tcase_add_test(test_case, utf8_is_checked_at_every_place_of_a_long_text);
	tcase_add_test(test_case, code_points_are_counted);
	tcase_add_test(test_case, trim_takes_white_space_and_nothing_else);
	tcase_add_test(test_case, trim_keeps_what_is_between);
	tcase_add_test(test_case, control_characters_are_found);
}

int main(void)
{
	return check_main("text_unicode", add_tests);
}
