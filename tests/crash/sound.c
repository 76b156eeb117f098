/* Rules over the schema, each a query that counts what breaks it. */
#include "sound.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS                                                                                    \
	"id, revision, name, note, completed, priority, due_date, tags, list, heading, parent,"    \
	" repeat, reminders"

/*
 * What there is for the users: what a large change has staged, or has taken away and not removed yet,
 * is hidden. That is there only while it says so in accounts.bulk.
 */
#define IS_SEEN                                                                                    \
	"t.id <= a.revision AND t.id NOT BETWEEN a.hidden_from AND a.hidden_to"                    \
	" AND NOT (t.deleted_date > '' AND t.revision <= a.emptied)"
#define VIEWS                                                                                      \
	"CREATE TEMP VIEW seen_tasks AS SELECT t.* FROM tasks t"                                   \
	" JOIN accounts a ON a.id = t.account_id WHERE " IS_SEEN ";"                               \
	"CREATE TEMP VIEW seen_lists AS SELECT t.* FROM lists t"                                   \
	" JOIN accounts a ON a.id = t.account_id WHERE " IS_SEEN ";"                               \
	"CREATE TEMP VIEW seen_changes AS SELECT c.* FROM changes c"                               \
	" JOIN accounts a ON a.id = c.account_id WHERE c.revision <= a.revision;"

#define LIVE_TAGS                                                                                  \
	"SELECT tasks.account_id, value AS tag, tasks.id FROM tasks, json_each(tags)"              \
	" WHERE deleted_date = ''"
#define INDEXED                                                                                    \
	"SELECT (t.account_id << 40) + t.id AS at, t.name, t.note, t.tags FROM seen_tasks t"       \
	" JOIN accounts a ON a.id = t.account_id"                                                  \
	" WHERE t.deleted_date = '' AND t.revision <= a.searched"
#define LAST_CHANGES                                                                               \
	"(SELECT account_id, id, max(revision) AS revision, now_deleted, is_list FROM seen_changes" \
	" GROUP BY account_id, id)"

/* Of a task t: no large change is made of the account, slice by slice in everybody's sight. */
#define AT_REST " AND (SELECT bulk_first FROM accounts a WHERE a.id = t.account_id) = 0"

/* Rows of an account that is neither there nor on its way out. */
#define ORPHANS(table, account)                                                                    \
	"(SELECT count(*) FROM " table " WHERE " account " NOT IN (SELECT id FROM accounts)"       \
	" AND " account " NOT IN (SELECT id FROM deleted_accounts))"

