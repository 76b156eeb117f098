/*
 * base/log.h: what reaches standard error, by a pipe put in its place.
 */
#include "base/log.h"

#include "check_main.h"

#include <jansson.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WRITERS 4
#define LINES 50

struct capture {
	int reader;
	int saved;
};

static struct capture capture_begin(void)
{
	struct capture capture;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	capture.reader = ends[0];
	capture.saved = dup(STDERR_FILENO);
	ck_assert_int_ge(capture.saved, 0);
	ck_assert_int_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	close(ends[1]);
	return capture;
}

/* Everything that was written, terminated; a pipe holds it all until then. */
static void capture_end(struct capture capture, char *to, size_t size)
{
	size_t length = 0;
	ssize_t got;

	ck_assert_int_eq(dup2(capture.saved, STDERR_FILENO), STDERR_FILENO);
	close(capture.saved);
	while ((got = read(capture.reader, to + length, size - 1 - length)) > 0)
		length += (size_t)got;
	to[length] = '\0';
	close(capture.reader);
}

static void check_line(const char *message, const char *expected)
{
	struct capture capture = capture_begin();
	char line[2 * PIPE_BUF];

	log_error("%s", message);
	capture_end(capture, line, sizeof(line));
	ck_assert_str_eq(line, expected);
}

START_TEST(a_message_is_a_line)
{
	struct capture capture = capture_begin();
	char line[256];

	log_error("%s: %d of %d", "cannot open", 3, 4);
	capture_end(capture, line, sizeof(line));
	ck_assert_str_eq(line, "todo: error: cannot open: 3 of 4\n");
	check_line("", "todo: error: \n");
}
END_TEST

START_TEST(text_says_the_level)
{
	struct capture capture = capture_begin();
	char lines[256];

	log_error("%d is out of order", 1);
	log_warning("%d is late", 2);
	log_info("%d is well", 3);
	capture_end(capture, lines, sizeof(lines));
	ck_assert_str_eq(lines, "todo: error: 1 is out of order\n"
				"todo: warning: 2 is late\n"
				"todo: info: 3 is well\n");
}
END_TEST

/* The line's JSON, to be freed; it is one line, and whole. */
static json_t *read_json(const char *line)
{
	json_t *json = json_loads(line, 0, NULL);

	ck_assert_msg(json != NULL, "no JSON: %s", line);
	ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
	ck_assert_uint_le(strlen(line), PIPE_BUF);
	return json;
}

static const struct {
	void (*log)(const char *format, ...);
	const char *level;
} levels[] = { { log_error, "error" }, { log_warning, "warning" }, { log_info, "info" } };

START_TEST(json_says_the_level)
{
	struct capture capture = capture_begin();
	char line[256];

	log_set_form(LOG_JSON);
	levels[_i].log("%s", "it \"is\" so");
	capture_end(capture, line, sizeof(line));
	json_t *json = read_json(line);
	ck_assert_str_eq(json_string_value(json_object_get(json, "level")), levels[_i].level);
	ck_assert_str_eq(json_string_value(json_object_get(json, "msg")), "it \"is\" so");
	json_decref(json);
}
END_TEST

static void expect_in_journal(enum log_form form, ino_t other, const char *const beginnings[])
{
	struct capture capture = capture_begin();
	char stream[64], lines[1024], *rest = lines;
	struct stat status;

	ck_assert_int_eq(fstat(STDERR_FILENO, &status), 0);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)status.st_dev,
		(uintmax_t)(status.st_ino + other));
	ck_assert_int_eq(setenv("JOURNAL_STREAM", stream, 1), 0);
	log_set_form(form);
	for (size_t i = 0; i < CHECK_COUNT(levels); i++)
		levels[i].log("it is so");
	capture_end(capture, lines, sizeof(lines));
	for (size_t i = 0; i < CHECK_COUNT(levels); i++) {
		char *line = strsep(&rest, "\n");
		ck_assert_msg(strncmp(line, beginnings[i], strlen(beginnings[i])) == 0, "%s", line);
	}
	ck_assert_str_eq(rest, "");
}

/* Standard error is not the file that was named: the priority would not be removed. */
START_TEST(the_journal_is_told_the_priority)
{
	expect_in_journal(LOG_TEXT, 0,
		(const char *[]){ "<3>todo: error: ", "<4>todo: warning: ", "<6>todo: info: " });
	expect_in_journal(LOG_JSON, 0, (const char *[]){ "<3>{\"", "<4>{\"", "<6>{\"" });
	expect_in_journal(LOG_TEXT, 1,
		(const char *[]){ "todo: error: ", "todo: warning: ", "todo: info: " });
}
END_TEST

