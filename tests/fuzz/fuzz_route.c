/*
 * endpoint/route/route.h: what a path is cut into is text, and the same however it is
 * percent-encoded; and the routes found are those of the rows that fit it most closely.
 */
#include "base/buffer.h"
#include "support/fuzz.h"
#include "support/tables.h"

#include <stdlib.h>

static void check_segments(const struct path *path)
{
	CHECK_THAT(path->count <= PATH_SEGMENTS, "%u segments", path->count);
	for (unsigned i = 0; i < path->count; i++) {
		struct text segment = path->segment[i];

		CHECK_THAT(segment.length > 0 && fuzz_is_text(segment), "segment %u", i);
		CHECK_THAT(memchr(segment.data, '/', segment.length) == NULL, "a slash in %u", i);
	}
}

/*
 * How the segments fit a row's path: its segments' kinds, 'a' a literal and 'b' a parameter, so
 * that the nearer one is smaller; "" where they do not.
 */
static void fit(const char *row, const struct path *path, char kinds[PATH_SEGMENTS + 2])
{
	size_t count = 0;

	while (*row == '/' && row[1] != '\0') {
		struct text part = { row + 1, strcspn(row + 1, "/") };
		bool parameter = part.data[0] == '{';

		row = part.data + part.length;
		if (count == path->count ||
			(!parameter && !text_equal(part, path->segment[count]))) {
			kinds[0] = '\0';
			return;
		}
		kinds[count++] = parameter ? 'b' : 'a';
	}
	kinds[count] = '.'; /* so that the root fits as well */
	kinds[count == path->count ? count + 1 : 0] = '\0';
}

/* The methods of the nearest rows. */
static unsigned expect_methods(const struct path *path)
{
	char kinds[PATH_SEGMENTS + 2], best[PATH_SEGMENTS + 2] = "~";
	unsigned methods = 0;

	for (const struct endpoint *row = tables_rows(); row->path != NULL; row++) {
		fit(row->path, path, kinds);
		if (row->internal || *kinds == '\0' || strcmp(kinds, best) > 0)
			continue;
		methods = strcmp(kinds, best) == 0 ? methods : 0;
		methods |= row->method;
		memcpy(best, kinds, sizeof(best));
	}
	return methods;
}

static void check_match(const struct path *path)
{
	static const enum method methods[] = { GET, POST, PUT, PATCH, DELETE };
	unsigned expected = expect_methods(path);

	for (size_t i = 0; i < CHECK_COUNT(methods); i++) {
		const struct route *route;
		unsigned found = router_match(tables_router(), path, methods[i], &route);

		CHECK_THAT(found == expected, "methods %x, not %x", found, expected);
		CHECK_THAT((route != NULL) == ((expected & methods[i]) != 0), "a route or none");
		CHECK_THAT(route == NULL || route->endpoint->method == methods[i],
			"a route of another method");
	}
}

/* The same segments with each byte encoded, and a slash at the end. */
static void check_encoded(const struct path *path)
{
	struct buffer raw = { 0 };
	struct arena *arena = NULL;
	struct path again;

	for (unsigned i = 0; i < path->count; i++) {
		buffer_add_text(&raw, TEXT("/"));
		for (size_t at = 0; at < path->segment[i].length; at++)
			buffer_add_format(&raw, at % 2 ? "%%%02X" : "%%%02x",
				(unsigned char)path->segment[i].data[at]);
	}
	buffer_add_text(&raw, TEXT("/"));
	CHECK_THAT(path_read((struct text){ raw.data, raw.length }, &again, &arena) == 0, "refused");
	CHECK_THAT(again.count == path->count, "%u segments, not %u", again.count, path->count);
	for (unsigned i = 0; i < path->count; i++)
		CHECK_THAT(text_equal(again.segment[i], path->segment[i]), "segment %u", i);
	arena_free(&arena);
	buffer_free(&raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text raw = fuzz_text(data, size);
	struct arena *arena = NULL;
	struct path path;
	int status;

	/* nothing else is let through by the reader of request lines */
	if (size == 0 || *raw.data != '/' || memchr(raw.data, '\0', size) != NULL)
		return 0;
	status = path_read(raw, &path, &arena);
	CHECK_THAT(status == 0 || status == 400 || status == 404, "status %d", status);
	if (status == 0) {
		check_segments(&path);
		check_match(&path);
		check_encoded(&path);
	}
	arena_free(&arena);
	return 0;
}
