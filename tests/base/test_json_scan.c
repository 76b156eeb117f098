/*
 * base/json.h: what is told of a text before anything is built of it, with jansson as the second
 * opinion, and what is read out of it then.
 */
#include "base/json.h"
#include "base/json_read.h"
#include "base/json_scan.h"

#include "check_main.h"

#include <string.h>

#define ROUNDS 60000
#define DEPTH 6

static struct text text_in(const struct buffer *buffer)
{
	return (struct text){ buffer->data, buffer->length };
}

static unsigned below(uint64_t *state, unsigned end)
{
	return (unsigned)(check_random(state) >> 20) % end;
}

static void add(struct buffer *out, const char *string)
{
	buffer_add_text(out, text_of(string));
}

static void write_space(struct buffer *out, uint64_t *state)
{
	static const char *const spaces[] = { " ", "\n", "\t", "\r\n", "  " };

	if (below(state, 8) == 0)
		add(out, spaces[below(state, CHECK_COUNT(spaces))]);
}

static void write_string(struct buffer *out, uint64_t *state)
{
	static const char *const pieces[] = { "a", "b", "\\u0061", "\\n", "\\\"", "\\\\", "\\/",
		"\u00E9", "\\u00e9", "\\uD83d\\uDe00", "\U0001F600", "\\u0800", "\\b\\f\\r\\t",
		"0123456789abcdef0123456789abcdef", "{", "]", ",", ":", "\x7f" };

	add(out, "\"");
	for (unsigned i = below(state, 3); i > 0; i--)
		add(out, pieces[below(state, CHECK_COUNT(pieces))]);
	add(out, "\"");
}

static void write_number(struct buffer *out, uint64_t *state)
{
	static const char *const numbers[] = {
		"0", "-0", "1", "-1", "1.0", "1e2", "-2.5E-3", "9223372036854775807",
		"-9223372036854775808", "9223372036854775808", "-9223372036854775809", "1e308",
		"1e309", "-1e309", "1e-400", "0.1", "01", "1.", "-", ".5", "+1", "1e", "0e0",
		"1E+5", "123456789012345678901234567890",
		"0.12345678901234567890123456789012345678901234567890123456789012345678901234567",
		"10000000000000000000000000000000000000000000000000000000000000000000000000000000.5"
	};

	add(out, numbers[below(state, CHECK_COUNT(numbers))]);
}

static void write_value(struct buffer *out, uint64_t *state, unsigned depth);

static void write_container(struct buffer *out, uint64_t *state, unsigned depth)
{
	bool object = below(state, 2) == 0;

	add(out, object ? "{" : "[");
	for (unsigned i = 0, count = below(state, 4); i < count; i++) {
		add(out, i > 0 ? "," : "");
		write_space(out, state);
		if (object) {
			write_string(out, state);
			write_space(out, state);
			add(out, ":");
			write_space(out, state);
		}
		write_value(out, state, depth + 1);
		write_space(out, state);
	}
	add(out, object ? "}" : "]");
}

static void write_value(struct buffer *out, uint64_t *state, unsigned depth)
{
	static const char *const words[] = { "true", "false", "null" };

	switch (below(state, depth > DEPTH ? 6 : 10)) {
	case 0:
	case 1:
		write_string(out, state);
		break;
	case 2:
		write_number(out, state);
		break;
	case 3:
	case 4:
	case 5:
		add(out, words[below(state, CHECK_COUNT(words))]);
		break;
	default:
		write_container(out, state, depth);
	}
}

/* Some bytes become others, or go. */
static void damage(struct buffer *text, uint64_t *state)
{
	static const char bytes[] = "{}[]\",:\\u0d8\xC3\xED\xA9\x01 1ea.-t";

	for (unsigned i = below(state, 3); i > 0 && text->length > 1; i--) {
		size_t at = below(state, (unsigned)text->length);

		if (below(state, 3) > 0)
			text->data[at] = bytes[below(state, sizeof(bytes) - 1)];
		else
			memmove(text->data + at, text->data + at + 1, --text->length - at);
	}
}

