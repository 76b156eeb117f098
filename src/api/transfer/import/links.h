/*
 * What the tasks of a file refer to: their list, their parent, and their uid. The file is read
 * first, in any order of its records; then the account is asked which uids it has; then each
 * reference is resolved. What cannot stay as the file says is mended and told.
 *
 * A task of the file is made, unless its uid is in the account, or earlier in the file. What refers
 * to such a task refers to the one that is there. Ids of what is made are numbers from 1 on, which
 * the caller adds to a revision. One owner at a time, any thread.
 */
#ifndef API_IMPORT_LINKS_H
#define API_IMPORT_LINKS_H

#include "base/buffer.h"
#include "transfer/import/file_lists.h"

#include <stdbool.h>
#include <stdint.h>

#define LINKS_DEEPEST 8 /* levels of tasks, the topmost counted */
#define LINKS_ASKED 1000 /* uids at once */

/* A task as its record in the file says. */
struct link {
	int64_t id;	/* its own; 0: none */
	int64_t list;	/* the id of a list; 0: none */
	int64_t parent; /* the id of a task; 0: none */
	int list_index; /* in place of the id: of file_lists; -1: none */
	struct text parent_uid; /* in place of the id; empty: none */
	struct text uid;	/* empty: none */
	struct text heading;	/* empty: none */
	bool is_trashed;
	const char *place; /* in the file: a JSON pointer or "/line/7" */
};

/* What becomes of it. Of list and parent: an id, or the negated number of what is made; 0: none. */
struct link_target {
	int64_t list;
	int64_t parent;
	int64_t number; /* its own; 0: it is not made */
	bool loses_heading, loses_uid;
};

struct links;

struct links *links_new(void);
void links_free(struct links *links); /* NULL is none */

/* Texts and the place are copied. */
void links_add(struct links *links, const struct link *link);

/* After the last one. It takes O(n log n). */
void links_sort(struct links *links);

/*
 * The next uids to ask the account for, from *at on, which begins as 0: as a JSON array, and those
 * of the form "BASE57" as an array of their numbers, too. Those above newest are of no task yet:
 * they are left out of the file. False if there are none any more.
 */
bool links_ask(struct links *links, size_t *at, struct text uid_base, int64_t newest,
	struct buffer *uids, struct buffer *ids);

/*
 * The answer: a JSON array of [uid, id, list, whether it is in the trash, depth].
 */
void links_take_known(struct links *links, struct text json);

/*
 * Resolve all references, by the lists with their ids or numbers. tell() is called for each that is
 * mended, with its place and a constant sentence. It may be called again, after links_forget().
 */
void links_resolve(struct links *links, struct file_lists *lists,
	void (*tell)(void *owner, const char *place, const char *sentence), void *owner);

/* Forget what the account has. */
void links_forget(struct links *links);

/* After links_resolve(): the n-th task, from 0 on; how many are made, and how many are not. */
struct link_target links_target(const struct links *links, size_t n);
int64_t links_made(const struct links *links);
int64_t links_left_out(const struct links *links);

#endif
