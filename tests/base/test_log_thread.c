/*
 * base/log.h while its thread runs, in a process of its own whose standard error is a pipe: what
 * is logged comes out, and a pipe that is not read holds up no caller.
 */
#include "base/log.h"

#include "check_main.h"
#include "deadline.h"

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINES 10000 /* that fit into the buffer */
#define FLOOD 60000 /* and that do not */
#define PATIENCE_MS 60000

/* The other process, the reading end of its standard error, and of a pipe that says how far it is. */
struct other {
	pid_t pid;
	int log, done;
};

static void begin(struct other *other, void (*run)(int done))
{
	int log[2], done[2];

	ck_assert_int_eq(pipe(log) | pipe(done), 0);
	other->pid = fork();
	ck_assert_int_ge(other->pid, 0);
	if (other->pid == 0) {
		dup2(log[1], STDERR_FILENO);
		close(log[0]);
		close(log[1]);
		close(done[0]);
		run(done[1]);
		_exit(0);
	}
	close(log[1]);
	close(done[1]);
	other->log = log[0];
	other->done = done[0];
}

/* Everything that it logs until its end, terminated, to be freed. */
static char *read_log(struct other *other)
{
	size_t size = 8 << 20, length = 0;
	char *text = malloc(size);
	ssize_t got;

	ck_assert_ptr_nonnull(text);
	while ((got = read(other->log, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	return text;
}

static int end(struct other *other)
{
	int status;

	ck_assert_int_eq(waitpid(other->pid, &status, 0), other->pid);
	close(other->log);
	close(other->done);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void log_numbers(int count)
{
	char line[128];

	for (int i = 0; i < count; i++) {
		int length = snprintf(line, sizeof(line), "line %d %048d\n", i, 0);
		log_line(line, (size_t)length);
	}
}

/* The numbers of the lines are in order; how many there are, and how many were dropped. */
static int count_lines(char *text, int *dropped)
{
	int lines = 0, last = -1, number;
	char *rest = text;

	*dropped = 0;
	for (char *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0';) {
		if (sscanf(line, "todo: warning: %d lines of the log were dropped", &number) == 1) {
			*dropped += number;
			continue;
		}
		CHECK_THAT(sscanf(line, "line %d ", &number) == 1 && number > last, "%s", line);
		last = number;
		lines++;
	}
	return lines;
}

static void log_and_stop(int done)
{
	(void)done;
	log_start();
	log_numbers(LINES);
	log_stop();
	log_error("the end");
}

START_TEST(all_is_written_in_order)
{
	struct other other;
	int dropped;

	begin(&other, log_and_stop);
	char *text = read_log(&other), *last = strstr(text, "todo: error: the end\n");

	ck_assert_ptr_nonnull(last);
	ck_assert_str_eq(last, "todo: error: the end\n");
	*last = '\0';
	ck_assert_int_eq(count_lines(text, &dropped), LINES);
	ck_assert_int_eq(dropped, 0);
	ck_assert_int_eq(end(&other), 0);
	free(text);
}
END_TEST

/* More than the buffer holds, while it is not read: the rest is dropped, and reported later. */
static void flood(int done)
{
	log_start();
	log_numbers(FLOOD);
	if (log_dropped() == 0 || write(done, "", 1) != 1 || !log_flush(PATIENCE_MS))
		_exit(1);
	log_numbers(LINES);
	if (!log_flush(PATIENCE_MS))
		_exit(2);
	log_stop();
}

START_TEST(a_full_pipe_holds_nobody_up)
{
	struct other other;
	int dropped, lines;
	char *text, *again;

	begin(&other, flood);
	ck_assert(deadline_poll(other.done, POLLIN, deadline_in(PATIENCE_MS)) & POLLIN);
	text = read_log(&other);
	ck_assert_int_eq(end(&other), 0);
	again = strstr(text, "\nline 0 ");
	ck_assert_ptr_nonnull(again);
	*again = '\0';
	lines = count_lines(text, &dropped);
	ck_assert_int_gt(dropped, 0);
	ck_assert_int_eq(lines + dropped, FLOOD);
	ck_assert_int_eq(count_lines(again + 1, &dropped), LINES);
	ck_assert_int_eq(dropped, 0);
	free(text);
}
END_TEST

static void flood_and_stop(int done)
{
	(void)done;
	log_start();
	log_numbers(FLOOD);
	log_stop();
	log_error("nobody is held up now either");
}

START_TEST(the_end_does_not_wait_for_ever)
{
	struct other other;

	begin(&other, flood_and_stop);
	ck_assert(deadline_poll(other.done, POLLIN, deadline_in(PATIENCE_MS)) & POLLHUP);
	ck_assert_int_eq(end(&other), 0);
}
END_TEST

/* As another process may do it. */
static void log_to_a_nonblocking_pipe(int done)
{
	fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
	log_and_stop(done);
}

START_TEST(a_nonblocking_pipe_loses_nothing)
{
	struct other other;
	int dropped;

	begin(&other, log_to_a_nonblocking_pipe);
	char *text = read_log(&other), *last = strstr(text, "todo: error: the end\n");

	ck_assert_ptr_nonnull(last);
	*last = '\0';
	ck_assert_int_eq(count_lines(text, &dropped), LINES);
	ck_assert_int_eq(end(&other), 0);
	free(text);
}
END_TEST

static void log_and_abort(int done)
{
	(void)done;
	log_start();
	log_error("last words");
	abort();
}

START_TEST(a_process_that_aborts_says_why)
{
	struct other other;

	begin(&other, log_and_abort);
	char *text = read_log(&other);

	ck_assert_str_eq(text, "todo: error: last words\n");
	ck_assert_int_eq(end(&other), 128 + SIGABRT);
	free(text);
}
END_TEST

static void log_as_json(int done)
{
	static char cut[3 * 4096];

	(void)done;
	log_set_form(LOG_JSON);
	log_error("%s", "a \"b\" \\ c\n\x1b \xC2\x9B \u20AC");
	log_error("%s", "\xE9t\xE9");
	memset(cut, 'x', sizeof(cut) - 1);
	log_error("%s", cut);
	for (size_t i = 0; i + 3 < sizeof(cut); i += 3)
		memcpy(cut + i, "\u20AC", 3);
	log_error("%s", cut);
}

START_TEST(errors_come_as_json)
{
	static const char *const messages[] = { "a \"b\" \\ c\n\x1b \xC2\x9B \u20AC",
		"\u00E9t\u00E9", NULL, NULL };
	struct other other;

	begin(&other, log_as_json);
	char *text = read_log(&other), *rest = text;

	for (size_t i = 0; i < CHECK_COUNT(messages); i++) {
		json_t *line = json_loads(strsep(&rest, "\n"), JSON_REJECT_DUPLICATES, NULL);
		const char *message = json_string_value(json_object_get(line, "msg"));

		ck_assert_msg(message, "line %zu", i);
		ck_assert_str_eq(json_string_value(json_object_get(line, "level")), "error");
		ck_assert_ptr_nonnull(json_string_value(json_object_get(line, "time")));
		if (messages[i])
			ck_assert_str_eq(message, messages[i]);
		else
			ck_assert_uint_gt(strlen(message), 4000);
		json_decref(line);
	}
	ck_assert_str_eq(rest, "");
	ck_assert_int_eq(end(&other), 0);
	free(text);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, all_is_written_in_order);
	tcase_add_test(test_case, a_full_pipe_holds_nobody_up);
	tcase_add_test(test_case, the_end_does_not_wait_for_ever);
	tcase_add_test(test_case, a_nonblocking_pipe_loses_nothing);
	tcase_add_test(test_case, a_process_that_aborts_says_why);
	tcase_add_test(test_case, errors_come_as_json);
}

int main(void)
{
	return check_main("log_thread", add_tests);
}
