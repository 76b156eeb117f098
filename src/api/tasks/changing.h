/*
 * What statements that change tasks or lists have in common: revisions, groups, and how much one
 * transaction may change.
 */
#ifndef API_CHANGING_H
#define API_CHANGING_H

#include "tasks/visible.h"

/* For one task of the trash by its id. Without this SQLite would scan the whole trash. */
#define TRASH_BY_ID "tasks" SQL_BY_INDEX("tasks_in_trash")

/*
 * Every change of a task takes the next revision; the triggers log the change. A constraint that
 * fails there is a fault of the server.
 */
#define NEXT_REVISION "$newest + 1"
#define UPDATE_SET(tasks)                                                                          \
	"UPDATE" SQL_OR_ROLLBACK " " tasks " SET revision = " NEXT_REVISION ", changed = $now, "
#define UPDATE_TASKS_SET UPDATE_SET("tasks")

/* A revision for each row, after those of the statements before. */
#define NUMBERED_BY(id)                                                                            \
	"(SELECT revision FROM accounts WHERE id = $account) + row_number() OVER (ORDER BY " id ")"
#define NUMBERED NUMBERED_BY("id")

/* The changes of one transaction form one group, and have the time of the server. */
#define GROUP_CHANGES                                                                              \
	"UPDATE changes SET first = $newest + 1, time = $now"                                      \
	" WHERE account_id = $account AND revision > $newest"

/*
 * The tasks and the bytes of notes that one transaction may change, so that other accounts do not
 * wait. A larger change runs in slices of SLICE_TASKS, or fewer if the notes are long.
 */
#define SMALL_TASKS "1000"
#define NOTE_BYTES SQL_BYTES("note")
#define SMALL_TEXT "4194304"
#define SLICE_TASKS "256"
#define SLICE_TEXT "524288"
#define MOVED_TASKS "10000" /* in one transaction, that only go along with one: about 150 ms */
#define REMOVED_TASKS "64" /* in one step of the removal of hidden rows */

#endif
