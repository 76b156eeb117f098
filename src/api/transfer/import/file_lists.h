/*
 * The lists of a file, and those of the account that are the same. A list of a file that has ids is
 * the same as one of the account of equal name and creation date. In a file that has names alone it
 * is the first of that name. The others are made. One owner at a time, any thread.
 */
#ifndef API_IMPORT_FILE_LISTS_H
#define API_IMPORT_FILE_LISTS_H

#include "base/buffer.h"
#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define FILE_LIST_HEADINGS 100

/* A list as its record in the file says; texts are copied. Dates may be empty. */
struct file_list {
	int64_t id; /* of the file; 0: none */
	struct text name, color;
	json_t *headings; /* an array of strings, or NULL; taken over */
	double position;
	bool has_position, is_archived;
	struct text creation_date, modified_date, deleted_date;
};

struct file_lists;

struct file_lists *file_lists_new(void);
void file_lists_free(struct file_lists *lists); /* NULL is none */

/* Returns its index. */
int file_lists_add(struct file_lists *lists, const struct file_list *list);

/* The index of the list with this name in a file without ids; it is added if it is not there. */
int file_lists_named(struct file_lists *lists, struct text name);

int file_lists_count(const struct file_lists *lists);

/*
 * Compare with the lists of the account: a JSON array of [id, name, creation date, whether it is in
 * the trash, headings]. It may be called again.
 */
void file_lists_take_known(struct file_lists *lists, struct text json);

/* After that: how many the account has, and how many are made. */
int64_t file_lists_known(const struct file_lists *lists);
int64_t file_lists_made(const struct file_lists *lists);

/* The index of the list with this id in the file; -1: none. */
int file_lists_find(const struct file_lists *lists, int64_t id);

/* The id of the account's list, or the negated number of the one that is made. */
int64_t file_lists_target(const struct file_lists *lists, int index);
bool file_lists_is_trashed(const struct file_lists *lists, int index);

/*
 * Whether a list of the account or of the file has the heading, by its target. One that is made gets
 * it at its end, while there is room.
 */
bool file_lists_take_heading(struct file_lists *lists, int64_t target, struct text heading);

/*
 * Those that are made, as a JSON array of arrays: number, deleted date, name, color, headings (as
 * text), position or null, 0 or 1 for archived, creation date, modified date. Dates that were not
 * given are "".
 */
void file_lists_write(const struct file_lists *lists, struct buffer *out);

#endif
