/*
 * base/text.h beside jansson's UTF-8 and the C library's numbers; what is trimmed has nothing left
 * to trim, and words come to an end.
 */
#include "support/fuzz.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

/* A word as numbers of JSON are: no sign, no space. */
static void check_integer(struct text text)
{
	int64_t number = -1;
	char *copy = strndup(text.data, text.length), *end;
	bool plain = text.length > 0 && strspn(copy, "0123456789") == text.length;

	errno = 0;
	long long expected = strtoll(copy, &end, 10);
	bool taken = text_to_integer(text, &number);
	CHECK_THAT(taken == (plain && errno == 0), "%s is a number or not", copy);
	CHECK_THAT(!taken || number == expected, "%s is not %lld", copy, (long long)number);
	free(copy);
}

static void check_words(struct text text)
{
	struct text rest = text_trim(text), again = text_trim(rest);
	size_t bytes = 0;

	CHECK_THAT(text_equal(rest, again), "trimmed twice");
	CHECK_THAT(text_code_points(text) <= text.length, "more characters than bytes");
	while (rest.length > 0) {
		size_t word = text_word(rest);

		CHECK_THAT(word > 0 && word <= rest.length, "a word of %zu", word);
		CHECK_THAT(text_is_utf8((struct text){ rest.data, word }), "a word cut in two");
		bytes += word;
		rest = text_trim((struct text){ rest.data + word, rest.length - word });
		CHECK_THAT(text_is_utf8(rest), "white space cut in two");
	}
	CHECK_THAT(bytes <= text.length, "more words than text");
}

static void check_decoded(struct text text, bool plus)
{
	char *to = malloc(text.length + 1);
	size_t length = 0;

	CHECK_THAT(to != NULL, "no memory");
	if (text_percent_decode(text, plus, to, &length))
		CHECK_THAT(length <= text.length, "it grew");
	free(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size);
	json_t *json = json_stringn(size > 0 ? text.data : "", size);
	bool well = text_is_utf8(text);

	CHECK_THAT(well == (json != NULL), "UTF-8 or not");
	json_decref(json);
	if (well) {
		check_words(text);
		text_has_control(text, "\t\n");
	}
	if (size < 40)
		check_integer(text);
	check_decoded(text, true);
	check_decoded(text, false);
	return 0;
}