static const struct {
	const char *says;
	const char *broken; /* how many rows break it */
} rules[] = {
	{ "every foreign key leads somewhere", "SELECT count(*) FROM pragma_foreign_key_check" },
	{ "a tag in the index is on its task",
		"SELECT count(*) FROM (SELECT account_id, tag, id FROM task_tags EXCEPT " LIVE_TAGS
		")" },
	{ "a task's tags are in the index",
		"SELECT count(*) FROM (" LIVE_TAGS " EXCEPT SELECT account_id, tag, id FROM "
		"task_tags)" },
	{ "an account's revision is that of its last change, and none is missing before it",
		"SELECT count(*) FROM accounts a WHERE revision <>"
		" (SELECT count(*) FROM seen_changes WHERE account_id = a.id) OR revision <>"
		" (SELECT ifnull(max(revision), 0) FROM seen_changes WHERE account_id = a.id)" },
	{ "an account knows how many tasks it has",
		"SELECT count(*) FROM accounts a WHERE tasks <>"
		" (SELECT count(*) FROM seen_tasks WHERE account_id = a.id)" },
	{ "a row belongs to an account, or to one that is being removed",
		"SELECT " ORPHANS("tasks", "account_id") " + " ORPHANS("lists",
			"account_id") " + " ORPHANS("changes", "account_id") " + " ORPHANS("answers",
			"account_id") " + " ORPHANS("words", "rowid >> 40") },
	{ "an account is there, or it is being removed",
		"SELECT count(*) FROM accounts JOIN deleted_accounts USING (id)" },
	{ "without a large change nothing is hidden",
		"SELECT (SELECT count(*) FROM accounts WHERE bulk = 0"
		"  AND (hidden_from <> 0 OR hidden_to <> 0 OR bulk_first <> 0 OR bulk_left <> 0))"
		" + (SELECT count(*) FROM tasks t JOIN accounts a ON a.id = t.account_id"
		"  WHERE a.bulk = 0 AND NOT (" IS_SEEN "))"
		" + (SELECT count(*) FROM lists t JOIN accounts a ON a.id = t.account_id"
		"  WHERE a.bulk = 0 AND NOT (" IS_SEEN "))"
		" + (SELECT count(*) FROM changes c JOIN accounts a ON a.id = c.account_id"
		"  WHERE a.bulk = 0 AND c.revision > a.revision)" },
	{ "a due date sorts as it is",
		"SELECT count(*) FROM tasks WHERE due_order"
		" IS NOT coalesce(replace(due_date, 'T00:00:00Z', ''), '~')" },
	{ "a task is as its last change left it",
		"SELECT count(*) FROM seen_tasks t LEFT JOIN " LAST_CHANGES " c"
		" ON c.account_id = t.account_id AND c.id = t.id"
		" WHERE c.revision IS NOT t.revision OR c.now_deleted IS NOT t.deleted_date" },
	{ "a task that was not deleted for good is there",
		"SELECT count(*) FROM " LAST_CHANGES " c WHERE now_deleted IS NOT NULL AND is_list = 0"
		" AND NOT EXISTS (SELECT 1 FROM seen_tasks t"
		" WHERE t.account_id = c.account_id AND t.deleted_date = c.now_deleted"
		" AND t.id = c.id)" },
	{ "a list is as its last change left it",
		"SELECT count(*) FROM seen_lists t LEFT JOIN " LAST_CHANGES " c"
		" ON c.account_id = t.account_id AND c.id = t.id"
		" WHERE c.revision IS NOT t.revision OR c.now_deleted IS NOT t.deleted_date"
		" OR c.is_list <> 1" },
	{ "a list that was not deleted for good is there",
		"SELECT count(*) FROM " LAST_CHANGES " c WHERE now_deleted IS NOT NULL AND is_list = 1"
		" AND NOT EXISTS (SELECT 1 FROM seen_lists t"
		" WHERE t.account_id = c.account_id AND t.deleted_date = c.now_deleted"
		" AND t.id = c.id)" },
	{ "an id is one of a task or of a list, and stays that",
		"SELECT count(*) FROM (SELECT account_id, id FROM changes GROUP BY account_id, id"
		" HAVING min(is_list) <> max(is_list))" },
	{ "a list in the trash knows since when, and no other one does",
		"SELECT count(*) FROM lists l JOIN accounts a ON a.id = l.account_id"
		" WHERE a.bulk = 0 AND ((deleted_date > '') <> (gone_since > 0)"
		"  OR gone_since > l.revision)" },
	{ "a live task is in the inbox, or in a list that is there, under one of its headings",
		"SELECT count(*) FROM tasks t JOIN accounts a ON a.id = t.account_id"
		" LEFT JOIN lists l ON l.account_id = t.account_id AND l.deleted_date = '' AND l.id = t.list"
		" WHERE a.bulk = 0 AND t.deleted_date = '' AND t.list IS NOT NULL AND (l.id IS NULL"
		"  OR (t.heading IS NOT NULL AND t.heading NOT IN (SELECT value FROM json_each(l.headings))))" },
	{ "a task is plain where it has nothing rare",
		"SELECT count(*) FROM tasks WHERE is_plain <> (list IS NULL AND heading IS NULL"
		" AND parent IS NULL AND start_date IS NULL AND repeat IS NULL AND repeat_from IS NULL"
		" AND reminders IS NULL)" },
	{ "a change says to which group it belongs",
		"SELECT count(*) FROM seen_changes c WHERE first > revision OR NOT EXISTS (SELECT 1"
		" FROM seen_changes f WHERE f.account_id = c.account_id AND f.revision = c.first"
		" AND f.first = f.revision)" },
	{ "a group lies together",
		"SELECT count(*) FROM seen_changes c WHERE first <> revision AND NOT EXISTS"
		" (SELECT 1 FROM seen_changes b WHERE b.account_id = c.account_id"
		"  AND b.revision = c.revision - 1 AND b.first = c.first)" },
	{ "that a group was taken back is said by its first change, and names what did so",
		"SELECT count(*) FROM seen_changes c WHERE undone IS NOT NULL AND (first <> "
		"revision"
		" OR NOT EXISTS (SELECT 1 FROM seen_changes u WHERE u.account_id = c.account_id"
		"  AND u.revision = c.undone AND u.first = u.revision"
		"  AND u.kind IN ('undo', 'back')))" },
	{ "between what an undo took back as the newest, and that undo, nothing is left to undo",
		"SELECT count(*) FROM (SELECT c.revision, c.first, c.kind, c.undone, max(u.revision)"
		"  OVER (PARTITION BY c.account_id ORDER BY c.revision"
		"   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS back"
		"  FROM seen_changes c LEFT JOIN seen_changes u"
		"  ON u.account_id = c.account_id AND u.revision = c.undone AND u.kind = 'back')"
		" WHERE back > revision AND first = revision AND kind IN ('change', 'purge')"
		" AND undone IS NULL" },
	{ "a task has a parent that is there as it is, in the same list",
		"SELECT count(*) FROM seen_tasks t WHERE deleted_date = '' AND parent IS NOT NULL" AT_REST
		" AND NOT EXISTS (SELECT 1 FROM seen_tasks p WHERE p.account_id = t.account_id"
		"  AND p.deleted_date = '' AND p.id = t.parent AND p.list IS t.list)" },
	{ "a task is at most 8 deep, and not below itself",
		"WITH RECURSIVE up (account_id, parent, depth) AS"
		" (SELECT account_id, parent, 1 FROM seen_tasks WHERE deleted_date = ''"
		"  UNION ALL SELECT p.account_id, p.parent, depth + 1 FROM up JOIN seen_tasks p"
		"  ON p.account_id = up.account_id AND p.deleted_date = '' AND p.id = up.parent"
		"  WHERE depth < 10)"
		" SELECT count(*) FROM up WHERE depth > 8" },
	{ "a task is in a list that is there as it is, or in none",
		"SELECT count(*) FROM seen_tasks t WHERE deleted_date = '' AND list IS NOT NULL" AT_REST
		" AND NOT EXISTS (SELECT 1 FROM lists l WHERE l.account_id = t.account_id"
		"  AND l.deleted_date = '' AND l.id = t.list)" },
	{ "a task's heading is one of its list",
		"SELECT count(*) FROM seen_tasks t WHERE deleted_date = '' AND heading IS NOT NULL" AT_REST
		" AND NOT EXISTS (SELECT 1 FROM lists l, json_each(l.headings) h"
		"  WHERE l.account_id = t.account_id AND l.deleted_date = '' AND l.id = t.list"
		"  AND h.value = t.heading)" },
	{ "the words do not run ahead", "SELECT count(*) FROM accounts WHERE searched > revision" },
	{ "a task that the words have seen is in them as it is",
		"SELECT count(*) FROM (" INDEXED " EXCEPT SELECT rowid, name, note, tags"
		" FROM words)" },
	{ "what the words know is a task of now, or has changed since",
		"SELECT count(*) FROM words w JOIN accounts a ON a.id = w.rowid >> 40"
		" WHERE w.rowid NOT IN (SELECT at FROM (" INDEXED "))"
		" AND NOT EXISTS (SELECT 1 FROM seen_changes c WHERE c.account_id = a.id"
		"  AND c.id = w.rowid & (1 << 40) - 1 AND c.revision > a.searched)" },
	{ "the newest session's id is at least that of each",
		"SELECT count(*) FROM sessions s JOIN accounts a ON a.id = s.account_id"
		" WHERE s.id > a.last_session" },
};

