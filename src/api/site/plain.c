/*
 * The page without scripts: forms, each of which leads back to the tasks that it stood beside: all of
 * them, or those of one list. It is not part of the API.
 */
#include "tables.h"
#include "tasks/edit_sql.h"
#include "tasks/tasks.h"
#include "tasks/tree_sql.h"

#include "base/html.h"

#define PLAIN_PAGE "../plain"

/* clang-format off */
static const char login_forms[] =
	"<h1>todo</h1>"
	"<form method=\"post\" action=\"plain/login\"><h2>Log in</h2>"
	"<p><label>Name <input name=\"username\" autocomplete=\"username\" required></label></p>"
	"<p><label>Password <input name=\"password\" type=\"password\""
	" autocomplete=\"current-password\" required></label></p>"
	"<button>Log in</button></form>"
	"<form method=\"post\" action=\"plain/register\"><h2>Sign up</h2>"
	"<p><label>Name <input name=\"username\" autocomplete=\"username\" required></label></p>"
	"<p><label>Password <input name=\"password\" type=\"password\""
	" autocomplete=\"new-password\" required></label></p>"
	"<button>Sign up</button></form>";

static const char add_form[] =
	"/add\"><p><label>New task"
	" <input name=\"name\" required maxlength=\"1000\" autocomplete=\"off\"></label>"
	" <button>Add</button></p></form><ul>";

static const char logout_form[] = "/logout\"><button>Log out</button></form>";

/*
 * The rows in order: the title, which is a list's name or null; the lists; a row that ends those;
 * the tasks; and the end. PLACE is what the addresses of forms begin with, and FRONT those of lists.
 */
enum row { ROW_TITLE, ROW_LIST, ROW_TASKS, ROW_TASK, ROW_END };
enum column { ROW, FRONT, PLACE, ID, NAME, DUE_DATE, COMPLETED, OF_LIST };
/* clang-format on */

static void plain_add(struct buffer *out, const char *html)
{
	buffer_add_text(out, text_of(html));
}

/* The title comes with the first row. */
static void list_begin(struct buffer *out)
{
	(void)out;
}

static void add_title(struct buffer *out, const struct value *row)
{
	bool is_list = row[NAME].type == VALUE_TEXT;

	request_html_begin(out, "Tasks", is_list ? "../" : "");
	plain_add(out, "<h1>");
	html_write_text(out, is_list ? row[NAME].text : text_of("Tasks"));
	plain_add(out, "</h1><nav aria-label=\"Lists\"><ul>");
	if (is_list)
		plain_add(out, "<li><a href=\"../plain\">All tasks</a></li>");
}

/* A list, with the number of its open tasks. */
static void add_list(struct buffer *out, const struct value *row)
{
	plain_add(out, "<li><a href=\"");
	html_write_text(out, row[FRONT].text);
	buffer_add_format(out, "/%lld\">", (long long)row[ID].integer);
	html_write_text(out, row[NAME].text);
	buffer_add_format(out, "</a> <small>%lld to do</small></li>",
		(long long)row[COMPLETED].integer);
}

static void add_forms(struct buffer *out, const struct value *row)
{
	plain_add(out, "</ul></nav><form method=\"post\" action=\"");
	html_write_text(out, row[PLACE].text);
	plain_add(out, add_form);
}

/* A form with one button. */
static void plain_add_action(
	struct buffer *out, const char *action, const struct value *row, const char *more, const char *label)
{
	plain_add(out, " <form method=\"post\" action=\"");
	html_write_text(out, row[PLACE].text);
	buffer_add_format(out,
		"/%s\"><input type=\"hidden\" name=\"id\" value=\"%lld\">%s<button aria-label=\"%s: ",
		action, (long long)row[ID].integer, more, label);
	html_write_text(out, row[NAME].text);
	buffer_add_format(out, "\">%s</button></form>", label);
}

static void add_small(struct buffer *out, struct value value)
{
	if (value.type != VALUE_TEXT)
		return;
	plain_add(out, " <small>");
	html_write_text(out, value.text);
	plain_add(out, "</small>");
}

