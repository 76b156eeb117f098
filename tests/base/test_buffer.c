/*
 * base/buffer.h, and what happens where the memory ends.
 */
#include "base/buffer.h"

#include "base/memory.h"
#include "check_main.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The sanitizers' allocators shall answer NULL, as the plain one does. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static bool buffer_is(const struct buffer *buffer, const char *expected)
{
	struct text text = { buffer->data, buffer->length };

	return text_equal(text, text_of(expected));
}

START_TEST(what_is_added_stands_in_order)
{
	struct buffer buffer = { 0 };

	buffer_add(&buffer, NULL, 0);
	buffer_add_text(&buffer, (struct text){ NULL, 0 });
	ck_assert_uint_eq(buffer.length, 0);
	buffer_add(&buffer, "one", 3);
	buffer_add_text(&buffer, TEXT(" two"));
	buffer_add_format(&buffer, " %s %d%%", "three", 4);
	buffer_add_format(&buffer, "%s", "");
	ck_assert(buffer_is(&buffer, "one two three 4%"));
	buffer_free(&buffer);
}
END_TEST

START_TEST(free_leaves_an_empty_buffer)
{
	struct buffer buffer = { 0 };

	buffer_free(&buffer);
	for (int i = 0; i < 2; i++) {
		buffer_add_text(&buffer, TEXT("again"));
		ck_assert(buffer_is(&buffer, "again"));
		buffer_free(&buffer);
		ck_assert_ptr_null(buffer.data);
		ck_assert_uint_eq(buffer.length, 0);
		ck_assert_uint_eq(buffer.capacity, 0);
	}
}
END_TEST

START_TEST(reserve_makes_room_behind_the_end)
{
	struct buffer buffer = { 0 };

	ck_assert_ptr_nonnull(buffer_reserve(&buffer, 0));
	buffer_add_text(&buffer, TEXT("head"));
	for (size_t more = 0; more < 5000; more = more * 2 + 1) {
		char *to = buffer_reserve(&buffer, more);

		ck_assert_ptr_eq(to, buffer.data + buffer.length);
		ck_assert_uint_ge(buffer.capacity - buffer.length, more);
		memset(to, '!', more);
		ck_assert(buffer_is(&buffer, "head"));
	}
	buffer_free(&buffer);
}
END_TEST

/* Pieces of every length, through many growths, and none of them moved or lost. */
START_TEST(growth_keeps_every_byte)
{
	struct buffer buffer = { 0 };
	char piece[512];
	size_t at = 0;

	for (size_t length = 0; length < sizeof(piece); length++) {
		memset(piece, (int)(length & 0xFF), length);
		buffer_add(&buffer, piece, length);
	}
	for (size_t length = 0; length < sizeof(piece); length++) {
		for (size_t i = 0; i < length; i++)
			ck_assert_uint_eq((unsigned char)buffer.data[at++], length & 0xFF);
	}
	ck_assert_uint_eq(buffer.length, at);
	buffer_free(&buffer);
}
END_TEST

/* A byte at a time moves the buffer a few times, not each time. */
START_TEST(growth_doubles)
{
	struct buffer buffer = { 0 };
	size_t capacity = 0;
	int growths = 0;

	for (int i = 0; i < 1 << 20; i++) {
		buffer_add(&buffer, "x", 1);
		growths += buffer.capacity != capacity;
		capacity = buffer.capacity;
	}
	ck_assert_int_le(growths, 21);
	buffer_free(&buffer);
}
END_TEST

START_TEST(formats_of_any_length_fit)
{
	char expected[1025];

	for (size_t length = 1; length < sizeof(expected); length++) {
		struct buffer buffer = { 0 };

		memset(expected, 'f', length);
		expected[length] = '\0';
		buffer_add_format(&buffer, "%*s", (int)length, "");
		buffer.length = 0;
		buffer_add_format(&buffer, "%s", expected);
		ck_assert(buffer_is(&buffer, expected));
		buffer_free(&buffer);
	}
}
END_TEST

