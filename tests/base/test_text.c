/*
 * base/text.h: what is about bytes and ASCII.
 */
#include "base/text.h"

#include "check_main.h"

#include <stdio.h>
#include <string.h>

START_TEST(equality_is_of_bytes)
{
	static const struct {
		struct text a;
		struct text b;
		bool equal;
		bool equal_nocase;
	} rows[] = {
		{ { NULL, 0 }, TEXT_INIT(""), true, true },
		{ TEXT_INIT("abc"), TEXT_INIT("abc"), true, true },
		{ TEXT_INIT("abc"), TEXT_INIT("abd"), false, false },
		{ TEXT_INIT("abc"), TEXT_INIT("ab"), false, false },
		{ TEXT_INIT("a\0b"), TEXT_INIT("a\0c"), false, false },
		{ TEXT_INIT("Content-TYPE"), TEXT_INIT("content-type"), false, true },
		{ TEXT_INIT("AZaz"), TEXT_INIT("azAZ"), false, true },
		{ TEXT_INIT("@[`{"), TEXT_INIT("`{@["), false, false },
		{ TEXT_INIT("\u00C9"), TEXT_INIT("\u00E9"), false, false },
		{ TEXT_INIT("K"), TEXT_INIT("\u212A"), false, false },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		ck_assert(text_equal(rows[i].a, rows[i].b) == rows[i].equal);
		ck_assert(text_equal_nocase(rows[i].a, rows[i].b) == rows[i].equal_nocase);
	}
	ck_assert(text_equal(text_of("abc"), TEXT("abc")));
}
END_TEST

/* Every pair of bytes: only the two cases of one ASCII letter are the same. */
START_TEST(case_is_that_of_ascii)
{
	for (int i = 0; i < 1 << 16; i++) {
		unsigned char bytes[] = { (unsigned char)(i >> 8), (unsigned char)(i & 0xFF) };
		struct text a = { (char *)&bytes[0], 1 };
		struct text b = { (char *)&bytes[1], 1 };
		bool letter = (bytes[0] | 0x20) >= 'a' && (bytes[0] | 0x20) <= 'z';
		bool same = bytes[0] == bytes[1] || (letter && (bytes[0] ^ bytes[1]) == 0x20);

		CHECK_THAT(text_equal_nocase(a, b) == same, "%02X %02X", bytes[0], bytes[1]);
	}
}
END_TEST

START_TEST(integers_are_digits_in_range)
{
	static const struct {
		struct text text;
		bool valid;
		int64_t number;
	} rows[] = {
		{ TEXT_INIT("0"), true, 0 },
		{ TEXT_INIT("7"), true, 7 },
		{ TEXT_INIT("007"), true, 7 },
		{ TEXT_INIT("1234567890"), true, 1234567890 },
		{ TEXT_INIT("9223372036854775807"), true, INT64_MAX },
		{ TEXT_INIT("00000000000000000009223372036854775807"), true, INT64_MAX },
		{ TEXT_INIT("9223372036854775808"), false, 0 },
		{ TEXT_INIT("9223372036854775810"), false, 0 },
		{ TEXT_INIT("18446744073709551617"), false, 0 },
		{ TEXT_INIT("99999999999999999999999999"), false, 0 },
		{ { NULL, 0 }, false, 0 },
		{ TEXT_INIT("+1"), false, 0 },
		{ TEXT_INIT("-1"), false, 0 },
		{ TEXT_INIT(" 1"), false, 0 },
		{ TEXT_INIT("1 "), false, 0 },
		{ TEXT_INIT("1.0"), false, 0 },
		{ TEXT_INIT("1e3"), false, 0 },
		{ TEXT_INIT("0x10"), false, 0 },
		{ TEXT_INIT("1\0"), false, 0 },
		{ TEXT_INIT("/"), false, 0 },
		{ TEXT_INIT(":"), false, 0 },
		{ TEXT_INIT("\u0661"), false, 0 },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		int64_t number = 0;
		bool valid = text_to_integer(rows[i].text, &number);

		CHECK_THAT(valid == rows[i].valid, "row %zu", i);
		CHECK_THAT(!valid || number == rows[i].number, "row %zu", i);
	}
}
END_TEST

