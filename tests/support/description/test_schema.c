/* Schemas, each with a value that is as it says and one that is not. */
#include "check_main.h"
#include "schema.h"

#define NAME_AND_NOTE "{\"type\":\"string\"},\"note\":{\"type\":\"string\"}}"
#define OBJECT "\"properties\":{\"name\":" NAME_AND_NOTE
#define TASK "{\"$ref\":\"#/Task\"}"

static const char document[] = "{\"Task\":{\"type\":\"object\"," OBJECT ",\"required\":[\"name\"]},"
			       "\"Gone\":{\"properties\":{\"gone\":{\"const\":1}},"
			       "\"required\":[\"gone\"]}}";

static const struct row {
	const char *schema, *value, *other; /* other: it does not describe this one */
} rows[] = {
	{ "{\"type\":\"object\"}", "{}", "[]" },
	{ "{\"type\":\"array\"}", "[]", "{}" },
	{ "{\"type\":\"string\"}", "\"1\"", "1" },
	{ "{\"type\":\"integer\"}", "1", "1.5" },
	{ "{\"type\":\"number\"}", "1", "\"1\"" },
	{ "{\"type\":\"number\"}", "1.5", "true" },
	{ "{\"type\":\"boolean\"}", "false", "null" },
	{ "{\"type\":[\"string\",\"null\"]}", "null", "1" },
	{ "{\"const\":\"a\"}", "\"a\"", "\"b\"" },
	{ "{\"enum\":[\"a\",2]}", "2", "\"2\"" },
	{ "{\"format\":\"date\"}", "\"2026-11-25\"", "\"2026-11-2x\"" },
	{ "{\"format\":\"date\"}", "1", "\"2026-11-25T08:00:00Z\"" },
	{ "{\"format\":\"date-time\"}", "\"2026-11-25T08:00:00Z\"", "\"2026-11-25\"" },
	{ "{\"format\":\"date-time\"}", "null", "\"2026-11-25T08:00:00+01:00\"" },
	{ "{\"minimum\":2}", "2", "1" },
	{ "{\"minimum\":2}", "\"\"", "1.5" },
	{ "{\"maximum\":2.5}", "2.5", "3" },
	{ "{\"maximum\":2}", "[1,2,3]", "2.1" },
	{ "{\"minLength\":2}", "\"ab\"", "\"\u00e9\"" },
	{ "{\"minLength\":2}", "[]", "\"a\"" },
	{ "{\"maxLength\":2}", "\"\u00e9\u20ac\"", "\"abc\"" },
	{ "{\"maxLength\":2}", "333", "\"a\u00e9\U0001f600\"" },
	{ "{\"minItems\":1}", "[0]", "[]" },
	{ "{\"maxItems\":1}", "[0]", "[0,0]" },
	{ "{\"maxItems\":1}", "\"ab\"", "[[],[]]" },
	{ "{\"uniqueItems\":true}", "[1,\"1\",[1]]", "[1,2,1]" },
	{ "{\"uniqueItems\":true}", "{}", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]" },
	{ "{\"items\":{\"uniqueItems\":false}}", "[[1,1]]", "[{\"a\":1}]" },
	{ "{\"pattern\":\"^[a-z._-]{1,3}$\"}", "\"a-_\"", "\"abcd\"" },
	{ "{\"pattern\":\"b\"}", "\"abc\"", "\"ac\"" },
	{ "{\"pattern\":\"^a\\\\.b$\"}", "\"a.b\"", "\"axb\"" },
	{ "{\"pattern\":\"^a$\"}", "1", "\"ab\"" },
	{ "{\"items\":{\"type\":\"integer\"}}", "[1,2]", "[1,\"2\"]" },
	{ "{\"items\":" TASK "}", "[{\"name\":\"a\"}]", "[{\"name\":\"a\",\"x\":1}]" },

	/* A member may be left out unless it is required; none comes that is not described. */
	{ TASK, "{\"name\":\"a\",\"note\":\"b\"}", "{\"name\":\"a\",\"x\":1}" },
	{ TASK, "{\"name\":\"a\"}", "{\"note\":\"a\"}" },
	{ TASK, "{\"name\":\"a\"}", "{\"name\":\"a\",\"note\":1}" },
	{ "{\"type\":\"object\",\"properties\":{},\"required\":[]}", "{}", "{\"a\":1}" },
	{ "{}", "1", "{\"a\":1}" },
	{ "{\"required\":[\"a\"]}", "1", "{\"a\":1}" },
	{ "{\"additionalProperties\":true," OBJECT "}", "{\"x\":{\"y\":1}}", "{\"name\":1}" },
	{ "{\"additionalProperties\":false," OBJECT "}", "{\"note\":\"a\"}", "{\"x\":1}" },
	{ "{\"additionalProperties\":{\"type\":\"string\"}}", "{\"a\":\"b\"}", "{\"a\":1}" },
	{ "{\"additionalProperties\":" TASK "}", "{\"a\":{\"name\":\"\"}}", "{\"a\":{\"b\":1}}" },
	{ "{\"properties\":{\"a\":true}}", "{\"a\":{\"b\":1}}", "{\"b\":1}" },
	{ "{\"properties\":{\"a\":false}}", "{}", "{\"a\":null}" },

	/* What the parts describe counts together. */
	{ "{\"allOf\":[" TASK "],\"properties\":{\"x\":{}}}", "{\"name\":\"a\",\"x\":1}",
		"{\"name\":\"a\",\"y\":1}" },
	{ "{\"allOf\":[" TASK ",{\"$ref\":\"#/Gone\"}]}", "{\"name\":\"a\",\"gone\":1}",
		"{\"name\":\"a\"}" },
	{ "{\"allOf\":[" TASK ",{\"additionalProperties\":false," OBJECT "}]}", "{\"name\":\"a\"}",
		"{\"name\":\"a\",\"x\":1}" },
	{ "{\"anyOf\":[" TASK ",{\"type\":\"null\"}]}", "{\"name\":\"a\"}", "{\"note\":\"a\"}" },
	{ "{\"anyOf\":[" TASK ",{\"type\":\"null\"}]}", "null", "{\"name\":\"a\",\"gone\":1}" },
	{ "{\"anyOf\":[" TASK ",{\"$ref\":\"#/Gone\"}]}", "{\"name\":\"a\",\"gone\":1}",
		"{\"name\":\"a\",\"gone\":2}" },
	{ "{\"oneOf\":[" TASK ",{\"$ref\":\"#/Gone\"}]}", "{\"gone\":1}",
		"{\"name\":\"a\",\"gone\":1}" },
	{ "{\"oneOf\":[{\"minimum\":2},{\"maximum\":5}]}", "1", "3" },
	{ "{\"oneOf\":[{\"const\":1},{\"const\":2}]}", "2", "3" },
};

