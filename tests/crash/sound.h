/*
 * What has to hold in a database whatever has happened to it, and what one account's part of it is.
 * Any thread; the functions share nothing.
 */
#ifndef TESTS_CRASH_SOUND_H
#define TESTS_CRASH_SOUND_H

#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* An account as it stands: equal ones have the same tasks, trash and number of sessions. */
struct state {
	int64_t revision;     /* -1: there is no such account */
	int64_t sessions;     /* that are open */
	int64_t last_session; /* the newest one's id */
	uint64_t digest;      /* of all its tasks; 0: not known */
};

/* Opens the file as the server does (a log beside it is read); NULL: it cannot be read. */
sqlite3 *sound_open(const char *file);

/*
 * The same of a copy of the killed server's todo.sqlite in the folder, log and all: whoever reads a log
 * folds it, and the next start has to find it as it is.
 */
sqlite3 *sound_open_copy(const char *folder);

/* Whether a query gives this text. */
bool sound_is(sqlite3 *db, const char *sql, const char *wanted);

/*
 * Whether the file is sound and nothing in it is half there; `why` takes what is not. Of an account
 * whose large change was broken off, what its user sees is judged.
 */
bool sound_check(sqlite3 *db, char why[256]);

/* The same, and all that large changes and deleted accounts have left behind was removed. */
bool sound_swept(sqlite3 *db, char why[256]);

struct state sound_state(sqlite3 *db, const char *username);

/* The digest of lists as the server shows them. */
uint64_t sound_digest(const json_t *tasks, const json_t *trash);

/* Whether they may be the same: a digest that is not known is equal to any. */
bool state_equal(const struct state *a, const struct state *b);

#endif