static void add_task(struct buffer *out, const struct value *row)
{
	bool completed = row[COMPLETED].integer != 0;

	plain_add(out, completed ? "<li><s>" : "<li><span>");
	html_write_text(out, row[NAME].text);
	plain_add(out, completed ? "</s>" : "</span>");
	add_small(out, row[DUE_DATE]);
	add_small(out, row[OF_LIST]);
	if (completed)
		plain_add_action(out, "complete", row,
			"<input type=\"hidden\" name=\"completed\" value=\"false\">", "Open again");
	else
		plain_add_action(out, "complete", row,
			"<input type=\"hidden\" name=\"completed\" value=\"true\">", "Complete");
	plain_add_action(out, "delete", row, "", "Delete");
	plain_add(out, "</li>");
}

static void add_end(struct buffer *out, const struct value *row)
{
	plain_add(out, "</ul><form method=\"post\" action=\"");
	html_write_text(out, row[FRONT].text);
	plain_add(out, logout_form);
}

static void list_row(struct buffer *out, const struct value *row)
{
	static void (*const add[])(struct buffer *, const struct value *) = {
		[ROW_TITLE] = add_title,
		[ROW_LIST] = add_list,
		[ROW_TASKS] = add_forms,
		[ROW_TASK] = add_task,
		[ROW_END] = add_end,
	};

	add[row[ROW].integer](out, row);
}

static void list_close(struct buffer *out)
{
	request_html_end(out);
}

static const struct row_format list_writing = { NULL, NULL, list_begin, list_row, list_close };

static void show_login_forms(struct request *request)
{
	struct buffer out = { 0 };

	request_html_begin(&out, "todo", "");
	plain_add(&out, login_forms);
	request_html_end(&out);
	request_reply_html(request, 200, &out);
}

static void visitor_known(struct request *request)
{
	if (request_value(request, "asker")->type == VALUE_NULL) {
		show_login_forms(request);
		return;
	}
	if (request_value(request, "is_gone")->integer != 0) {
		request_refuse(request, 404, "There is no such list here.");
		return;
	}
	request_set_row_format(request, &list_writing);
	request_exec(request, SQL, request_reply);
}

static void plain_start(struct request *request)
{
	request_exec(request, LOOKUP_SQL, visitor_known);
}

/* clang-format off */
#define LIVE_LIST "SELECT id FROM lists WHERE account_id = $account AND deleted_date = '' AND id = $list"

/* The columns of enum column, and what the rows are sorted by. */
#define PLAIN_ROW(row, front, place, id, name, due_date, completed, of_list, part, position) \
	"SELECT " row " AS row, '" front "' AS front, " place " AS place, " id " AS id, " name " AS name, " due_date " AS due_date, " \
	completed " AS completed, " of_list " AS of_list, " part " AS part, " position " AS position"
#define NAME_OF(list) \
	"(SELECT name FROM lists WHERE account_id = $account AND deleted_date = '' AND id = " list ")"
#define OPEN_TASKS_OF(list) \
	"(SELECT count(*) FROM tasks WHERE " LIVE " AND list = " list " AND completed = 0)"
#define PLAIN_ROWS(front, place, title, of_list, where) \
	PLAIN_ROW("0", front, place, "0", title, "NULL", "0", "NULL", "0", "0.0") \
	" UNION ALL " \
	PLAIN_ROW("1", front, place, "l.id", "l.name", "NULL", OPEN_TASKS_OF("l.id"), "NULL", "0", "l.position") \
	" FROM lists l WHERE l.account_id = $account AND l.deleted_date = '' AND l.archived = 0" \
	" UNION ALL " PLAIN_ROW("2", front, place, "0", "NULL", "NULL", "0", "NULL", "0", "0.0") \
	" UNION ALL " PLAIN_ROW("3", front, place, "id", "name", "due_date", "completed", of_list, "completed", "position") \
	" FROM tasks WHERE " LIVE where \
	" UNION ALL " PLAIN_ROW("4", front, place, "0", "NULL", "NULL", "0", "NULL", "0", "0.0") \
	" ORDER BY row, part, position, id"

#define VISITOR \
	"SELECT account_id AS asker, account_id AS account FROM sessions WHERE token = $session_token" \
	" AND name IS NULL AND expires > $now", \
	"SELECT " ACCOUNT_VISIBLE " FROM accounts WHERE id = $account"

