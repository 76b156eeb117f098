/* Any bytes as a file of the product's own JSON. */
#include "support/fuzz.h"
#include "support/turn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	turn_check(&format_json, fuzz_text(data, size));
	return 0;
}