/* What would go unchecked if it were passed over. */
static const char *const broken[] = {
	"{\"$ref\":\"#/Nothing\"}",
	"{\"$ref\":\"Task\"}",
	"{\"$ref\":1}",
	"{\"prefixItems\":[]}",
	"{\"format\":\"email\"}",
	"{\"minimum\":\"1\"}",
	"{\"maxLength\":null}",
	"{\"pattern\":\"\\\\d\"}",
	"{\"pattern\":\"(?:a)\"}",
	"{\"pattern\":\"[\\\\]]\"}",
	"{\"pattern\":\"(\"}",
	"{\"uniqueItems\":1}",
	"{\"allOf\":[]}",
	"{\"anyOf\":[{\"type\":\"string\"},{\"colour\":1}]}",
	"{\"oneOf\":[{\"type\":\"string\"},{\"colour\":1}]}",
	"1",
};

static json_t *read(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	ck_assert_msg(value, "cannot read %s", text);
	return value;
}

/* schema_describes(), with everything as text. */
static bool describes(struct schema *schema, const char *rule_text, const char *value_text)
{
	json_t *root = read(document), *rule = read(rule_text), *value = read(value_text);
	bool described;

	*schema = (struct schema){ .document = root };
	described = schema_describes(schema, rule, value);
	ck_assert_msg(described == !*schema->why, "%s", schema->why);
	json_decref(root);
	json_decref(rule);
	json_decref(value);
	return described;
}

START_TEST(schema_tells_apart)
{
	const struct row *row = &rows[_i];
	struct schema schema;

	ck_assert_msg(describes(&schema, row->schema, row->value), "%s, %s: %s", row->schema,
		row->value, schema.why);
	ck_assert_msg(
		!describes(&schema, row->schema, row->other), "%s, %s", row->schema, row->other);
	ck_assert_msg(!schema.broken, "%s: %s", row->schema, schema.why);
}
END_TEST

START_TEST(schema_is_broken)
{
	struct schema schema;

	ck_assert_msg(!describes(&schema, broken[_i], "\"a\""), "%s", broken[_i]);
	ck_assert_msg(schema.broken, "%s: %s", broken[_i], schema.why);
}
END_TEST

START_TEST(cause_says_where)
{
	struct schema schema;

	ck_assert(!describes(&schema, "{\"items\":{\"properties\":{\"a\":{\"minimum\":2}}}}",
		"[{\"a\":2},{\"a\":1}]"));
	ck_assert_str_eq(schema.why, "does not fit \"minimum\" at '/1/a': 1");
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_loop_test(test_case, schema_tells_apart, 0, (int)CHECK_COUNT(rows));
	tcase_add_loop_test(test_case, schema_is_broken, 0, (int)CHECK_COUNT(broken));
	tcase_add_test(test_case, cause_says_where);
}

int main(void)
{
	return check_main("schema", add);
}
