/*
 * endpoint/types/types.h: inputs that may be null beside those that may not. What is taken is what
 * the API's description says of them.
 */
#include "src/endpoint/types/types.h"

#include "check_main.h"
#include "schema.h"
#include "src/endpoint/describe/openapi_schema.h"

#include <string.h>

/* Each type that has no null of its own, once as it is and once with one. */
static const struct endpoint endpoint = {
	.name = "set",
	.method = POST,
	.path = "/",
	.input = {
		{ "count", IN_BODY, INPUT_INTEGER, .min = -1, .max = 100000 },
		{ "line", IN_BODY, INPUT_LINE, .max = 3 },
		{ "word", IN_BODY, INPUT_CHOICE, .choices = "up down" },
		{ "real", IN_BODY, INPUT_REAL },
		{ "truth", IN_BODY, INPUT_BOOL },
		{ "string", IN_BODY, INPUT_STRING },
		{ "object", IN_BODY, INPUT_OBJECT },
		{ "items", IN_BODY, INPUT_ITEMS, .max = 1 },
		{ "count_or_null", IN_BODY, INPUT_INTEGER, .min = -1, .max = 100000,
			.nullable = true },
		{ "line_or_null", IN_BODY, INPUT_LINE, .max = 3, .nullable = true },
		{ "word_or_null", IN_BODY, INPUT_CHOICE, .choices = "up down", .nullable = true },
		{ "real_or_null", IN_BODY, INPUT_REAL, .nullable = true },
		{ "truth_or_null", IN_BODY, INPUT_BOOL, .nullable = true },
		{ "string_or_null", IN_BODY, INPUT_STRING, .nullable = true },
		{ "object_or_null", IN_BODY, INPUT_OBJECT, .nullable = true },
		{ "items_or_null", IN_BODY, INPUT_ITEMS, .max = 1, .nullable = true },
		{ "date", IN_BODY, INPUT_DATE },
		{ "date_or_null", IN_BODY, INPUT_DATE, .nullable = true },
		{ "tags_or_null", IN_BODY, INPUT_TAGS, .max = 2, .nullable = true },
		{ "text_or_null", IN_BODY, INPUT_TEXT, .max = 9, .nullable = true },
	},
};

static const struct input *input_named(const char *name)
{
	const struct input *input = endpoint.input;

	while (strcmp(input->name, name) != 0)
		input++;
	return input;
}

/* NULL where it was taken, else the sentence, which the caller frees. */
static char *read_value(const char *name, const struct raw_value *raw, struct value *value)
{
	struct arena *arena = NULL;
	const char *wrong;
	char *sentence;

	*value = (struct value){ 0 };
	wrong = input_type_read(input_named(name), raw, value, &arena);
	sentence = wrong != NULL ? strdup(wrong) : NULL;
	arena_free(&arena);
	return sentence;
}

static char *read_json(const char *name, const char *text, struct value *value)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
	char *sentence = read_value(name, &(struct raw_value){ .json = json }, value);

	json_decref(json);
	return sentence;
}

/* Whether the description allows the member. */
static bool is_described(const char *name, const char *text)
{
	json_t *value = json_pack("{s:o}", name, json_loads(text, JSON_DECODE_ANY, NULL));
	json_t *rule = openapi_body_schema(&endpoint);
	struct schema schema = { .document = rule };
	bool described = schema_describes(&schema, rule, value);

	ck_assert_msg(!schema.broken, "%s", schema.why);
	json_decref(rule);
	json_decref(value);
	return described;
}