#define PLAIN_COMPLETE(at) \
	.method	= POST, \
	.path	= at "/complete", \
	.html	= true, \
	.access	= SESSION, \
	.input	= { \
		{ "id",		IN_BODY, INPUT_INTEGER, .required = true, .min = 1, .max = INT64_MAX }, \
		{ "completed",	IN_BODY, INPUT_BOOL, .required = true }, \
	}, \
	.value	= { EDIT_VALUES, TASK_FIELDS(TASK_SLOT, TASK_SKIP, TASK_SLOT, ) \
		TASK_FIELDS(TASK_GIVEN_SLOT, TASK_SKIP, TASK_GIVEN_SLOT, ) }, \
	.sql	= { EDIT_STATEMENTS, "SELECT $id AS id" }, \
	.step	= EDIT_STEPS

#define PLAIN_DELETE(at) \
	.method	= POST, \
	.path	= at "/delete", \
	.html	= true, \
	.access	= SESSION, \
	.input	= { { "id", IN_BODY, INPUT_INTEGER, .required = true, .min = 1, .max = INT64_MAX } }, \
	.value	= { INTEGER_SLOT("text"), TREE_VALUES }, \
	.sql	= { DELETE_TREE }, \
	.step	= DELETE_STEPS

const struct endpoint plain_endpoints[] = {
	{
		.method	= GET,
		.path	= "/plain",
		.html	= true,
		.start	= plain_start,
		.value	= { INTEGER_SLOT("is_gone") },
		.lookup_sql	= { VISITOR },
		.sql	= { PLAIN_ROWS("plain", "'plain'", "NULL", NAME_OF("tasks.list"), "") },
		.array	= "tasks",
	},
	{
		.method	= GET,
		.path	= "/plain/{list}",
		.html	= true,
		.start	= plain_start,
		.value	= { INTEGER_SLOT("is_gone") },
		.lookup_sql	= { VISITOR, "SELECT NOT EXISTS (" LIVE_LIST ") AS is_gone" },
		.sql	= { PLAIN_ROWS("../plain", "CAST($list AS TEXT)", NAME_OF("$list"), "NULL", " AND list = $list") },
		.array	= "tasks",
	},
	{
		.method	= POST,
		.path	= "/plain/add",
		.html	= true,
		.access	= SESSION,
		.input	= { { "name", IN_BODY, INPUT_LINE, .required = true, .max = 1000 } },
		.value	= { TASK_FIELDS(TASK_SLOT, TASK_SKIP, TASK_SKIP, ) TEXT_SLOT("due_order") },
		.sql	= {
			CREATE_PLAIN_TASK,
			"SELECT id FROM tasks WHERE " NEW_TASK " AND id = " NEXT_REVISION,
		},
		.limit	= "max_tasks",
		.below_limit_sql = BELOW_MAX_TASKS,
		.see_other = PLAIN_PAGE,
	},
	{ /* of a list that is gone meanwhile: it goes to the inbox, for nothing that was typed is lost */
		.method	= POST,
		.path	= "/plain/{list}/add",
		.html	= true,
		.access	= SESSION,
		.input	= { { "name", IN_BODY, INPUT_LINE, .required = true, .max = 1000 } },
		.value	= { TASK_FIELDS(TASK_SLOT, TASK_SKIP, TASK_SLOT, ) TEXT_SLOT("due_order"), TEXT_SLOT("uid") },
		.sql	= {
			"SELECT (" LIVE_LIST ") AS list",
			CREATE_TASK,
			"SELECT id FROM tasks WHERE " NEW_TASK " AND id = " NEXT_REVISION,
		},
		.limit	= "max_tasks",
		.below_limit_sql = BELOW_MAX_TASKS,
		.see_other = ".",
	},
	{
		PLAIN_COMPLETE("/plain"),
		.see_other = PLAIN_PAGE,
	},
	{
		PLAIN_COMPLETE("/plain/{list}"),
		.see_other = ".",
	},
	{
		PLAIN_DELETE("/plain"),
		.see_other = PLAIN_PAGE,
	},
	{
		PLAIN_DELETE("/plain/{list}"),
		.see_other = ".",
	},
	{
		.method	= POST,
		.path	= "/plain/logout",
		.html	= true,
		.access	= SESSION,
		.sql	= { "DELETE FROM sessions WHERE account_id = $asker AND id = $session" },
		.cookie	= COOKIE_CLEARED,
		.any_time = true,
		.see_other = PLAIN_PAGE,
	},
	{ 0 },
};
