/*
 * http/media_type.h: whatever is sent, a weight is one, what is preferred is taken, and neither
 * case nor white space and empty elements before the first one matter. One more element that takes
 * all makes nothing less welcome.
 */
#include "http/media_type.h"

#include "base/buffer.h"
#include "support/fuzz.h"

#include <ctype.h>

static const struct text types[] = { TEXT_INIT("text/html"), TEXT_INIT("application/json"),
	TEXT_INIT("image/png"), TEXT_INIT("text/"), TEXT_INIT("text") };

static char *swap_case(const char *text)
{
	char *swapped = strdup(text);

	for (char *c = swapped; *c != '\0'; c++)
		if (isalpha((unsigned char)*c))
			*c ^= 0x20;
	return swapped;
}

static void check_same(const char *header, const char *other)
{
	for (size_t i = 0; i < CHECK_COUNT(types); i++)
		CHECK_THAT(accept_type(header, types[i]) == accept_type(other, types[i]),
			"%s weighs differently: %s", types[i].data, other);
	CHECK_THAT(accept_prefers_page(header) == accept_prefers_page(other), "page: %s", other);
	CHECK_THAT(accept_allows_gzip(header) == accept_allows_gzip(other), "gzip: %s", other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *header = strndup((const char *)data, size), *swapped = swap_case(header);
	struct buffer padded = { 0 }, more = { 0 };

	buffer_add_format(&padded, " ,\t,%s", header);
	buffer_add(&padded, "", 1);
	check_same(header, padded.data);
	check_same(header, swapped);
	buffer_add_format(&more, "gzip, text/html,%s", header);
	buffer_add(&more, "", 1);
	for (size_t i = 0; i < CHECK_COUNT(types); i++) {
		int weight = accept_type(header, types[i]);
		CHECK_THAT(weight >= 0 && weight <= WEIGHT_MAX, "%d is no weight", weight);
		CHECK_THAT(i == 0 || accept_type(more.data, types[i]) == weight,
			"another element changes the weight of %s", types[i].data);
	}
	CHECK_THAT(!accept_prefers_page(header) || accept_type(header, types[0]) > 0,
		"what is refused is preferred");
	CHECK_THAT(accept_prefers_page(more.data), "a page is not preferred: %s", more.data);
	CHECK_THAT(accept_allows_gzip(more.data), "gzip is not taken: %s", more.data);
	buffer_free(&padded);
	buffer_free(&more);
	free(swapped);
	free(header);
	return 0;
}