/* A file that has no tables yet has no views either; nobody looks at them then. */
sqlite3 *sound_open(const char *file)
{
	sqlite3 *db;

	if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(db, 10000); /* the server may be at work */
		sqlite3_exec(db, VIEWS, NULL, NULL, NULL);
		return db;
	}
	sqlite3_close(db);
	return NULL;
}

sqlite3 *sound_open_copy(const char *folder)
{
	char command[512], file[160];

	snprintf(command, sizeof(command),
		"cd %s && mkdir -p copy && rm -f copy/* && cp todo.sqlite* copy/", folder);
	if (system(command) != 0)
		return NULL;
	snprintf(file, sizeof(file), "%s/copy/todo.sqlite", folder);
	return sound_open(file);
}

/* The text that a query gives, to be freed; a fault's message where it fails. */
static char *query_text(sqlite3 *db, const char *sql, const char *parameter)
{
	sqlite3_stmt *stmt = NULL;
	char *text = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK) {
		if (parameter)
			sqlite3_bind_text(stmt, 1, parameter, -1, SQLITE_STATIC);
		int code = sqlite3_step(stmt);
		if (code == SQLITE_ROW)
			text = strdup((const char *)sqlite3_column_text(stmt, 0));
		else if (code == SQLITE_DONE)
			text = strdup("");
	}
	if (!text)
		text = strdup(sqlite3_errmsg(db));
	sqlite3_finalize(stmt);
	return text;
}

