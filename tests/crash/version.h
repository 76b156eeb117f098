/*
 * Files of earlier versions, and what a file holds, as text that can be compared.
 */
#ifndef TESTS_CRASH_VERSION_H
#define TESTS_CRASH_VERSION_H

#include "base/buffer.h"
#include "past.h"

#include <stdbool.h>

/*
 * Make the file by this SQL of tests/crash, and then more of it, in WAL mode; with leave_log all of it lies in the log
 * alone, as a server leaves it that was killed.
 */
void version_make(const char *file, const char *sql_name, const char *then, bool leave_log);

/* What a file of an earlier version may be like; the first is the usual one of version 1. */
enum {
	VERSION_1_FIRST = 2,
	VERSION_1_LATE,
	VERSION_2,
	VERSION_2_WITH_LOG,
	VERSION_3,
	VERSION_3_WITH_LOG,
	VERSION_4,
	VERSION_4_WITH_LOG,
	VERSION_FILES,
};

struct version_file {
	int version;
	void (*make)(const char *file);
};
extern const struct version_file version_files[VERSION_FILES];

/* The name of the copy that is made of such a file. */
#define VERSION_NAME_SIZE 160
void version_copy_name(char name[VERSION_NAME_SIZE], const char *file, int version);

/* A server of today on such a file, as a killed one has left it; past_remove() ends it. */
void version_serve(struct past *past, struct user *ann, const char *sql_name);

/* An account of the file, by the token of one of its sessions. */
void version_user(struct user *user, const char *name, const char *token);

/* Expects the log to begin with this; with "", that it says nothing of versions. */
void version_expect_said(const struct past *past, const char *said);

/* Open the file as a server does and close it again. NULL; or why not, to be freed. */
char *version_open(const char *file);

/* The same, and it has to be opened. */
void version_expect_opened(const char *file);

/* Not opened, and the word is in the one line that says why. */
void version_expect_refused(const char *file, const char *word);

/* The text of a file, terminated, to be freed with buffer_free(). */
struct buffer version_read_file(const char *file);

/*
 * The tables, indices and triggers of a database: their SQL without comments, in the order of their
 * names. Terminated; freed with buffer_free().
 */
struct buffer version_schema(const char *file);

/*
 * Everything that a database holds: version, schema, and every row, the types of its values
 * included, in the order of its columns. Its integrity is checked. Terminated; freed with
 * buffer_free().
 */
struct buffer version_dump(const char *file);

/* Expects two texts to be the same, shows where they part, and frees the first. */
void version_expect_same(struct buffer text, const struct buffer *expected);

/* The names in the folder, sorted, with a space between them; to be freed with buffer_free(). */
struct buffer version_folder(const char *folder);

#endif