static unsigned depth_of(json_t *json)
{
	unsigned deepest = 0, depth;
	const char *name;
	json_t *value;
	size_t index;

	json_object_foreach (json, name, value)
		deepest = (depth = depth_of(value)) > deepest ? depth : deepest;
	json_array_foreach (json, index, value)
		deepest = (depth = depth_of(value)) > deepest ? depth : deepest;
	return deepest + (json_is_object(json) || json_is_array(json));
}

static size_t count_of(json_t *json)
{
	const char *name;
	json_t *value;
	size_t index, count = 1;

	json_object_foreach (json, name, value)
		count += count_of(value);
	json_array_foreach (json, index, value)
		count += count_of(value);
	return count;
}

/* What is read out of the text is what jansson has built of it. */
static void check_walk(struct text text, json_t *json)
{
	json_t *flat = json_read_flat(text);
	struct json_cursor cursor;
	struct text name, value;
	size_t count = 0;

	CHECK_THAT(json_typeof(flat) == json_typeof(json), "%.*s", (int)text.length, text.data);
	if (!json_is_object(json) && !json_is_array(json)) {
		CHECK_THAT(json_equal(flat, json), "%.*s", (int)text.length, text.data);
		json_decref(flat);
		return;
	}
	json_decref(flat);
	cursor = json_enter(text);
	while (json_is_object(json) ? json_next_member(&cursor, &name, &value)
				    : json_next_element(&cursor, &value)) {
		struct buffer buffer = { 0 };
		json_t *inner = json_array_get(json, count++);

		if (json_is_object(json)) {
			struct text meant = json_unescape(name, &buffer);
			inner = json_object_getn(json, meant.data, meant.length);
		}
		CHECK_THAT(inner != NULL, "%.*s", (int)text.length, text.data);
		check_walk(value, inner);
		buffer_free(&buffer);
	}
	CHECK_THAT(count == json_object_size(json) + json_array_size(json), "%zu", count);
}

static bool is_blank(const char *bytes, size_t length)
{
	while (length > 0 && memchr(" \t\r\n", bytes[length - 1], 4) != NULL)
		length--;
	return length == 0;
}

/* From a copy without a byte to spare, for the address sanitizer to watch its end. */
static bool check_text(struct text text)
{
	char *tight = malloc(text.length == 0 ? 1 : text.length);
	struct json_scan scan = { { tight, text.length }, JSON_DEPTH_MOST, SIZE_MAX, 0, 0 };
	json_error_t error;
	json_t *json;

	CHECK_THAT(tight != NULL, "%zu", text.length);
	memcpy(tight, text.data, text.length);
	json = json_loadb(tight, text.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	enum json_fault fault = json_scan(&scan);
	if (fault == JSON_SOUND && !is_blank(tight + scan.length, text.length - scan.length))
		fault = JSON_GOES_ON;
	CHECK_THAT((fault == JSON_SOUND) == (json != NULL), "%s but %s: %.*s", json_sentence(fault),
		error.text, (int)text.length, text.data);
	if (json != NULL) {
		size_t count = count_of(json), length = scan.length;

		CHECK_THAT(scan.deepest == depth_of(json), "%u", scan.deepest);
		CHECK_THAT(SIZE_MAX - scan.values == count, "%zu", count);
		scan = (struct json_scan){ { tight, text.length }, JSON_DEPTH_MOST, count, 0, 0 };
		CHECK_THAT(json_scan(&scan) == JSON_SOUND && scan.values == 0, "%zu", count);
		scan.values = count - 1;
		CHECK_THAT(json_scan(&scan) == JSON_TOO_MANY, "%zu", count);
		size_t space = 0;
		while (strchr(" \t\r\n", tight[space]) != NULL)
			space++;
		check_walk((struct text){ tight + space, length - space }, json);
	}
	json_decref(json);
	free(tight);
	return fault == JSON_SOUND;
}

START_TEST(any_text_is_judged_as_jansson_does)
{
	uint64_t state = 1;
	unsigned sound = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct buffer text = { 0 };

		write_container(&text, &state, 0);
		if (i % 2 == 0)
			damage(&text, &state);
		write_space(&text, &state);
		sound += check_text(text_in(&text));
		buffer_free(&text);
	}
	ck_assert_uint_gt(sound, ROUNDS / 10);
	ck_assert_uint_lt(sound, ROUNDS / 10 * 9);
}
END_TEST

