/*
 * Which tasks a statement sees.
 */
#ifndef API_VISIBLE_H
#define API_VISIBLE_H

#include "endpoint/endpoint.h"

/*
 * Conditions on the tasks of $account; for one task add its id. Rows that a large change has
 * staged, or has deleted and not removed yet, are not visible: see accounts.bulk in schema.sql.
 * Almost all rows are visible, so the index is not used for that.
 */
#define VISIBLE(id)                                                                                \
	SQL_NOT_BY_INDEX(id) " <= $newest AND " id " NOT BETWEEN $hidden_from AND $hidden_to"
#define LIVE "account_id = $account AND deleted_date = '' AND " VISIBLE("id")
#define IN_TRASH                                                                                   \
	"account_id = $account AND deleted_date > '' AND " VISIBLE("id") " AND revision > "        \
									 "$emptied"

/* The columns of accounts that these conditions need. */
#define ACCOUNT_VISIBLE "revision AS newest, hidden_from, hidden_to, emptied"

#endif
