/*
 * base/options.h: the words of a command line are read up to their ends, and no further. Each word
 * ends where the memory does, so that a byte behind it cannot be read.
 */
#include "base/options.h"

#include "check_main.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define WORDS_MOST 3

/* A copy behind whose terminator nothing can be read; it goes with the process. */
static char *word_at_end(const char *word)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size = strlen(word) + 1;
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(pages, MAP_FAILED);
	ck_assert_int_eq(mprotect(pages + page, page, PROT_NONE), 0);
	return memcpy(pages + page - size, word, size);
}

static const struct {
	const char *words[WORDS_MOST];
	int next;	   /* what options_read() gives */
	const char *fault; /* where that is -1 */
	const char *port;
} rows[] = {
	{ { NULL }, 1, NULL, NULL },
	{ { "-" }, -1, "-: no such option", NULL },
	{ { "--" }, -1, "--: no such option", NULL },
	{ { "-x" }, -1, "-x: no such option", NULL },
	{ { "-port", "80" }, -1, "-port: no such option", NULL },
	{ { "--=" }, -1, "--=: no such option", NULL },
	{ { "--por" }, -1, "--por: no such option", NULL },
	{ { "--port" }, -1, "--port: wants a value", NULL },
	{ { "--port=" }, 2, NULL, "" },
	{ { "--port=80" }, 2, NULL, "80" },
	{ { "--port", "80" }, 3, NULL, "80" },
	{ { "--port", "-" }, 3, NULL, "-" },
	{ { "--port", "80", "-" }, -1, "-: no such option", "80" },
	{ { "--help=" }, -1, "--help=: takes no value", NULL },
	{ { "--help", "" }, 2, NULL, NULL },
	{ { "", "--help" }, 1, NULL, NULL },
	{ { "command", "-" }, 1, NULL, NULL },
};

START_TEST(words_are_read_to_their_ends)
{
	struct option_row options[] = { { .name = "port", .argument = "N" }, { .name = "help" },
		{ 0 } };
	char *argv[WORDS_MOST + 2] = { word_at_end("todo") };
	char *why = NULL;
	int argc = 1;

	for (int i = 0; i < WORDS_MOST && rows[_i].words[i] != NULL; i++)
		argv[argc++] = word_at_end(rows[_i].words[i]);
	ck_assert_int_eq(options_read(argc, argv, options, &why), rows[_i].next);
	ck_assert_pstr_eq(why, rows[_i].fault);
	ck_assert_pstr_eq(options[0].value, rows[_i].port);
	free(why);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_loop_test(test_case, words_are_read_to_their_ends, 0, CHECK_COUNT(rows));
}

int main(void)
{
	return check_main("options", add);
}