/* In JSON: the type of the value that is made, or the sentence. */
static const struct {
	const char *name;
	const char *json;
	enum value_type type;
	const char *wrong;
} rows[] = {
	{ "count", "7", VALUE_INTEGER, NULL },
	{ "count", "null", 0, "must be an integer from -1 to 100000" },
	{ "count_or_null", "-1", VALUE_INTEGER, NULL },
	{ "count_or_null", "100000", VALUE_INTEGER, NULL },
	{ "count_or_null", "null", VALUE_NULL, NULL },
	{ "count_or_null", "100001", 0, "must be an integer from -1 to 100000, or null" },
	{ "count_or_null", "1.5", 0, "must be an integer from -1 to 100000, or null" },
	{ "count_or_null", "\"\"", 0, "must be an integer from -1 to 100000, or null" },
	{ "count_or_null", "false", 0, "must be an integer from -1 to 100000, or null" },
	{ "line", "\"abc\"", VALUE_TEXT, NULL },
	{ "line", "null", 0, "must be a string" },
	{ "line_or_null", "\"abc\"", VALUE_TEXT, NULL },
	{ "line_or_null", "null", VALUE_NULL, NULL },
	{ "line_or_null", "\"\"", 0, "must not be empty" },
	{ "line_or_null", "\"abcd\"", 0, "must have at most 3 characters" },
	{ "line_or_null", "[]", 0, "must be a string, or null" },
	{ "word", "\"up\"", VALUE_TEXT, NULL },
	{ "word", "null", 0, "must be one of: up down" },
	{ "word_or_null", "\"down\"", VALUE_TEXT, NULL },
	{ "word_or_null", "null", VALUE_NULL, NULL },
	{ "word_or_null", "\"left\"", 0, "must be one of: up down, or null" },
	{ "word_or_null", "\"null\"", 0, "must be one of: up down, or null" },
	{ "real", "null", 0, "must be a number" },
	{ "real_or_null", "1.5", VALUE_REAL, NULL },
	{ "real_or_null", "null", VALUE_NULL, NULL },
	{ "real_or_null", "\"1.5\"", 0, "must be a number, or null" },
	{ "truth", "null", 0, "must be true or false" },
	{ "truth_or_null", "false", VALUE_INTEGER, NULL },
	{ "truth_or_null", "null", VALUE_NULL, NULL },
	{ "truth_or_null", "0", 0, "must be true or false, or null" },
	{ "string", "null", 0, "must be a string" },
	{ "string_or_null", "\"\"", VALUE_TEXT, NULL },
	{ "string_or_null", "null", VALUE_NULL, NULL },
	{ "string_or_null", "1", 0, "must be a string, or null" },
	{ "object", "null", 0, "must be an object" },
	{ "object_or_null", "null", VALUE_NULL, NULL },
	{ "object_or_null", "[]", 0, "must be an object, or null" },
	{ "items", "null", 0, "must be an array" },
	{ "items_or_null", "null", VALUE_NULL, NULL },
	{ "items_or_null", "{}", 0, "must be an array, or null" },
	{ "date", "null", VALUE_NULL, NULL },
	{ "date_or_null", "null", VALUE_NULL, NULL },
	{ "date_or_null", "\"2026-11-25\"", VALUE_TEXT, NULL },
	{ "tags_or_null", "null", VALUE_NULL, NULL },
	{ "tags_or_null", "[]", VALUE_TEXT, NULL },
	{ "text_or_null", "null", VALUE_NULL, NULL },
	{ "text_or_null", "\"\"", VALUE_TEXT, NULL },
};

START_TEST(null_is_taken_where_it_is_a_value)
{
	struct value value;
	char *wrong = read_json(rows[_i].name, rows[_i].json, &value);

	if (rows[_i].wrong != NULL) {
		ck_assert_pstr_eq(wrong, rows[_i].wrong);
	} else {
		ck_assert_pstr_eq(wrong, NULL);
		ck_assert_int_eq(value.type, rows[_i].type);
	}
	free(wrong);
}
END_TEST

/* Both ways: nothing that is taken is not described, and nothing that is described is refused. */
START_TEST(the_description_says_the_same)
{
	CHECK_THAT(is_described(rows[_i].name, rows[_i].json) == (rows[_i].wrong == NULL),
		"%s: %s", rows[_i].name, rows[_i].json);
}
END_TEST

START_TEST(an_empty_value_of_a_form_is_null)
{
	for (const struct input *input = endpoint.input; input->name != NULL; input++) {
		struct value value;
		char *wrong;

		if (!input->nullable)
			continue;
		wrong = read_value(input->name, &(struct raw_value){ .text = { "", 0 } }, &value);
		CHECK_THAT(wrong == NULL && value.type == VALUE_NULL, "%s: %s", input->name, wrong);
	}
}
END_TEST

/* That of an integer is a fault and that of a boolean is false, as ever. */
START_TEST(an_empty_value_is_what_it_was_where_null_is_none)
{
	const struct raw_value empty = { .text = { "", 0 } };
	struct value value;
	char *wrong = read_value("count", &empty, &value);

	ck_assert_pstr_eq(wrong, "must be an integer from -1 to 100000");
	free(wrong);
	wrong = read_value("line", &empty, &value);
	ck_assert_pstr_eq(wrong, "must not be empty");
	free(wrong);
	ck_assert_ptr_null(read_value("truth", &empty, &value));
	ck_assert(value.type == VALUE_INTEGER && value.integer == 0);
}
END_TEST

START_TEST(a_form_has_values_beside_null)
{
	struct value value;

	ck_assert_ptr_null(
		read_value("count_or_null", &(struct raw_value){ .text = TEXT("42") }, &value));
	ck_assert(value.type == VALUE_INTEGER && value.integer == 42);
	ck_assert_ptr_null(
		read_value("line_or_null", &(struct raw_value){ .text = TEXT(" a ") }, &value));
	ck_assert(value.type == VALUE_TEXT && text_equal(value.text, TEXT("a")));
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_loop_test(test_case, null_is_taken_where_it_is_a_value, 0, CHECK_COUNT(rows));
	tcase_add_loop_test(test_case, the_description_says_the_same, 0, CHECK_COUNT(rows));
	tcase_add_test(test_case, an_empty_value_of_a_form_is_null);
	tcase_add_test(test_case, an_empty_value_is_what_it_was_where_null_is_none);
	tcase_add_test(test_case, a_form_has_values_beside_null);
}

int main(void)
{
	return check_main("input_types", add_tests);
}