static bool query_is(
	sqlite3 *db, const char *sql, const char *wanted, const char *says, char why[256])
{
	char *text = query_text(db, sql, NULL);
	bool same = strcmp(text, wanted) == 0;

	if (!same)
		snprintf(why, 256, "%s: %s", says, text);
	free(text);
	return same;
}

bool sound_check(sqlite3 *db, char why[256])
{
	if (!query_is(db, "PRAGMA integrity_check", "ok", "integrity_check", why))
		return false;
	if (!query_is(db, "INSERT INTO words (words) VALUES ('integrity-check')", "",
		    "the words are sound", why))
		return false;
	for (size_t n = 0; n < sizeof(rules) / sizeof(*rules); n++)
		if (!query_is(db, rules[n].broken, "0", rules[n].says, why))
			return false;
	return true;
}

bool sound_is(sqlite3 *db, const char *sql, const char *wanted)
{
	char why[256];

	return query_is(db, sql, wanted, "", why);
}

bool sound_swept(sqlite3 *db, char why[256])
{
	return query_is(db,
		       "SELECT (SELECT count(*) FROM accounts WHERE bulk <> 0)"
		       " + (SELECT count(*) FROM deleted_accounts)",
		       "0", "what is left behind is swept", why) &&
	       sound_check(db, why);
}

/* FNV-1a of the text, behind what came before. */
static uint64_t hash_add(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash;
}

uint64_t sound_digest(const json_t *tasks, const json_t *trash)
{
	static const char *const members[] = { "id", "revision", "name", "note", "completed",
		"priority", "due_date", "tags", "list", "heading", "parent", "repeat", "reminders" };
	const json_t *const lists[] = { tasks, trash };
	uint64_t hash = 0xcbf29ce484222325;
	size_t index;
	json_t *task;

	for (size_t list = 0; list < 2; list++) {
		hash = hash_add(hash, list ? " trash " : " tasks ");
		json_array_foreach (lists[list], index, task) {
			json_t *row = json_array();
			for (size_t n = 0; n < sizeof(members) / sizeof(*members); n++)
				json_array_append(row, json_object_get(task, members[n]));
			char *text = json_dumps(row, JSON_COMPACT);
			hash = hash_add(hash, text);
			free(text);
			json_decref(row);
		}
	}
	return hash ? hash : 1;
}

/* A list as the server would show it. */
static json_t *list_read(sqlite3 *db, const char *username, bool trash)
{
	char sql[1024];

	snprintf(sql, sizeof(sql),
		"SELECT json_group_array(json_object('id', id, 'revision', revision, 'name', name,"
		" 'note', note, 'completed', json(iif(completed, 'true', 'false')), 'priority',"
		" priority, 'due_date', due_date, 'tags', json(tags), 'list', list, 'heading',"
		" heading, 'parent', parent, 'repeat', repeat, 'reminders',"
		" json(ifnull(reminders, '[]')))) FROM (SELECT " MEMBERS
		" FROM seen_tasks"
		" WHERE account_id = (SELECT id FROM accounts WHERE username = ?1)"
		" AND (deleted_date > '') = %d ORDER BY deleted_date, id)",
		trash);
	char *text = query_text(db, sql, username);
	json_t *list = json_loads(text, 0, NULL);
	free(text);
	return list;
}

struct state sound_state(sqlite3 *db, const char *username)
{
	struct state state = { .revision = -1 };
	char *text = query_text(db,
		"SELECT revision || ' ' || last_session || ' ' ||"
		" (SELECT count(*) FROM sessions WHERE account_id = accounts.id)"
		" FROM accounts WHERE username = ?1",
		username);
	long long revision, last, sessions;

	if (sscanf(text, "%lld %lld %lld", &revision, &last, &sessions) == 3) {
		json_t *tasks = list_read(db, username, false);
		json_t *trash = list_read(db, username, true);
		state = (struct state){ revision, sessions, last, sound_digest(tasks, trash) };
		json_decref(tasks);
		json_decref(trash);
	}
	free(text);
	return state;
}

bool state_equal(const struct state *a, const struct state *b)
{
	return a->revision == b->revision && a->sessions == b->sessions &&
	       a->last_session == b->last_session &&
	       (a->digest == b->digest || a->digest == 0 || b->digest == 0);
}
