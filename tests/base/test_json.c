/*
 * base/json.h: what is written, with jansson's reader as the second opinion.
 */
#include "base/json.h"

#include "check_main.h"

#include <float.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 20000

static json_t *load(const struct buffer *buffer)
{
	return json_loadb(buffer->data, buffer->length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

static bool buffer_is(const struct buffer *buffer, const char *expected)
{
	return text_equal((struct text){ buffer->data, buffer->length }, text_of(expected));
}

START_TEST(texts_are_escaped)
{
	static const struct {
		struct text text;
		const char *json;
	} rows[] = {
		{ { NULL, 0 }, "\"\"" },
		{ TEXT_INIT("plain"), "\"plain\"" },
		{ TEXT_INIT("say \"hi\""), "\"say \\\"hi\\\"\"" },
		{ TEXT_INIT("a\\b/c"), "\"a\\\\b/c\"" },
		{ TEXT_INIT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
		{ TEXT_INIT("\0\x01\x0b\x1f"), "\"\\u0000\\u0001\\u000b\\u001f\"" },
		{ TEXT_INIT("\x7f \xC2\x80 \u2028"), "\"\x7f \xC2\x80 \u2028\"" },
		{ TEXT_INIT("\u00E9\u20AC\U0001F600"), "\"\u00E9\u20AC\U0001F600\"" },
		{ TEXT_INIT("<script>&'"), "\"<script>&'\"" },
		{ TEXT_INIT("0123456789abcdef\n0123456789abcdef"),
			"\"0123456789abcdef\\n0123456789abcdef\"" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct buffer buffer = { 0 };

		json_write_text(&buffer, rows[i].text);
		ck_assert_msg(buffer_is(&buffer, rows[i].json), "row %zu", i);
		buffer_free(&buffer);
	}
}
END_TEST

/* Byte by byte, as RFC 8259 asks for it and no more. */
static size_t escape_slowly(const char *from, size_t length, char *to)
{
	size_t end = 0;

	to[end++] = '"';
	for (size_t i = 0; i < length; i++) {
		const char *named = from[i] == '\0' ? NULL : strchr("\bb\ff\nn\rr\tt", from[i]);

		if (from[i] == '"' || from[i] == '\\')
			end += (size_t)sprintf(to + end, "\\%c", from[i]);
		else if (named != NULL && (unsigned char)from[i] < 0x20)
			end += (size_t)sprintf(to + end, "\\%c", named[1]);
		else if ((unsigned char)from[i] < 0x20)
			end += (size_t)sprintf(to + end, "\\u%04x", (unsigned)from[i]);
		else
			to[end++] = from[i];
	}
	to[end++] = '"';
	return end;
}

static void check_text(const char *from, size_t length)
{
	char expected[6 * 64 + 3];
	size_t end = escape_slowly(from, length, expected);
	struct buffer buffer = { 0 };
	char *tight = malloc(length == 0 ? 1 : length);

	CHECK_THAT(tight != NULL, "%zu", length);
	memcpy(tight, from, length);
	json_write_text(&buffer, (struct text){ tight, length });
	CHECK_THAT(buffer.length == end, "%zu bytes are not %zu", buffer.length, end);
	CHECK_THAT(memcmp(buffer.data, expected, end) == 0, "%.*s", (int)end, buffer.data);
	buffer_free(&buffer);
	free(tight);
}

/* Of every length up to four blocks, with every byte at every place. */
START_TEST(every_byte_is_escaped_at_every_place)
{
	char text[64];

	for (size_t length = 0; length <= sizeof(text); length++) {
		memset(text, 'a', length);
		check_text(text, length);
		for (size_t at = 0; at < length; at++) {
			for (int byte = 0; byte < 256; byte++) {
				text[at] = (char)byte;
				check_text(text, length);
			}
			text[at] = 'a';
		}
	}
}
END_TEST

static size_t random_utf8(uint64_t *state, char *to, size_t characters)
{
	static const char *const pieces[] = { "a", "word ", "\n", "\t", "\"", "\\", "\x01", "\x1f",
		"\x7f", "\xC2\x80", "\u00E9", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFF",
		"\U00010000", "\U0001F600", "\U0010FFFF", "0123456789abcdef" };
	size_t length = 0;

	for (size_t i = 0; i < characters; i++) {
		size_t which = check_random(state) % (CHECK_COUNT(pieces) + 1);
		const char *piece = which == 0 ? "" : pieces[which - 1];
		size_t size = which == 0 ? 1 : strlen(piece); /* "" is a NUL */

		memcpy(to + length, piece, size);
		length += size;
	}
	return length;
}

START_TEST(texts_read_back_the_same)
{
	uint64_t state = 1;
	char text[16 * 100];

	for (int i = 0; i < ROUNDS; i++) {
		size_t length = random_utf8(&state, text, check_random(&state) % 100);
		struct buffer buffer = { 0 };
		json_t *json;

		json_write_text(&buffer, (struct text){ text, length });
		json = load(&buffer);
		ck_assert(json_is_string(json));
		ck_assert_uint_eq(json_string_length(json), length);
		ck_assert_mem_eq(json_string_value(json), text, length);
		json_decref(json);
		buffer_free(&buffer);
	}
}
END_TEST

/* What is in the buffer stays, and a note of nothing but escapes has its room. */
START_TEST(texts_are_added_behind)
{
	struct buffer buffer = { 0 };
	char text[70000];

	memset(text, '\x02', sizeof(text));
	buffer_add_text(&buffer, TEXT("["));
	json_write_text(&buffer, (struct text){ text, sizeof(text) });
	buffer_add_text(&buffer, TEXT(","));
	json_write_text(&buffer, TEXT("end"));
	ck_assert_uint_eq(buffer.length, 1 + 2 + 6 * sizeof(text) + 1 + 5);
	ck_assert_mem_eq(buffer.data, "[\"\\u0002", 8);
	ck_assert_mem_eq(buffer.data + buffer.length - 13, "\\u0002\",\"end\"", 13);
	buffer_free(&buffer);
}
END_TEST

static void check_integer(int64_t number)
{
	struct buffer buffer = { 0 };
	char expected[32];

	snprintf(expected, sizeof(expected), "%" PRId64, number);
	json_write_integer(&buffer, number);
	ck_assert_msg(buffer_is(&buffer, expected), "%s", expected);
	buffer_free(&buffer);
}

START_TEST(integers_are_decimal)
{
	uint64_t state = 2;
	int64_t ten = 1;

	check_integer(0);
	for (int i = 0; i < 63; i++) {
		int64_t power = (int64_t)(UINT64_C(1) << i);

		for (int64_t more = -1; more <= 1; more++) {
			check_integer(power - 1 + more);
			check_integer(-power + more);
		}
	}
	for (int i = 0; i < 18; i++, ten *= 10) {
		check_integer(ten - 1);
		check_integer(ten);
		check_integer(-ten);
	}
	check_integer(INT64_MAX);
	check_integer(INT64_MAX - 1);
	check_integer(INT64_MIN);
	check_integer(INT64_MIN + 1);
	for (int i = 0; i < ROUNDS; i++)
		check_integer((int64_t)(check_random(&state) >> (i % 64)));
}
END_TEST

START_TEST(reals_are_short)
{
	static const struct {
		double number;
		const char *json;
	} rows[] = {
		{ 0.0, "0" },
		{ -0.0, "0" },
		{ 1.0, "1" },
		{ -100.0, "-100" },
		{ 0.5, "0.5" },
		{ 0.1, "0.1" },
		{ -1.25, "-1.25" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ 1e15, "1000000000000000" },
		{ 9007199254740992.0, "9007199254740992" },
		{ -9007199254740991.0, "-9007199254740991" },
		{ 1e22, "1e+22" },
		{ 1e-7, "1e-07" },
		{ 5e-324, "4.94065645841247e-324" },
		{ DBL_MAX, "1.7976931348623157e+308" },
		{ -DBL_MIN, "-2.2250738585072014e-308" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct buffer buffer = { 0 };

		json_write_real(&buffer, rows[i].number);
		ck_assert_msg(buffer_is(&buffer, rows[i].json), "%s", rows[i].json);
		buffer_free(&buffer);
	}
}
END_TEST

/* Of any bits at all, and of the sums and cents that people store. */
static double random_real(uint64_t *state, int round)
{
	uint64_t bits = check_random(state);
	double number;

	if (round % 2 == 0)
		return (double)(int64_t)(bits >> 40) / 100;
	memcpy(&number, &bits, sizeof(number));
	return isfinite(number) ? number : 0;
}

START_TEST(reals_read_back_the_same)
{
	uint64_t state = 3;

	for (int i = 0; i < ROUNDS; i++) {
		double number = random_real(&state, i);
		struct buffer buffer = { 0 };
		double back;
		json_t *json;

		json_write_real(&buffer, number);
		json = load(&buffer);
		ck_assert(json_is_number(json));
		back = json_number_value(json);
		ck_assert_msg(!(back < number) && !(back > number), "%.17g", number);
		json_decref(json);
		buffer_free(&buffer);
	}
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, texts_are_escaped);
	tcase_add_test(test_case, every_byte_is_escaped_at_every_place);
	tcase_add_test(test_case, texts_read_back_the_same);
	tcase_add_test(test_case, texts_are_added_behind);
	tcase_add_test(test_case, integers_are_decimal);
	tcase_add_test(test_case, reals_are_short);
	tcase_add_test(test_case, reals_read_back_the_same);
}

int main(void)
{
	return check_main("json", add_tests);
}
