/* Replies in gzip, and tasks that are worth it. Each thread brings its own client. */
#ifndef TESTS_CODED_H
#define TESTS_CODED_H

#include "user.h"

#define CODED_HEADER "Accept-Encoding: gzip\r\n"

/* Whether the reply says that it is in gzip. */
bool coded_is(struct reply *reply);

/*
 * The bytes that the reply's body is the coding of, to be freed, with a NUL after them. NULL where
 * it is anything but one whole member of gzip (RFC 1952), or where something follows that.
 */
char *coded_decode(const struct reply *reply, size_t *size);

/*
 * Imports so many tasks, with names like those that people write and notes of so many bytes of
 * letters that hardly repeat.
 */
void coded_fill(const struct harness *h, const struct user *user, int tasks, size_t note);

#endif
