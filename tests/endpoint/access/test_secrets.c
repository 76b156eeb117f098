/*
 * What was told in confidence does not stay in the server's memory: once a request is over, nothing
 * of its password or its token is found in what the process can write to.
 */
#include "deadline.h"
#include "fixture.h"

#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#define ACCOUNTS "/api/v1/accounts"
#define LOGIN ACCOUNTS "/login"
#define JSON "Content-Type: application/json\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define PATIENCE_MS 20000
#define PIECE ((size_t)1 << 20)
#define MAPPING_MOST ((uint64_t)1 << 30) /* longer ones are a sanitizer's own */
#define TOKENS_MOST 16

/* Whatever a password is, it has these words. */
#define SECRET "zebra-quartz"

static struct client client;
static char token[HARNESS_TOKEN_SIZE]; /* of the last reply that had one */
static char tokens[TOKENS_MOST][HARNESS_TOKEN_SIZE];
static int token_count;

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	token_count = 0;
}

static void teardown(void)
{
	client_close(&client);
	fixture_teardown();
}

static void note_token(const char *body)
{
	json_t *json = json_loads(body, 0, NULL);
	const char *made = json_string_value(json_object_get(json, "token"));

	if (made != NULL) {
		ck_assert_int_lt(token_count, TOKENS_MOST);
		snprintf(token, sizeof(token), "%s", made);
		snprintf(tokens[token_count++], sizeof(token), "%s", made);
	}
	json_decref(json);
}

/* A request in the name of the last session, if there is one. */
static void ask(
	const char *method, const char *path, const char *type, const char *body, int expected)
{
	struct reply reply;
	char request[2048];
	int size = snprintf(request, sizeof(request),
		"%s %s HTTP/1.1\r\nHost: localhost\r\n%s%s%s%sContent-Length: %zu\r\n\r\n%s",
		method, path, type, token[0] != '\0' ? "Authorization: Bearer " : "", token,
		token[0] != '\0' ? "\r\n" : "", strlen(body), body);

	ck_assert_uint_lt((size_t)size, sizeof(request));
	ck_assert(client_send(&client, request, (size_t)size));
	ck_assert(client_read(&client, method, &reply));
	ck_assert_msg(reply.status == expected, "%s %s: %d", method, path, reply.status);
	note_token(reply.body);
	reply_free(&reply);
}

/* Whether the bytes are found in a part of the process's memory. */
static bool mapping_has(int memory, uint64_t from, uint64_t to, const char *word)
{
	static char piece[PIECE + HARNESS_TOKEN_SIZE];
	size_t length = strlen(word), kept = 0;

	for (uint64_t at = from; at < to;) {
		size_t want = to - at < PIECE ? (size_t)(to - at) : PIECE;
		ssize_t got = pread(memory, piece + kept, want, (off_t)at);
		if (got <= 0)
			return false;
		if (memmem(piece, kept + (size_t)got, word, length) != NULL)
			return true;
		size_t all = kept + (size_t)got;
		kept = all < length - 1 ? all : length - 1;
		memmove(piece, piece + all - kept, kept);
		at += (uint64_t)got;
	}
	return false;
}

static bool process_has(const char *word)
{
	char path[64], line[512], mode[8];
	uint64_t from, to;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)h.pid);
	FILE *maps = fopen(path, "re");
	ck_assert_ptr_nonnull(maps);
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)h.pid);
	int memory = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(memory, 0);
	while (!found && fgets(line, sizeof(line), maps) != NULL) {
		ck_assert_int_eq(sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s", &from, &to, mode), 3);
		if (mode[1] == 'w' && to - from < MAPPING_MOST)
			found = mapping_has(memory, from, to, word);
	}
	close(memory);
	fclose(maps);
	return found;
}

/* The reply comes before the request is freed, and the connection ends later still. */
static void expect_forgotten(const char *word)
{
	long until = deadline_in(PATIENCE_MS);
	bool found;

	while ((found = process_has(word)) && deadline_in(0) < until)
		deadline_pause();
	ck_assert_msg(!found, "'%s' is still there", word);
}

static void expect_all_forgotten(void)
{
	client_close(&client);
	expect_forgotten(SECRET);
	for (int i = 0; i < token_count; i++)
		expect_forgotten(tokens[i]);
	ck_assert(client_open(&client, h.port));
}

/* The search finds what is there: a name that the options gave. */
START_TEST(search_finds_what_is_there)
{
	ck_assert(process_has(h.folder));
	ck_assert(client_send(&client, "POST " SECRET, strlen("POST " SECRET)));
	long until = deadline_in(PATIENCE_MS);
	while (!process_has(SECRET)) {
		ck_assert(deadline_in(0) < until);
		deadline_pause();
	}
	expect_all_forgotten();
}
END_TEST

START_TEST(secrets_are_forgotten)
{
	ask("POST", ACCOUNTS, JSON, "{\"username\":\"ann\",\"password\":\"json " SECRET "\"}", 201);
	expect_all_forgotten();
	ask("POST", LOGIN, JSON, "{\"username\":\"ann\",\"password\":\"json " SECRET "\"}", 200);
	ask("POST", LOGIN, JSON, "{\"username\":\"ann\",\"password\":\"wrong " SECRET "\"}", 401);
	ask("POST", LOGIN, FORM, "username=ann&password=json+" SECRET, 200);
	ask("POST", LOGIN, FORM, "username=ann&password=" SECRET, 401);
	expect_all_forgotten();
	ask("PATCH", ACCOUNTS "/ann", JSON,
		"{\"password\":\"next " SECRET "\",\"password2\":\"next " SECRET
		"\",\"current_password\":\"json " SECRET "\"}",
		200);
	ask("PUT", ACCOUNTS "/ann", FORM,
		"password=" SECRET "&password2=" SECRET "&current_password=next%20" SECRET, 200);
	expect_all_forgotten();
	ask("POST", ACCOUNTS "/ann/tokens", JSON, "{\"name\":\"program\",\"scope\":\"read\"}", 201);
	expect_all_forgotten();
}
END_TEST

/* What is refused, and what cannot be read. */
START_TEST(secrets_of_others_are_forgotten)
{
	ask("POST", ACCOUNTS, JSON, "{\"username\":\"a b\",\"password\":\"" SECRET "\"}", 422);
	ask("POST", ACCOUNTS, JSON, "{\"username\":\"ann\",\"password\":[\"" SECRET "\"]}", 422);
	ask("POST", ACCOUNTS, JSON, "{\"username\":\"ann\",\"password\":\"" SECRET "\"", 400);
	ask("POST", LOGIN, FORM, "username=ann&password=" SECRET "&password=" SECRET, 400);
	ask("POST", LOGIN, "Content-Type: text/plain\r\n", SECRET, 415);
	expect_all_forgotten();
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, search_finds_what_is_there);
	tcase_add_test(test_case, secrets_are_forgotten);
	tcase_add_test(test_case, secrets_of_others_are_forgotten);
}

int main(void)
{
	return check_main("secrets", add);
}
