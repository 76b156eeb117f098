/*
 * The lists of an account as files have them.
 */
#ifndef API_LIST_ROWS_H
#define API_LIST_ROWS_H

#include "tasks/tasks.h"

#define LIST_COLUMNS                                                                               \
	"id, name, color, headings AS \"headings:json\", position, archived AS \"archived:bool\"," \
	" (SELECT count(*) FROM tasks t WHERE t.account_id = lists.account_id"                     \
	" AND t.deleted_date = '' AND t.list = lists.id AND t.completed = 0 AND " VISIBLE("t.id")  \
	") AS open, creation_date, modified_date, revision"
#define SELECT_ALL_LISTS                                                                           \
	"SELECT " LIST_COLUMNS " FROM lists WHERE account_id = $account AND deleted_date = ''"     \
	" ORDER BY position, id"
#define SELECT_TRASHED_LISTS                                                                       \
	"SELECT " LIST_COLUMNS ", deleted_date FROM lists"                                         \
	" WHERE account_id = $account AND deleted_date > '' ORDER BY deleted_date, id"

extern const struct shape list_shape;
extern const struct shape trashed_list_shape;

#endif
