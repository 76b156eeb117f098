/*
 * base/json.h: what is read, and what is refused and why.
 */
#include "base/buffer.h"
#include "base/json_read.h"

#include "check_main.h"

#include <string.h>

#define ROUNDS 200000

#define MALFORMED "This is not well-formed JSON."
#define NO_OBJECT "The JSON is not an object."
#define ENDS_EARLY "The JSON ends too early."
#define GOES_ON "There is more after the end of the JSON."
#define NOT_UTF8 "The JSON is not in UTF-8."
#define BEGINS_WITH_MARK "The JSON begins with a byte order mark."
#define TOO_DEEP "The JSON is nested too deep."
#define TWICE "The JSON has the same member twice in one object."
#define SURROGATE "The JSON has half of a surrogate pair in a string."
#define NUL "The JSON has a NUL in it."
#define RANGE "The JSON has a number that is out of range."

/* From a copy without a byte to spare, for the address sanitizer to watch its ends. */
static json_t *tight_read(struct text text, unsigned depth, const char **why)
{
	char *copy = malloc(text.length == 0 ? 1 : text.length);
	json_t *json;

	ck_assert_ptr_nonnull(copy);
	if (text.length > 0)
		memcpy(copy, text.data, text.length);
	json = json_read_object((struct text){ copy, text.length }, depth, why);
	free(copy);
	return json;
}

