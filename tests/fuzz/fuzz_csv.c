/* Any bytes as a file of comma-separated values. */
#include "support/fuzz.h"
#include "support/turn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	turn_check(&format_csv, fuzz_text(data, size));
	return 0;
}
