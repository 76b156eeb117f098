-- The whole store of todo, version 5. It is embedded in the program and run once, on a new file.
-- Dates are text, "YYYY-MM-DDTHH:MM:SSZ" or a day alone: both sort as text, and read well in a shell.

PRAGMA application_id = 0x746f646f; -- "todo"

-- Who may come in.
CREATE TABLE accounts (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,	-- none comes twice
	username	TEXT NOT NULL COLLATE NOCASE UNIQUE,	-- as it was registered
	email		TEXT COLLATE NOCASE UNIQUE,
	password	TEXT NOT NULL,				-- Argon2id, libsodium's own string form
	date_joined	TEXT NOT NULL,
	last_session	INTEGER NOT NULL DEFAULT 0,		-- the newest one's id
	revision	INTEGER NOT NULL DEFAULT 0,		-- of the newest change, and above every id of a task
	searched	INTEGER NOT NULL DEFAULT 0,		-- as far as words knows the changes
	tasks		INTEGER NOT NULL DEFAULT 0,		-- how many there are, the trash included
	-- A large change is made in slices, so that others can write meanwhile. What is hidden is not there
	-- for anybody: rows above revision, tasks with the ids hidden_from to hidden_to, and tasks in the
	-- trash that changed last in a revision of up to emptied.
	bulk		INTEGER NOT NULL DEFAULT 0,		-- a number of its own while there may be such rows
	hidden_from	INTEGER NOT NULL DEFAULT 0,
	hidden_to	INTEGER NOT NULL DEFAULT 0,
	emptied		INTEGER NOT NULL DEFAULT 0,
	time_zone	TEXT NOT NULL DEFAULT 'UTC',		-- its IANA name
	uid_base	TEXT NOT NULL DEFAULT '',		-- random: see uid in tasks
	-- A large change that everybody sees while it is made: its first revision. If it does not end, it is
	-- taken back, down from bulk_left (0: from the newest).
	bulk_first	INTEGER NOT NULL DEFAULT 0,
	bulk_left	INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX accounts_in_bulk ON accounts (id) WHERE bulk <> 0;

-- Accounts that are gone, whose tasks, changes, answers and words are still to be removed.
CREATE TABLE deleted_accounts (
	id		INTEGER PRIMARY KEY
) STRICT;

CREATE TRIGGER accounts_deleted AFTER DELETE ON accounts BEGIN
	INSERT INTO deleted_accounts (id) VALUES (OLD.id);
END;

-- Who is in: sessions of people, and named tokens of their programs. A token is 256 random bits that
-- only the client has; here is its SHA-256.
CREATE TABLE sessions (
	token		BLOB NOT NULL PRIMARY KEY,
	account_id	INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
	id		INTEGER NOT NULL,			-- counts per account, as a task's
	name		TEXT,					-- of a program's token; a session has none
	scope		TEXT NOT NULL DEFAULT 'read-write' CHECK (scope IN ('read', 'read-write')),
	user_agent	TEXT NOT NULL DEFAULT '',		-- as the login's request said
	created		TEXT NOT NULL,
	last_used	TEXT NOT NULL,				-- kept to the hour, so that reading does not write
	expires		TEXT,					-- a session: 30 days from the last use; NULL: never
	UNIQUE (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires);

CREATE TRIGGER sessions_counted AFTER INSERT ON sessions BEGIN
	UPDATE accounts SET last_session = NEW.id WHERE id = NEW.account_id;
END;

-- Failed logins by name and by address, so that guessing is slow and stays slow over a restart.
CREATE TABLE throttle (
	key		TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,	-- "name ann", "from 192.0.2.1"
	failures	INTEGER NOT NULL,
	until		TEXT NOT NULL				-- when the count starts again
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_by_end ON throttle (until);

-- What is to be done. A task's id is the revision that made it: it counts per account, so that it tells
-- nothing of anybody else, and never comes twice. What is in the trash lies apart from what is not, and
-- without a rowid an account's tasks lie side by side: its list is one run through them.
CREATE TABLE tasks (
	account_id	INTEGER NOT NULL,			-- of accounts, or of deleted_accounts
	deleted_date	TEXT NOT NULL DEFAULT '',		-- '': not in the trash
	id		INTEGER NOT NULL,
	name		TEXT NOT NULL,
	note		TEXT NOT NULL DEFAULT '',
	creation_date	TEXT NOT NULL,
	due_date	TEXT,
	completed	INTEGER NOT NULL DEFAULT 0 CHECK (completed IN (0, 1)),
	priority	INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 3),
	tags		TEXT NOT NULL DEFAULT '[]',		-- a JSON array
	position	REAL NOT NULL,				-- by hand; new ones go last
	completed_date	TEXT,
	modified_date	TEXT NOT NULL,
	revision	INTEGER NOT NULL,			-- of its last change
	changed		TEXT NOT NULL,				-- when that was made
	urgency		INTEGER AS (-priority) VIRTUAL,
	due_order	TEXT NOT NULL DEFAULT '~',		-- of due_date: a day is its first instant, and no date
								-- comes last. Who sets the one sets the other: an
								-- insert that computes it costs much more
	uid		TEXT,					-- NULL: uid_base of the account and the id
	is_plain	INTEGER NOT NULL DEFAULT 1 CHECK (is_plain IN (0, 1)),
								-- 1: what follows, up to reminders, is NULL. Most tasks are
								-- plain, and cost no more than before there was more
	list		INTEGER,				-- of lists; NULL: the inbox
	heading		TEXT,					-- of the list
	parent		INTEGER,				-- of tasks
	start_date	TEXT,
	repeat		TEXT,					-- a rule of RFC 5545, 3.3.10
	repeat_from	TEXT,					-- NULL: due
	reminders	TEXT,					-- a JSON array; NULL: none
	in_list		INTEGER AS (list IS NOT NULL) VIRTUAL,
	PRIMARY KEY (account_id, deleted_date, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_by_completed ON tasks (account_id, in_list, completed, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_position ON tasks (account_id, position, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_due_date ON tasks (account_id, due_order, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_urgency ON tasks (account_id, urgency, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_creation ON tasks (account_id, creation_date, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_modification ON tasks (account_id, modified_date, id) WHERE deleted_date = '';
CREATE INDEX tasks_in_trash ON tasks (account_id, id) WHERE deleted_date > '';
CREATE INDEX tasks_by_list ON tasks (account_id, list, deleted_date, position, id, completed, heading)
	WHERE list IS NOT NULL;
CREATE INDEX tasks_in_list ON tasks (account_id, list, completed, id) WHERE list IS NOT NULL AND deleted_date = '';
CREATE INDEX tasks_by_parent ON tasks (account_id, parent, id) WHERE parent IS NOT NULL;
-- To find both what has not started and what repeats: one more index would cost each task that is made.
CREATE INDEX tasks_by_start ON tasks (account_id, start_date, id)
	WHERE (start_date IS NOT NULL OR repeat IS NOT NULL) AND deleted_date = '';
CREATE UNIQUE INDEX tasks_by_uid ON tasks (account_id, uid) WHERE uid IS NOT NULL;

-- Lists of tasks. A list's id is the revision that made it, as a task's: no list has that of a task. What
-- is in the trash lies apart, too.
CREATE TABLE lists (
	account_id	INTEGER NOT NULL,
	deleted_date	TEXT NOT NULL DEFAULT '',
	id		INTEGER NOT NULL,
	name		TEXT NOT NULL,
	color		TEXT NOT NULL DEFAULT '',		-- #rrggbb
	headings	TEXT NOT NULL DEFAULT '[]',		-- a JSON array
	position	REAL NOT NULL,
	archived	INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
	creation_date	TEXT NOT NULL,
	modified_date	TEXT NOT NULL,
	revision	INTEGER NOT NULL,			-- of its last change
	changed		TEXT NOT NULL,				-- when that was made
	gone_since	INTEGER NOT NULL DEFAULT 0,		-- in the trash: the first revision of its deletion. With
								-- it went those of its tasks that have its deleted_date
								-- and this revision or a later one
	PRIMARY KEY (account_id, deleted_date, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX lists_by_id ON lists (account_id, id);

-- The tags of tasks that are not in the trash, to find tasks by them.
CREATE TABLE task_tags (
	account_id	INTEGER NOT NULL,
	tag		TEXT NOT NULL,
	id		INTEGER NOT NULL,
	PRIMARY KEY (account_id, tag, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tags_of_new AFTER INSERT ON tasks
WHEN NEW.tags <> '[]' AND NEW.deleted_date = '' BEGIN
	INSERT INTO task_tags (account_id, tag, id)
	SELECT NEW.account_id, value, NEW.id FROM json_each(NEW.tags);
END;
CREATE TRIGGER tags_of_changed AFTER UPDATE OF tags, deleted_date ON tasks
WHEN OLD.tags <> NEW.tags OR OLD.deleted_date <> NEW.deleted_date BEGIN
	DELETE FROM task_tags WHERE account_id = OLD.account_id AND id = OLD.id
	AND tag IN (SELECT value FROM json_each(OLD.tags));
	INSERT INTO task_tags (account_id, tag, id)
	SELECT NEW.account_id, value, NEW.id FROM json_each(NEW.tags) WHERE NEW.deleted_date = '';
END;
CREATE TRIGGER tags_of_gone AFTER DELETE ON tasks
WHEN OLD.tags <> '[]' BEGIN
	DELETE FROM task_tags WHERE account_id = OLD.account_id AND id = OLD.id
	AND tag IN (SELECT value FROM json_each(OLD.tags));
END;

-- The words of tasks, to search them; rowid is account_id << 40 | id. It follows the changes from
-- behind, before a search and when there is time, so that nobody who saves a task waits for it.
CREATE VIRTUAL TABLE words USING fts5 (
	name, note, tags, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4 5 6 7 8 9 10 11 12'
);
-- Small pages: SQLite leaps over the rows of other accounts in what fills five of them.
INSERT INTO words (words, rank) VALUES ('pgsz', 1000);

-- Every change of a task or a list, by triggers alone: what it was before it. What it was after it is
-- what it was before the next one, or what it is: see states and list_states. Undo, history and the feed of changes
-- read from here, and nothing else is kept for them.
CREATE TABLE changes (
	account_id	INTEGER NOT NULL,
	revision	INTEGER NOT NULL,
	id		INTEGER NOT NULL,			-- of the task or the list
	time		TEXT NOT NULL,
	first		INTEGER NOT NULL,			-- of the group that belongs together: its first revision
	kind		TEXT NOT NULL DEFAULT 'change'
			CHECK (kind = 'change' OR kind = 'back' OR kind = 'undo' OR kind = 'redo' OR kind = 'purge'
				OR kind = 'expiry'),		-- back: the undo of what was newest of all to undo
	undone		INTEGER,				-- of a group's first: the group that took it back
	now_deleted	TEXT,					-- deleted_date after it; NULL: gone for good
	deleted_date	TEXT,					-- before it; NULL: there was no such task
	name		TEXT,
	note		TEXT,
	creation_date	TEXT,
	due_date	TEXT,
	completed	INTEGER,
	priority	INTEGER,
	tags		TEXT,
	position	REAL,
	completed_date	TEXT,
	modified_date	TEXT,
	was_revision	INTEGER,
	is_plain	INTEGER NOT NULL DEFAULT 1,
	list		INTEGER,
	heading		TEXT,
	parent		INTEGER,
	start_date	TEXT,
	repeat		TEXT,
	repeat_from	TEXT,
	reminders	TEXT,
	uid		TEXT,
	is_list		INTEGER NOT NULL DEFAULT 0,		-- 1: of a list, with what follows
	color		TEXT,
	headings	TEXT,
	archived	INTEGER,
	PRIMARY KEY (account_id, revision)
) STRICT, WITHOUT ROWID;
-- Without those that made a task, whose revision is its id.
CREATE INDEX changes_by_task ON changes (account_id, id, revision) WHERE revision <> id;
CREATE INDEX changes_undone ON changes (account_id, undone) WHERE undone IS NOT NULL;

-- Who changes a task gives it the next revision and the time; who deletes one for good cannot, so they
-- are made here. In a large change the revision moves once, when all of it is there, and what is hidden
-- goes without a word.
CREATE TRIGGER change_by_insert AFTER INSERT ON tasks BEGIN
	INSERT INTO changes (account_id, revision, id, time, first, now_deleted)
	VALUES (NEW.account_id, NEW.revision, NEW.id, NEW.changed, NEW.revision,
		NEW.deleted_date);
	UPDATE accounts SET revision = iif(revision < NEW.revision, NEW.revision, revision), tasks = tasks + 1
	WHERE id = NEW.account_id AND bulk = 0;
END;
CREATE TRIGGER change_by_update AFTER UPDATE ON tasks BEGIN
	INSERT INTO changes (account_id, revision, id, time, first, now_deleted, deleted_date, name, note,
		creation_date, due_date, completed, priority, tags, position, completed_date,
		modified_date, was_revision, is_plain, list, heading,
		parent, start_date, repeat, repeat_from, reminders, uid)
	VALUES (NEW.account_id, NEW.revision, NEW.id, NEW.changed, NEW.revision,
		NEW.deleted_date, OLD.deleted_date, OLD.name, OLD.note,
		OLD.creation_date, OLD.due_date, OLD.completed, OLD.priority, OLD.tags, OLD.position,
		OLD.completed_date, OLD.modified_date, OLD.revision, OLD.is_plain, OLD.list, OLD.heading,
		OLD.parent, OLD.start_date, OLD.repeat, OLD.repeat_from, OLD.reminders, OLD.uid);
	UPDATE accounts SET revision = NEW.revision WHERE id = NEW.account_id AND revision < NEW.revision;
END;
CREATE TRIGGER change_by_delete AFTER DELETE ON tasks BEGIN
	-- Where the account itself has gone there is no row of it here, and nothing is written.
	UPDATE accounts SET revision = revision + 1, tasks = tasks - 1
	WHERE id = OLD.account_id AND bulk = 0;
	INSERT INTO changes (account_id, revision, id, time, first, kind, deleted_date, name, note,
		creation_date, due_date, completed, priority, tags, position, completed_date,
		modified_date, was_revision, is_plain, list, heading,
		parent, start_date, repeat, repeat_from, reminders, uid)
	SELECT OLD.account_id, revision, OLD.id, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), revision, 'purge',
		OLD.deleted_date, OLD.name, OLD.note, OLD.creation_date,
		OLD.due_date, OLD.completed, OLD.priority, OLD.tags, OLD.position, OLD.completed_date,
		OLD.modified_date, OLD.revision, OLD.is_plain, OLD.list, OLD.heading,
		OLD.parent, OLD.start_date, OLD.repeat, OLD.repeat_from, OLD.reminders, OLD.uid
	FROM accounts WHERE id = OLD.account_id AND bulk = 0;
END;

CREATE TRIGGER list_change_by_insert AFTER INSERT ON lists BEGIN
	INSERT INTO changes (account_id, revision, id, time, first, now_deleted, is_list)
	VALUES (NEW.account_id, NEW.revision, NEW.id, NEW.changed, NEW.revision, NEW.deleted_date, 1);
	UPDATE accounts SET revision = NEW.revision WHERE id = NEW.account_id AND revision < NEW.revision AND bulk = 0;
END;
CREATE TRIGGER list_change_by_update AFTER UPDATE OF revision ON lists BEGIN
	INSERT INTO changes (account_id, revision, id, time, first, now_deleted, deleted_date, is_list, name, color,
		headings, position, archived, creation_date, modified_date, was_revision)
	VALUES (NEW.account_id, NEW.revision, NEW.id, NEW.changed, NEW.revision,
		NEW.deleted_date, OLD.deleted_date, 1, OLD.name, OLD.color, OLD.headings, OLD.position, OLD.archived,
		OLD.creation_date, OLD.modified_date, OLD.revision);
	UPDATE accounts SET revision = NEW.revision WHERE id = NEW.account_id AND revision < NEW.revision;
END;
CREATE TRIGGER list_change_by_delete AFTER DELETE ON lists BEGIN
	UPDATE accounts SET revision = revision + 1 WHERE id = OLD.account_id AND bulk = 0;
	INSERT INTO changes (account_id, revision, id, time, first, kind, deleted_date, is_list, name, color,
		headings, position, archived, creation_date, modified_date, was_revision)
	SELECT OLD.account_id, revision, OLD.id, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), revision, 'purge',
		OLD.deleted_date, 1, OLD.name, OLD.color, OLD.headings, OLD.position, OLD.archived,
		OLD.creation_date, OLD.modified_date, OLD.revision
	FROM accounts WHERE id = OLD.account_id AND bulk = 0;
END;

-- Each change with what the task was after it.
CREATE VIEW states AS
SELECT c.account_id, c.revision, c.id, c.time, c.now_deleted,
	iif(n.revision IS NULL, t.name, n.name) AS name,
	iif(n.revision IS NULL, t.note, n.note) AS note,
	iif(n.revision IS NULL, t.creation_date, n.creation_date) AS creation_date,
	iif(n.revision IS NULL, t.due_date, n.due_date) AS due_date,
	iif(n.revision IS NULL, t.completed, n.completed) AS completed,
	iif(n.revision IS NULL, t.priority, n.priority) AS priority,
	iif(n.revision IS NULL, t.tags, n.tags) AS tags,
	iif(n.revision IS NULL, t.position, n.position) AS position,
	iif(n.revision IS NULL, t.completed_date, n.completed_date) AS completed_date,
	iif(n.revision IS NULL, t.modified_date, n.modified_date) AS modified_date,
	iif(n.revision IS NULL, t.is_plain, n.is_plain) AS is_plain,
	iif(n.revision IS NULL, t.list, n.list) AS list,
	iif(n.revision IS NULL, t.heading, n.heading) AS heading,
	iif(n.revision IS NULL, t.parent, n.parent) AS parent,
	iif(n.revision IS NULL, t.start_date, n.start_date) AS start_date,
	iif(n.revision IS NULL, t.repeat, n.repeat) AS repeat,
	iif(n.revision IS NULL, t.repeat_from, n.repeat_from) AS repeat_from,
	iif(n.revision IS NULL, t.reminders, n.reminders) AS reminders,
	iif(n.revision IS NULL, t.uid, n.uid) AS uid,
	c.is_list
FROM changes c
LEFT JOIN changes n ON n.account_id = c.account_id AND n.revision = (
	SELECT min(revision) FROM changes
	WHERE account_id = c.account_id AND id = c.id AND revision <> id AND revision > c.revision)
LEFT JOIN tasks t ON n.revision IS NULL
	AND t.account_id = c.account_id AND t.deleted_date = c.now_deleted AND t.id = c.id;

-- The same of lists.
CREATE VIEW list_states AS
SELECT c.account_id, c.revision, c.id, c.time, c.now_deleted,
	iif(n.revision IS NULL, l.name, n.name) AS name,
	iif(n.revision IS NULL, l.color, n.color) AS color,
	iif(n.revision IS NULL, l.headings, n.headings) AS headings,
	iif(n.revision IS NULL, l.position, n.position) AS position,
	iif(n.revision IS NULL, l.archived, n.archived) AS archived,
	iif(n.revision IS NULL, l.creation_date, n.creation_date) AS creation_date,
	iif(n.revision IS NULL, l.modified_date, n.modified_date) AS modified_date
FROM changes c
LEFT JOIN changes n ON n.account_id = c.account_id AND n.revision = (
	SELECT min(revision) FROM changes
	WHERE account_id = c.account_id AND id = c.id AND revision <> id AND revision > c.revision)
LEFT JOIN lists l ON n.revision IS NULL
	AND l.account_id = c.account_id AND l.deleted_date = c.now_deleted AND l.id = c.id
WHERE c.is_list = 1;

-- Answers to requests that may come twice: see Idempotency-Key. Kept for a day.
CREATE TABLE answers (
	account_id	INTEGER NOT NULL,
	key		TEXT NOT NULL,
	request		BLOB NOT NULL,				-- SHA-256 of what was asked, its body included
	time		TEXT NOT NULL,
	status		INTEGER NOT NULL,			-- 0: the rows below, as the endpoint shows them
	body		TEXT NOT NULL,				-- rows as JSON, or a whole problem document
	id		INTEGER,				-- for its Location
	revision	INTEGER,				-- for its ETag
	last		INTEGER,				-- the account's, behind it, where the reply says so
	more		INTEGER,				-- 1: the reply shows but the first of its changes
	beside		TEXT,					-- further members of the reply, as JSON
	PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
