/*
 * http/form.h: what is called well is text; and when all of it is encoded once more, byte by byte,
 * the same pairs are read.
 */
#include "http/form.h"

#include "base/buffer.h"
#include "support/fuzz.h"

static void encode(struct buffer *out, struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == ' ')
			buffer_add_text(out, TEXT("+"));
		else
			buffer_add_format(out, "%%%02x", (unsigned char)text.data[i]);
	}
}

static void check_pair(struct text pair, struct text name, struct text value)
{
	struct arena *arena = NULL;
	struct text again, worth;
	bool well;

	CHECK_THAT(form_next(&arena, &pair, &again, &worth, &well), "the pair is gone");
	CHECK_THAT(well && text_equal(again, name) && text_equal(worth, value), "another pair");
	CHECK_THAT(!form_next(&arena, &pair, &again, &worth, &well), "one pair became two");
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text name, value, text = fuzz_text(data, size);
	struct buffer encoded = { 0 };
	struct arena *arena = NULL;
	size_t pairs = 0;
	bool well;

	while (form_next(&arena, &text, &name, &value, &well)) {
		CHECK_THAT(++pairs <= size, "more pairs than bytes");
		CHECK_THAT(name.length + value.length <= size, "more than there is");
		if (!well)
			continue;
		CHECK_THAT(fuzz_is_text(name) && fuzz_is_text(value), "it is no text");
		encoded.length = 0;
		encode(&encoded, name);
		buffer_add_text(&encoded, TEXT("="));
		encode(&encoded, value);
		check_pair((struct text){ encoded.data, encoded.length }, name, value);
	}
	CHECK_THAT(text.length == 0, "it stopped early");
	arena_free(&arena);
	buffer_free(&encoded);
	return 0;
}
