/*
 * base/json.h: what is taken for an object is one to jansson too, and, written by us, is read as the
 * same; and what is not gets a sentence that quotes nothing of it.
 */
#include "base/json.h"
#include "base/json_read.h"

#include "support/fuzz.h"

#define DEPTH_MOST 32

static void write_value(struct buffer *out, json_t *json);

static void write_object(struct buffer *out, json_t *json)
{
	const char *name, *comma = "";
	json_t *value;

	buffer_add_text(out, TEXT("{"));
	json_object_foreach (json, name, value) {
		CHECK_THAT(fuzz_is_text(text_of(name)), "a name that is no text");
		buffer_add_text(out, text_of(comma));
		json_write_text(out, text_of(name));
		buffer_add_text(out, TEXT(":"));
		write_value(out, value);
		comma = ",";
	}
	buffer_add_text(out, TEXT("}"));
}

static void write_array(struct buffer *out, json_t *json)
{
	json_t *value;
	size_t i;

	buffer_add_text(out, TEXT("["));
	json_array_foreach (json, i, value) {
		buffer_add_text(out, text_of(i > 0 ? "," : ""));
		write_value(out, value);
	}
	buffer_add_text(out, TEXT("]"));
}

static void write_string(struct buffer *out, json_t *json)
{
	struct text text = { json_string_value(json), json_string_length(json) };

	CHECK_THAT(fuzz_is_text(text), "a string that is no text");
	json_write_text(out, text);
}

static void write_value(struct buffer *out, json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		write_object(out, json);
		break;
	case JSON_ARRAY:
		write_array(out, json);
		break;
	case JSON_STRING:
		write_string(out, json);
		break;
	case JSON_INTEGER:
		json_write_integer(out, json_integer_value(json));
		break;
	case JSON_REAL:
		json_write_real(out, json_real_value(json));
		break;
	default:
		buffer_add_text(out, text_of(json_is_null(json)	  ? "null"
					     : json_is_true(json) ? "true"
								  : "false"));
	}
}

/* json_equal(), to which 1.0, written as 1, would be another number. */
static bool is_alike(json_t *a, json_t *b)
{
	const char *name;
	json_t *value;
	size_t i;

	if (json_is_number(a) && json_is_number(b) && (json_is_real(a) || json_is_real(b)))
		return json_number_value(a) == json_number_value(b);
	if (json_typeof(a) != json_typeof(b) || json_object_size(a) != json_object_size(b) ||
		json_array_size(a) != json_array_size(b))
		return false;
	json_object_foreach (a, name, value)
		if (json_object_get(b, name) == NULL || !is_alike(value, json_object_get(b, name)))
			return false;
	json_array_foreach (a, i, value)
		if (!is_alike(value, json_array_get(b, i)))
			return false;
	return json_is_object(a) || json_is_array(a) || json_equal(a, b);
}

static unsigned depth_of(json_t *json)
{
	const char *name;
	unsigned most = 0, depth;
	json_t *value;
	size_t i;

	json_object_foreach (json, name, value)
		if ((depth = depth_of(value)) > most)
			most = depth;
	json_array_foreach (json, i, value)
		if ((depth = depth_of(value)) > most)
			most = depth;
	return most + (json_is_object(json) || json_is_array(json));
}

/* White space around an object changes nothing, nor does a deeper limit; a lower one refuses it. */
static void check_written(json_t *json, struct text written)
{
	unsigned depth = depth_of(json);
	const char *why;
	json_t *again = json_read_object(written, depth, &why);

	CHECK_THAT(again != NULL, "refused: %s: %.*s", why, (int)written.length, written.data);
	CHECK_THAT(is_alike(json, again), "not the same: %.*s", (int)written.length, written.data);
	json_decref(again);
	CHECK_THAT(json_read_object(written, depth - 1, &why) == NULL, "deeper than it may be");
}

static void check_why(const char *why)
{
	CHECK_THAT(why != NULL && strlen(why) > 10 && strlen(why) < 80, "no sentence");
	CHECK_THAT(why[strlen(why) - 1] == '.', "%s", why);
}

/* What is scanned before jansson builds anything is judged as jansson does, but for a NUL, which it may overlook. */
static void check_opinion(const char *text, size_t size, const json_t *json)
{
	json_t *other;

	if (size == 0 || memchr(text, '\0', size) != NULL)
		return;
	other = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	CHECK_THAT((json != NULL) == (json_is_object(other) && depth_of(other) <= DEPTH_MOST), "%s",
		json != NULL ? "refused by jansson" : "taken by jansson");
	json_decref(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer written = { 0 };
	const char *why = NULL;
	json_t *json = json_read_object(fuzz_text(data, size), DEPTH_MOST, &why);

	check_opinion((const char *)data, size, json);
	if (json == NULL) {
		check_why(why);
		return 0;
	}
	CHECK_THAT(json_is_object(json) && depth_of(json) <= DEPTH_MOST, "too deep");
	buffer_add_text(&written, TEXT(" "));
	write_value(&written, json);
	buffer_add_text(&written, TEXT("\r\n"));
	check_written(json, (struct text){ written.data, written.length });
	buffer_free(&written);
	json_decref(json);
	return 0;
}