START_TEST(memory_is_zeroed_copied_and_resized)
{
	char *zeroed = memory_zeroed(1000);
	char *copy = memory_copy("text", 2);
	char *empty = memory_copy(NULL, 0);
	char *grown = memory_allocate(3);

	for (size_t i = 0; i < 1000; i++)
		ck_assert_int_eq(zeroed[i], 0);
	ck_assert_str_eq(copy, "te");
	ck_assert_str_eq(empty, "");
	memcpy(grown, "abc", 3);
	grown = memory_resize(grown, 1 << 20);
	ck_assert_mem_eq(grown, "abc", 3);
	grown = memory_resize(grown, 0);
	ck_assert_ptr_nonnull(grown);
	free(memory_zeroed(0));
	free(zeroed);
	free(copy);
	free(empty);
	free(grown);
}
END_TEST

/* Pieces of their own, aligned for anything; the leak checker knows whether all are freed. */
START_TEST(kept_memory_goes_with_its_list)
{
	unsigned char *pieces[64];
	struct arena *list = NULL;

	arena_free(&list);
	for (size_t i = 0; i < CHECK_COUNT(pieces); i++) {
		pieces[i] = arena_alloc(&list, i);
		ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		memset(pieces[i], (int)i, i);
	}
	for (size_t i = 0; i < CHECK_COUNT(pieces); i++) {
		for (size_t at = 0; at < i; at++)
			ck_assert_uint_eq(pieces[i][at], i);
	}
	arena_free(&list);
	ck_assert_ptr_null(list);
}
END_TEST

static void use_too_much(int how)
{
	struct buffer buffer = { 0 };

	buffer_add_text(&buffer, TEXT("some"));
	switch (how) {
	case 0:
		memory_zeroed(SIZE_MAX / 2);
		break;
	case 1:
		memory_resize(buffer.data, SIZE_MAX / 2);
		break;
	case 2:
		buffer_reserve(&buffer, SIZE_MAX / 2);
		break;
	default:
		buffer_reserve(&buffer, SIZE_MAX - 1); /* more than size_t holds, with "some" */
		break;
	}
}

/* In a process of its own: how it ends, and its standard error. */
static int end_of_memory(int how, char *words, size_t size)
{
	int status = 0, pipe_ends[2];
	size_t length = 0;
	ssize_t got;
	pid_t child;

	ck_assert_int_eq(pipe(pipe_ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		signal(SIGABRT, SIG_DFL);
		dup2(pipe_ends[1], STDERR_FILENO);
		use_too_much(how);
		_exit(0);
	}
	close(pipe_ends[1]);
	while ((got = read(pipe_ends[0], words + length, size - 1 - length)) > 0)
		length += (size_t)got;
	words[length] = '\0';
	close(pipe_ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

START_TEST(the_end_of_memory_ends_the_program)
{
	char words[8192];

	for (int how = 0; how < 4; how++) {
		int status = end_of_memory(how, words, sizeof(words));

		ck_assert(WIFSIGNALED(status));
		ck_assert_int_eq(WTERMSIG(status), SIGABRT);
		ck_assert_ptr_nonnull(strstr(words, "todo: error: out of memory\n"));
	}
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, what_is_added_stands_in_order);
	tcase_add_test(test_case, free_leaves_an_empty_buffer);
	tcase_add_test(test_case, reserve_makes_room_behind_the_end);
	tcase_add_test(test_case, growth_keeps_every_byte);
	tcase_add_test(test_case, growth_doubles);
	tcase_add_test(test_case, formats_of_any_length_fit);
	tcase_add_test(test_case, memory_is_zeroed_copied_and_resized);
	tcase_add_test(test_case, kept_memory_goes_with_its_list);
	tcase_add_test(test_case, the_end_of_memory_ends_the_program);
}

int main(void)
{
	return check_main("buffer", add_tests);
}