START_TEST(objects_are_read_strictly)
{
	static const struct {
		struct text text;
		const char *why; /* NULL: it is read */
	} rows[] = {
		{ TEXT_INIT("{}"), NULL },
		{ TEXT_INIT(" \t\r\n{ \"a\" : 1 } \n"), NULL },
		{ TEXT_INIT("{\"a\":[1,-0,2.5e-3,true,false,null,\"\\u00e9\\/\",{}]}"), NULL },
		{ TEXT_INIT("{\"a\":9223372036854775807,\"b\":-9223372036854775808}"), NULL },
		{ TEXT_INIT("{\"a\":\"\\ud83d\\ude00\"}"), NULL },
		{ TEXT_INIT("{\"a\":\"\U0001F600\",\"\":0}"), NULL },
		{ TEXT_INIT("{\"a\":{\"a\":{\"a\":1}}}"), NULL },
		{ TEXT_INIT("{\"a\":\"[[[[{{{{ \\\" [[[[ \\\\\",\"b\":\"]]]]\"}"), NULL },

		{ TEXT_INIT("[]"), NO_OBJECT },
		{ TEXT_INIT("[{}]"), NO_OBJECT },
		{ TEXT_INIT("\"a\""), NO_OBJECT },
		{ TEXT_INIT("1"), NO_OBJECT },
		{ TEXT_INIT("null"), NO_OBJECT },

		{ TEXT_INIT(""), ENDS_EARLY },
		{ TEXT_INIT(" "), ENDS_EARLY },
		{ TEXT_INIT("{"), ENDS_EARLY },
		{ TEXT_INIT("{\"a"), ENDS_EARLY },
		{ TEXT_INIT("{\"a\\"), MALFORMED },
		{ TEXT_INIT("{\"a\":"), ENDS_EARLY },
		{ TEXT_INIT("{\"a\":1"), ENDS_EARLY },
		{ TEXT_INIT("{}{}"), GOES_ON },
		{ TEXT_INIT("{} x"), GOES_ON },
		{ TEXT_INIT("{}]"), GOES_ON },
		{ TEXT_INIT("{}\0"), NUL },

		{ TEXT_INIT("}"), MALFORMED },
		{ TEXT_INIT("{]"), MALFORMED },
		{ TEXT_INIT("{\"a\"}"), MALFORMED },
		{ TEXT_INIT("{\"a\":1,}"), MALFORMED },
		{ TEXT_INIT("{,}"), MALFORMED },
		{ TEXT_INIT("{a:1}"), MALFORMED },
		{ TEXT_INIT("{'a':1}"), MALFORMED },
		{ TEXT_INIT("{1:1}"), MALFORMED },
		{ TEXT_INIT("{\"a\":01}"), MALFORMED },
		{ TEXT_INIT("{\"a\":+1}"), MALFORMED },
		{ TEXT_INIT("{\"a\":1.}"), MALFORMED },
		{ TEXT_INIT("{\"a\":.5}"), MALFORMED },
		{ TEXT_INIT("{\"a\":0x1}"), MALFORMED },
		{ TEXT_INIT("{\"a\":NaN}"), MALFORMED },
		{ TEXT_INIT("{\"a\":-Infinity}"), MALFORMED },
		{ TEXT_INIT("{\"a\":True}"), MALFORMED },
		{ TEXT_INIT("{\"a\":\"\n\"}"), MALFORMED },
		{ TEXT_INIT("{\"a\":\"\0\"}"), NUL },
		{ TEXT_INIT("{\"a\":\0}"), NUL },
		{ TEXT_INIT("{\"a\":\"\\x\"}"), MALFORMED },
		{ TEXT_INIT("{\"a\":\"\\u12g4\"}"), MALFORMED },
		{ TEXT_INIT("{/* */}"), MALFORMED },

		{ TEXT_INIT("{\"a\":\"\\ud800\"}"), SURROGATE },
		{ TEXT_INIT("{\"a\":\"\\udc00\"}"), SURROGATE },
		{ TEXT_INIT("{\"a\":\"\\ud800\\u0041\"}"), SURROGATE },
		{ TEXT_INIT("{\"a\":\"\\udc00\\ud800\"}"), SURROGATE },
		{ TEXT_INIT("{\"\\ud800\":1}"), SURROGATE },
		{ TEXT_INIT("{\"a\":\"\\u0000\"}"), NUL },
		{ TEXT_INIT("{\"a\\u0000b\":1}"), NUL },

		{ TEXT_INIT("{\"a\":\"\xFF\"}"), NOT_UTF8 },
		{ TEXT_INIT("{\"a\":\"\xC0\x80\"}"), NOT_UTF8 },
		{ TEXT_INIT("{\"a\":\"\xED\xA0\x80\"}"), NOT_UTF8 },
		{ TEXT_INIT("{\"a\":\"\xF4\x90\x80\x80\"}"), NOT_UTF8 },
		{ TEXT_INIT("{\"a\":\"\xE2\x82\"}"), NOT_UTF8 },
		{ TEXT_INIT("{\"\xE9\":1}"), NOT_UTF8 },
		{ TEXT_INIT("{}\xFF"), NOT_UTF8 },
		{ TEXT_INIT("{\xC3"), NOT_UTF8 },
		{ TEXT_INIT("\xEF\xBB"), NOT_UTF8 },
		{ TEXT_INIT("\xEF\xBB\xBF{}"), BEGINS_WITH_MARK },
		{ TEXT_INIT("\xEF\xBB\xBF"), BEGINS_WITH_MARK },
		{ TEXT_INIT("\xFE\xFF\0{\0}"), NUL },

		{ TEXT_INIT("{\"a\":1,\"a\":2}"), TWICE },
		{ TEXT_INIT("{\"b\":[{\"a\":1,\"\\u0061\":2}]}"), TWICE },
		{ TEXT_INIT("{\"a\":9223372036854775808}"), RANGE },
		{ TEXT_INIT("{\"a\":-9223372036854775809}"), RANGE },
		{ TEXT_INIT("{\"a\":1e400}"), RANGE },

		{ TEXT_INIT("{\"a\":{\"a\":{\"a\":{}}}}"), TOO_DEEP },
		{ TEXT_INIT("{\"a\":[[[1]]]}"), TOO_DEEP },
		{ TEXT_INIT("{\"a\\\\\":[[[1]]]}"), TOO_DEEP },
		{ TEXT_INIT("{\"a\\\"\":\"\\\\\",\"b\":[[[]]]}"), TOO_DEEP },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		const char *why = NULL;
		json_t *json = tight_read(rows[i].text, 3, &why);

		ck_assert_msg((json != NULL) == (rows[i].why == NULL), "row %zu", i);
		ck_assert_msg(json == NULL || json_is_object(json), "row %zu", i);
		ck_assert_msg(json != NULL || strcmp(why, rows[i].why) == 0, "row %zu: %s", i, why);
		json_decref(json);
	}
}
END_TEST

START_TEST(what_is_read_is_what_was_sent)
{
	const char *why = NULL;
	json_t *json = json_read_object(
		TEXT("{\"name\":\"caf\\u00e9\",\"n\":9007199254740993,\"r\":1.0,\"b\":true}"), 1,
		&why);

	ck_assert_ptr_nonnull(json);
	ck_assert_uint_eq(json_object_size(json), 4);
	ck_assert_str_eq(json_string_value(json_object_get(json, "name")), "caf\u00E9");
	ck_assert_int_eq(json_integer_value(json_object_get(json, "n")), 9007199254740993);
	ck_assert(json_is_real(json_object_get(json, "r")));
	ck_assert(json_is_true(json_object_get(json, "b")));
	json_decref(json);
}
END_TEST

