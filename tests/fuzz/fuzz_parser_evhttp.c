/*
 * http/parser.h beside evhttp: of what the strict parser lets pass, evhttp sees the same requests,
 * no fewer and no more, and does not answer in its own words.
 */
#include "tests/http/parser/feed.h"
#include "tests/http/parser/evhttp_oracle.h"
#include "support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool open;
	struct text stream = fuzz_text(data, size);
	struct verdict verdict = feed_whole(stream);

	if (!open)
		evhttp_oracle_open();
	open = true;
	stream.length = (size_t)verdict.request_start; /* no more of it is shown to evhttp */
	if (verdict.requests > 0)
		evhttp_oracle_check(stream, (unsigned)verdict.requests);
	return 0;
}