START_TEST(control_characters_come_out_escaped)
{
	static const char *const rows[][2] = {
		{ "a\nb", "todo: error: a\\x0ab\n" },
		{ "\r\t\x1b[31m\x7f", "todo: error: \\x0d\\x09\\x1b[31m\\x7f\n" },
		{ "\xC2\x80\xC2\x9B\xC2\x9F\u00A0",
			"todo: error: \\xc2\\x80\\xc2\\x9b\\xc2\\x9f\u00A0\n" },
		{ "\u00E9\u20AC\U0001F600", "todo: error: \u00E9\u20AC\U0001F600\n" },
		{ "\xC2", "todo: error: \xC2\n" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_line(rows[i][0], rows[i][1]);
}
END_TEST

/* Whatever a message is made of, one line that a pipe takes in one piece. */
START_TEST(a_long_message_is_cut)
{
	static const char *const pieces[] = { "x", "\n", "\xC2\x9B" };
	char message[3 * PIPE_BUF], line[3 * PIPE_BUF];

	for (size_t i = 0; i < CHECK_COUNT(pieces); i++) {
		struct capture capture = capture_begin();

		message[0] = '\0';
		for (size_t n = 0; n < PIPE_BUF; n++)
			memcpy(message + n * strlen(pieces[i]), pieces[i], strlen(pieces[i]) + 1);
		log_error("%s", message);
		capture_end(capture, line, sizeof(line));
		ck_assert_uint_le(strlen(line), PIPE_BUF);
		ck_assert_uint_gt(strlen(line), PIPE_BUF - 16);
		ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
	}
}
END_TEST

/* Wherever it has to be cut, that is between two characters; the rest is as it was said. */
static void expect_cut(const char *character, const char *before, enum log_form form)
{
	char message[4 * PIPE_BUF], line[2 * PIPE_BUF];
	struct capture capture = capture_begin();
	size_t size = strlen(character), length = strlen(before);

	strcpy(message, before);
	for (size_t n = 0; n < 3000; n++, length += size)
		memcpy(message + length, character, size + 1);
	log_set_form(form);
	log_error("%s", message);
	capture_end(capture, line, sizeof(line));
	ck_assert_uint_le(strlen(line), PIPE_BUF);
	ck_assert_uint_gt(strlen(line), PIPE_BUF - 24);
	if (form == LOG_TEXT) {
		line[strlen(line) - 1] = '\0';
		size_t told = strlen(line) - strlen("todo: error: ");
		ck_assert_int_eq(memcmp(line + strlen("todo: error: "), message, told), 0);
		ck_assert_uint_eq((told - strlen(before)) % size, 0);
		return;
	}
	json_t *json = read_json(line);
	const char *told = json_string_value(json_object_get(json, "msg"));
	ck_assert_int_eq(memcmp(told, message, strlen(told)), 0);
	ck_assert_uint_eq((strlen(told) - strlen(before)) % size, 0);
	json_decref(json);
}

START_TEST(a_long_message_is_cut_between_characters)
{
	static const char *const characters[] = { "\u00E9", "\u20AC", "\U0001F600" };
	static const char *const before[] = { "", "x", "xy", "xyz" };

	for (size_t i = 0; i < CHECK_COUNT(characters); i++)
		for (size_t k = 0; k < CHECK_COUNT(before); k++) {
			expect_cut(characters[i], before[k], LOG_TEXT);
			expect_cut(characters[i], before[k], LOG_JSON);
		}
}
END_TEST

/* What is not UTF-8 is quoted as Latin-1, a long one too. */
START_TEST(other_bytes_are_told_in_json)
{
	struct capture capture = capture_begin();
	char message[PIPE_BUF], line[2 * PIPE_BUF];

	memset(message, '\xE9', sizeof(message) - 1);
	message[sizeof(message) - 1] = '\0';
	log_set_form(LOG_JSON);
	log_error("%s", message);
	capture_end(capture, line, sizeof(line));
	json_t *json = read_json(line);
	const char *told = json_string_value(json_object_get(json, "msg"));
	ck_assert_uint_gt(strlen(told), 1000);
	for (size_t i = 0; i < strlen(told); i += strlen("\u00E9"))
		ck_assert_int_eq(strncmp(told + i, "\u00E9", strlen("\u00E9")), 0);
	json_decref(json);
}
END_TEST

static void *write_lines(void *letter)
{
	for (int i = 0; i < LINES; i++)
		log_error("%.*s", 200, (const char *)letter);
	return NULL;
}

START_TEST(lines_of_threads_do_not_mix)
{
	char letters[WRITERS][201], text[65536];
	struct capture capture = capture_begin();
	pthread_t threads[WRITERS];
	char *rest = text;
	int lines = 0;

	for (int i = 0; i < WRITERS; i++) {
		memset(letters[i], 'a' + i, 200);
		letters[i][200] = '\0';
		ck_assert_int_eq(pthread_create(&threads[i], NULL, write_lines, letters[i]), 0);
	}
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	capture_end(capture, text, sizeof(text));
	for (char *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0'; lines++) {
		const char *message = line + strlen("todo: error: ");

		ck_assert_uint_eq(strlen(line), strlen("todo: error: ") + 200);
		ck_assert_int_ge(message[0], 'a');
		ck_assert_str_eq(message, letters[message[0] - 'a']);
	}
	ck_assert_int_eq(lines, WRITERS * LINES);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, a_message_is_a_line);
	tcase_add_test(test_case, text_says_the_level);
	tcase_add_loop_test(test_case, json_says_the_level, 0, CHECK_COUNT(levels));
	tcase_add_test(test_case, the_journal_is_told_the_priority);
	tcase_add_test(test_case, control_characters_come_out_escaped);
	tcase_add_test(test_case, a_long_message_is_cut);
	tcase_add_test(test_case, a_long_message_is_cut_between_characters);
	tcase_add_test(test_case, other_bytes_are_told_in_json);
	tcase_add_test(test_case, lines_of_threads_do_not_mix);
}

int main(void)
{
	return check_main("log", add_tests);
}
