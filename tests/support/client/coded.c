/* Replies in gzip. */
#include "coded.h"

#include "base/buffer.h"
#include "check_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define FILE_MOST ((size_t)32 << 20) /* of one import */
#define FILL_DEADLINE_MS 100000

bool coded_is(struct reply *reply)
{
	const char *coding = reply_find_header(reply, "Content-Encoding");

	return coding != NULL && strcmp(coding, "gzip") == 0;
}

char *coded_decode(const struct reply *reply, size_t *size)
{
	z_stream stream = { .next_in = (Bytef *)reply->body,
		.avail_in = (unsigned)reply->body_size };
	struct buffer out = { 0 };
	int code;

	ck_assert_int_eq(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
	do {
		stream.next_out = (Bytef *)buffer_reserve(&out, 4096);
		stream.avail_out = 4096;
		code = inflate(&stream, Z_NO_FLUSH);
		out.length += 4096 - stream.avail_out;
	} while (code == Z_OK);
	inflateEnd(&stream);
	*size = out.length;
	buffer_add(&out, "", 1);
	if (code == Z_STREAM_END && stream.avail_in == 0)
		return out.data;
	buffer_free(&out);
	return NULL;
}

static const char *const words[] = { "buy", "call", "write", "plan", "milk", "bread", "letter",
	"garden", "dentist", "invoice", "the", "for", "with", "kitchen", "ticket", "report" };

static void add_task(struct buffer *file, uint64_t *state, size_t note)
{
	static const char letters[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

	buffer_add_text(file, TEXT("{\"name\":\""));
	for (uint64_t more = 2 + check_random(state) % 5; more > 0; more--)
		buffer_add_format(file, "%s ", words[check_random(state) % CHECK_COUNT(words)]);
	buffer_add_format(file, "%u\",\"priority\":%u,\"due_date\":\"2030-%02u-%02u\",\"note\":\"",
		(unsigned)(check_random(state) % 1000), (unsigned)(check_random(state) % 4),
		1 + (unsigned)(check_random(state) % 12), 1 + (unsigned)(check_random(state) % 28));
	for (size_t i = 0; i < note; i++)
		buffer_add(file, &letters[check_random(state) % 64], 1);
	buffer_add_text(file, TEXT("\"}"));
}

void coded_fill(const struct harness *h, const struct user *user, int tasks, size_t note)
{
	uint64_t state = 20301;
	struct client client;
	char path[sizeof(user->name) + 32];

	snprintf(path, sizeof(path), "/api/v1/accounts/%s/import", user->name);
	ck_assert(client_open(&client, h->port));
	client.deadline_ms = FILL_DEADLINE_MS;
	while (tasks > 0) {
		struct buffer file = { 0 };

		buffer_add_text(&file, TEXT("{\"tasks\":["));
		for (; tasks > 0 && file.length < FILE_MOST; tasks--) {
			add_task(&file, &state, note);
			buffer_add_text(&file, TEXT(","));
		}
		file.length--; /* the last comma */
		buffer_add(&file, "]}", sizeof("]}"));
		ck_assert(user_send(&client, user, "POST", path, file.data));
		ck_assert_int_eq(user_read_status(&client, "POST"), 200);
		buffer_free(&file);
	}
	client_close(&client);
}
