/*
 * A server whose file gets a past: rows are set back from a connection beside it, while it runs or
 * between two of its runs, as if so much time had gone by. On that connection triggers do nothing,
 * so that setting back is no change of its own.
 *
 * SQL is a format of sqlite3_mprintf(): %% for a percent sign. How long ago something was is said in
 * SQLite's words, "31 days", and others may follow: "30 days','+5 minutes".
 */
#ifndef TESTS_PAST_H
#define TESTS_PAST_H

#include "user.h"

#include <sqlite3.h>

/* A date of the rows, so far from now. */
#define AGO(shift) "strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ','now','-" shift "')"

#define OF(account) "account_id = (SELECT id FROM accounts WHERE username = '" account "')"

struct past {
	struct harness h;
	struct client client; /* of the server while it runs */
	sqlite3 *file;
};

/* A new folder and a running server with the default options; in the end it must stop in peace. */
void past_make(struct past *past);
void past_remove(struct past *past);

/* The same, and two accounts in it: ann and bob. */
void past_make_two(struct past *past, struct user *ann, struct user *bob);

/* Stop the server (with all that it had still to do), and start it again on the same file. */
void past_stop(struct past *past);
void past_start(struct past *past);

/* past_start() with --keep-days, where it is not NULL, and with an environment. */
void past_start_keeping(struct past *past, const char *days, const char *const *environment);

/*
 * Requests of an account: `under` is what comes behind /api/v1/accounts/NAME. The status must be
 * the expected one; the reply is to be freed.
 */
json_t *past_ask(struct past *past, const struct user *user, const char *method, const char *under,
	const char *body, int expected);

/* The same, and nothing but the status matters. */
void past_expect(struct past *past, const struct user *user, const char *method, const char *under,
	const char *body, int expected);

/* The integer member of the reply to a GET. */
int64_t past_member(
	struct past *past, const struct user *user, const char *under, const char *member);

/* How many elements the array of a GET's reply has. */
size_t past_count(struct past *past, const struct user *user, const char *under, const char *array);

/* A batch of tasks with names "WORD 1", "WORD 2", ...; 1,000 at most. */
void past_fill(struct past *past, const struct user *user, const char *word, int count);

/* A batch that deletes the account's tasks with ids from first to last. */
void past_trash(struct past *past, const struct user *user, int64_t first, int64_t last);

/* Change rows directly; the number that a query reads. */
void past_set(struct past *past, const char *sql, ...);
int64_t past_number(struct past *past, const char *sql, ...);

/* Tasks in the trash, with ids from first to last, were deleted so long ago. */
void past_set_deleted(
	struct past *past, const struct user *user, int64_t first, int64_t last, const char *ago);

/* The account's changes up to this revision were made so long ago. */
void past_set_changed(
	struct past *past, const struct user *user, int64_t revision, const char *ago);

/* A task, and changes of its name to "word 2", "word 3", ...: so many changes in all. */
void past_make_changes(struct past *past, const struct user *user, int count);

/* Changes from `oldest` to `newest` are told, and what was before them is not known. */
void past_expect_kept(struct past *past, const struct user *user, int64_t oldest, int64_t newest);

/* Expects the number that a query reads to become this one before the deadline. */
void past_await(struct past *past, int64_t expected, const char *sql, ...);

/* The words have caught up with every account's changes, without anyone having asked. */
void past_await_words(struct past *past);

#endif