START_TEST(percent_escapes_are_decoded_once)
{
	static const struct {
		struct text text;
		bool plus;
		bool valid;
		struct text decoded;
	} rows[] = {
		{ { NULL, 0 }, false, true, { NULL, 0 } },
		{ TEXT_INIT("plain"), true, true, TEXT_INIT("plain") },
		{ TEXT_INIT("%41%7a%7A"), false, true, TEXT_INIT("Azz") },
		{ TEXT_INIT("a+b%2B"), false, true, TEXT_INIT("a+b+") },
		{ TEXT_INIT("a+b%2B"), true, true, TEXT_INIT("a b+") },
		{ TEXT_INIT("%2541"), false, true, TEXT_INIT("%41") },
		{ TEXT_INIT("%00x"), false, true, TEXT_INIT("\0x") },
		{ TEXT_INIT("%2F%e2%82%ac"), false, true, TEXT_INIT("/\u20AC") },
		{ TEXT_INIT("%"), false, false, { NULL, 0 } },
		{ TEXT_INIT("%4"), false, false, { NULL, 0 } },
		{ TEXT_INIT("a%4g"), false, false, { NULL, 0 } },
		{ TEXT_INIT("%g4"), false, false, { NULL, 0 } },
		{ TEXT_INIT("%%41"), false, false, { NULL, 0 } },
		{ TEXT_INIT("%+1"), true, false, { NULL, 0 } },
		{ TEXT_INIT("% 1"), false, false, { NULL, 0 } },
		{ TEXT_INIT("%u0041"), false, false, { NULL, 0 } },
	};
	char to[16];

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct text decoded = { to, 0 };
		bool valid = text_percent_decode(rows[i].text, rows[i].plus, to, &decoded.length);

		CHECK_THAT(valid == rows[i].valid, "row %zu", i);
		CHECK_THAT(!valid || text_equal(decoded, rows[i].decoded), "row %zu", i);
	}
}
END_TEST

START_TEST(percent_escapes_stand_for_every_byte)
{
	for (unsigned i = 0; i < 2 * 256; i++) {
		char escape[8], byte = '\0';
		size_t length = 0;

		snprintf(escape, sizeof(escape), i < 256 ? "%%%02x" : "%%%02X", i % 256);
		ck_assert(text_percent_decode(text_of(escape), true, &byte, &length));
		ck_assert_uint_eq(length, 1);
		ck_assert_uint_eq((unsigned char)byte, i % 256);
	}
}
END_TEST

/* Exactly the hex digits, of all bytes, in either place. */
START_TEST(percent_escapes_are_of_hex_digits)
{
	for (unsigned i = 1; i < 256; i++) {
		bool hex = strchr("0123456789abcdefABCDEF", (int)i) != NULL;
		char escapes[2][3] = { { '%', (char)i, '0' }, { '%', '0', (char)i } };

		for (size_t e = 0; e < 2; e++) {
			struct text text = { escapes[e], 3 };
			size_t length = 0;
			char to[3];

			CHECK_THAT(text_percent_decode(text, false, to, &length) == hex, "%02X", i);
		}
	}
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, equality_is_of_bytes);
	tcase_add_test(test_case, case_is_that_of_ascii);
	tcase_add_test(test_case, integers_are_digits_in_range);
	tcase_add_test(test_case, percent_escapes_are_decoded_once);
	tcase_add_test(test_case, percent_escapes_stand_for_every_byte);
	tcase_add_test(test_case, percent_escapes_are_of_hex_digits);
}

int main(void)
{
	return check_main("text", add_tests);
}