/* Objects and arrays in turn, of that many levels. */
static void write_nested(struct buffer *buffer, unsigned levels)
{
	for (unsigned i = 0; i < levels; i++)
		buffer_add_text(buffer, i % 2 == 0 ? TEXT("{\"]}\":") : TEXT("["));
	buffer_add_text(buffer, TEXT("\"[{\""));
	for (unsigned i = levels; i-- > 0;)
		buffer_add_text(buffer, i % 2 == 0 ? TEXT("}") : TEXT("]"));
}

START_TEST(depth_is_counted_from_the_outermost_object)
{
	for (unsigned levels = 1; levels <= 40; levels++) {
		for (unsigned depth = 1; depth <= 40; depth++) {
			struct buffer buffer = { 0 };
			const char *why = NULL;
			json_t *json;

			write_nested(&buffer, levels);
			json = json_read_object(
				(struct text){ buffer.data, buffer.length }, depth, &why);
			ck_assert_msg((json != NULL) == (levels <= depth), "%u", levels);
			if (json == NULL)
				ck_assert_str_eq(why, TOO_DEEP);
			json_decref(json);
			buffer_free(&buffer);
		}
	}
}
END_TEST

static size_t allocations;

static void *counting_malloc(size_t size)
{
	allocations++;
	return malloc(size);
}

START_TEST(nothing_is_built_of_what_is_too_deep)
{
	json_malloc_t plain_malloc;
	json_free_t plain_free;
	struct buffer buffer = { 0 };
	const char *why = NULL;

	for (int i = 0; i < 1 << 18; i++)
		buffer_add_text(&buffer, TEXT("{\"\":"));
	json_get_alloc_funcs(&plain_malloc, &plain_free);
	json_set_alloc_funcs(counting_malloc, free);
	allocations = 0;
	ck_assert_ptr_null(json_read_object((struct text){ buffer.data, buffer.length }, 32, &why));
	ck_assert_uint_eq(allocations, 0);
	ck_assert_str_eq(why, TOO_DEEP);
	json_decref(json_read_object(TEXT("{}"), 32, &why));
	ck_assert_uint_gt(allocations, 0);
	json_set_alloc_funcs(plain_malloc, plain_free);
	buffer_free(&buffer);
}
END_TEST

static unsigned depth_of(json_t *json)
{
	unsigned deepest = 0;
	const char *name;
	json_t *value;
	size_t index;

	json_object_foreach(json, name, value) deepest =
		depth_of(value) > deepest ? depth_of(value) : deepest;
	json_array_foreach(json, index, value) deepest =
		depth_of(value) > deepest ? depth_of(value) : deepest;
	return deepest + (json_is_object(json) || json_is_array(json));
}

/* Of damaged objects, exactly those are read that jansson reads and that are not too deep. */
START_TEST(damaged_objects_are_judged_as_jansson_does)
{
	static const char whole[] =
		"{\"a\":[1,{\"b\\\"\":\"[\\\\\",\"c\":[[2.5]]}],\"\u00E9\":null}";
	static const char bytes[] = "{}[]\",:\\u0\xC3 1a";
	uint64_t state = 4;
	unsigned read = 0;

	for (int i = 0; i < ROUNDS; i++) {
		char text[sizeof(whole)];
		const char *why = NULL;
		json_t *json, *expected;

		memcpy(text, whole, sizeof(whole));
		for (uint64_t changes = check_random(&state) % 4; changes > 0; changes--)
			text[check_random(&state) % (sizeof(whole) - 1)] =
				bytes[check_random(&state) % (sizeof(bytes) - 1)];
		json = json_read_object((struct text){ text, sizeof(text) - 1 }, 5, &why);
		expected = json_loadb(text, sizeof(text) - 1, JSON_REJECT_DUPLICATES, NULL);
		CHECK_THAT((json != NULL) == (json_is_object(expected) && depth_of(expected) <= 5),
			"%s", text);
		CHECK_THAT(json == NULL || json_equal(json, expected), "%s", text);
		CHECK_THAT((json == NULL) == (why != NULL), "%s", text);
		read += json != NULL;
		json_decref(json);
		json_decref(expected);
	}
	ck_assert_uint_gt(read, ROUNDS / 10);
	ck_assert_uint_lt(read, ROUNDS / 10 * 9);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, objects_are_read_strictly);
	tcase_add_test(test_case, what_is_read_is_what_was_sent);
	tcase_add_test(test_case, depth_is_counted_from_the_outermost_object);
	tcase_add_test(test_case, nothing_is_built_of_what_is_too_deep);
	tcase_add_test(test_case, damaged_objects_are_judged_as_jansson_does);
}

int main(void)
{
	return check_main("json_read", add_tests);
}
