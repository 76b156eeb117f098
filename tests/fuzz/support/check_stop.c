/*
 * A check that fails ends a fuzz target at once: there is no runner of Check's that would hear of
 * it, but libFuzzer, which keeps the input of a program that aborts.
 */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void _ck_assert_failed(const char *file, int line, const char *expr, const char *msg, ...)
{
	va_list arguments;

	fprintf(stderr, "%s:%d: %s: ", file, line, expr);
	va_start(arguments, msg);
	if (msg != NULL)
		vfprintf(stderr, msg, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	abort();
}

void _mark_point(const char *file, int line)
{
	(void)file;
	(void)line;
}
