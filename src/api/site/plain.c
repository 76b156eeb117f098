/*
 * The page without scripts: forms, each of which leads back to the list. It is not part of the API.
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

static const char list_top[] =
	"<h1>Tasks</h1>"
	"<form method=\"post\" action=\"plain/add\"><p><label>New task"
	" <input name=\"name\" required maxlength=\"1000\" autocomplete=\"off\"></label>"
	" <button>Add</button></p></form><ul>";

static const char list_end[] =
	"</ul><form method=\"post\" action=\"plain/logout\"><button>Log out</button></form>";
/* clang-format on */

static void plain_add(struct buffer *out, const char *html)
{
	buffer_add_text(out, text_of(html));
}

static void list_begin(struct buffer *out)
{
	request_html_begin(out, "Tasks", "");
	plain_add(out, list_top);
}

/* A form with one button. */
static void plain_add_action(struct buffer *out, const char *action, int64_t id, const char *more,
	const char *label, struct text name)
{
	buffer_add_format(out,
		" <form method=\"post\" action=\"plain/%s\">"
		"<input type=\"hidden\" name=\"id\" value=\"%lld\">%s"
		"<button aria-label=\"%s: ",
		action, (long long)id, more, label);
	html_write_text(out, name);
	buffer_add_format(out, "\">%s</button></form>", label);
}

/* id, name, due_date, completed */
static void list_row(struct buffer *out, const struct value *row)
{
	int64_t id = row[0].integer;
	struct text name = row[1].text;
	bool completed = row[3].integer != 0;

	plain_add(out, completed ? "<li><s>" : "<li><span>");
	html_write_text(out, name);
	plain_add(out, completed ? "</s>" : "</span>");
	if (row[2].type == VALUE_TEXT) {
		plain_add(out, " <small>");
		html_write_text(out, row[2].text);
		plain_add(out, "</small>");
	}
	if (completed)
		plain_add_action(out, "complete", id,
			"<input type=\"hidden\" name=\"completed\" value=\"false\">", "Open again",
			name);
	else
		plain_add_action(out, "complete", id,
			"<input type=\"hidden\" name=\"completed\" value=\"true\">", "Complete",
			name);
	plain_add_action(out, "delete", id, "", "Delete", name);
	plain_add(out, "</li>");
}

static void list_close(struct buffer *out)
{
	plain_add(out, list_end);
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
	request_set_row_format(request, &list_writing);
	request_exec(request, SQL, request_reply);
}

static void plain_start(struct request *request)
{
	request_exec(request, LOOKUP_SQL, visitor_known);
}

/* clang-format off */
const struct endpoint plain_endpoints[] = {
	{
		.method	= GET,
		.path	= "/plain",
		.html	= true,
		.start	= plain_start,
		.lookup_sql	= {
			"SELECT account_id AS asker, account_id AS account FROM sessions WHERE token = $session_token"
			" AND name IS NULL AND expires > $now",
			"SELECT " ACCOUNT_VISIBLE " FROM accounts WHERE id = $account",
		},
		.sql	= {
			"SELECT id, name, due_date, completed FROM tasks WHERE " LIVE
			" ORDER BY completed, position, id",
		},
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
	{
		.method	= POST,
		.path	= "/plain/complete",
		.html	= true,
		.access	= SESSION,
		.input	= {
			{ "id",		IN_BODY, INPUT_INTEGER, .required = true, .min = 1,
				.max = INT64_MAX },
			{ "completed",	IN_BODY, INPUT_BOOL, .required = true },
		},
		.value	= { EDIT_VALUES, TASK_FIELDS(TASK_SLOT, TASK_SKIP, TASK_SLOT, )
			TASK_FIELDS(TASK_GIVEN_SLOT, TASK_SKIP, TASK_GIVEN_SLOT, ) },
		.sql	= { EDIT_STATEMENTS, "SELECT $id AS id" },
		.step	= EDIT_STEPS,
		.see_other = PLAIN_PAGE,
	},
	{
		.method	= POST,
		.path	= "/plain/delete",
		.html	= true,
		.access	= SESSION,
		.input	= { { "id", IN_BODY, INPUT_INTEGER, .required = true, .min = 1,
			.max = INT64_MAX } },
		.value	= { INTEGER_SLOT("text"), TREE_VALUES },
		.sql	= { DELETE_TREE },
		.step	= DELETE_STEPS,
		.see_other = PLAIN_PAGE,
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