/* Of many members the last is there already, or is not: whatever they are called. */
START_TEST(many_members_are_told_apart)
{
	for (unsigned count = 1; count <= 20000; count = count * 3 / 2 + 1) {
		for (unsigned last = count - 1; last <= count; last++) {
			struct buffer text = { 0 };
			enum json_fault fault;

			add(&text, "{\"x\":[");
			for (unsigned i = 0; i < count; i++)
				buffer_add_format(&text, "{\"%u\":{},\"a\":0},", i);
			add(&text, "0]");
			for (unsigned i = 0; i < count; i++)
				buffer_add_format(&text, ",\"%u\":0", i);
			buffer_add_format(&text, ",\"%u\":0}", last);
			fault = json_scan_object(text_in(&text), 4, SIZE_MAX);
			ck_assert_int_eq(fault, last < count ? JSON_TWICE : JSON_SOUND);
			buffer_free(&text);
		}
	}
}
END_TEST

START_TEST(what_follows_is_left_alone)
{
	static const struct {
		const char *text;
		size_t length;
	} rows[] = { { "{}", 2 }, { " {} x", 3 }, { "[1]]", 3 }, { "\"a\"\"b\"", 3 }, { "12,", 2 },
		{ "true}", 4 }, { "\n-1.5 \xFF", 5 } };

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct json_scan scan = { text_of(rows[i].text), 3, 10, 0, 0 };

		ck_assert_int_eq(json_scan(&scan), JSON_SOUND);
		ck_assert_uint_eq(scan.length, rows[i].length);
	}
}
END_TEST

/* Strings that were there before are left out, and the one too many ends it, as does no string. */
START_TEST(strings_are_read_once)
{
	static const struct {
		const char *text, *read;
	} rows[] = {
		{ "[]", "[]" },
		{ "[\"a\",\"\\u0061\",\"b\"]", "[\"a\",\"b\"]" },
		{ "[\"a\",\"b\",\"a\",\"c\",\"d\"]", "[\"a\",\"b\",\"c\"]" },
		{ "[\"\",\"A\",\"a\"]", "[\"\",\"A\",\"a\"]" },
		{ "[\"a\",[1,2],\"b\"]", "[\"a\",[]]" },
		{ "[ 1 , \"b\" ]", "[1]" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		json_t *read = json_read_strings(text_of(rows[i].text), 3);
		json_t *expected = json_loads(rows[i].read, 0, NULL);

		ck_assert_msg(json_equal(read, expected), "%s", rows[i].text);
		json_decref(read);
		json_decref(expected);
	}
}
END_TEST

START_TEST(members_are_found)
{
	struct text object = TEXT(" {\"a\" : 1, \"\\u0062\":[{\"c\":2}] ,\"d\":\"}\\\"\" }");

	ck_assert(text_equal(json_find(object, "a"), TEXT("1")));
	ck_assert(text_equal(json_find(object, "b"), TEXT("[{\"c\":2}]")));
	ck_assert(text_equal(json_find(object, "d"), TEXT("\"}\\\"\"")));
	ck_assert_uint_eq(json_find(object, "c").length, 0);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, any_text_is_judged_as_jansson_does);
	tcase_add_test(test_case, many_members_are_told_apart);
	tcase_add_test(test_case, what_follows_is_left_alone);
	tcase_add_test(test_case, strings_are_read_once);
	tcase_add_test(test_case, members_are_found);
}

int main(void)
{
	return check_main("json_scan", add_tests);
}
