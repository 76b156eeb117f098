#include "transfer/list_rows.h"

/* clang-format off */
#define LIST_MEMBERS \
	{ "id", SCHEMA_INTEGER }, \
	{ "name", SCHEMA_TEXT }, \
	{ "color", SCHEMA_TEXT }, \
	{ "headings", "{\"type\":\"array\",\"maxItems\":100,\"items\":{\"type\":\"string\"}}" }, \
	{ "position", SCHEMA_NUMBER }, \
	{ "archived", SCHEMA_BOOL }, \
	{ "open", SCHEMA_INTEGER }, \
	{ "creation_date", SCHEMA_TIME }, \
	{ "modified_date", SCHEMA_TIME }, \
	{ "revision", SCHEMA_INTEGER }
/* clang-format on */

static const struct member list_members[] = { LIST_MEMBERS, { 0 } };
const struct shape list_shape = { "List", list_members };

static const struct member trashed_list_members[] = { LIST_MEMBERS, { "deleted_date", SCHEMA_TIME },
	{ 0 } };
const struct shape trashed_list_shape = { "TrashedList", trashed_list_members };
