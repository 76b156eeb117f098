-- The whole store of todo, version 4. It is embedded in the program and run once, on a new file.
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
	emptied		INTEGER NOT NULL DEFAULT 0
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
	PRIMARY KEY (account_id, deleted_date, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_by_completed ON tasks (account_id, completed, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_position ON tasks (account_id, position, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_due_date ON tasks (account_id, due_order, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_urgency ON tasks (account_id, urgency, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_creation ON tasks (account_id, creation_date, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_modification ON tasks (account_id, modified_date, id) WHERE deleted_date = '';
CREATE INDEX tasks_in_trash ON tasks (account_id, id) WHERE deleted_date > '';

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

-- Every change of a task, by triggers alone: what the task was before it. What it was after it is
-- what it was before the next one, or what it is: see states. Undo, history and the feed of changes
-- read from here, and nothing else is kept for them.
CREATE TABLE changes (
	account_id	INTEGER NOT NULL,
	revision	INTEGER NOT NULL,
	id		INTEGER NOT NULL,			-- of the task
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
		modified_date, was_revision)
	VALUES (NEW.account_id, NEW.revision, NEW.id, NEW.changed, NEW.revision,
		NEW.deleted_date, OLD.deleted_date, OLD.name, OLD.note,
		OLD.creation_date, OLD.due_date, OLD.completed, OLD.priority, OLD.tags, OLD.position,
		OLD.completed_date, OLD.modified_date, OLD.revision);
	UPDATE accounts SET revision = NEW.revision WHERE id = NEW.account_id AND revision < NEW.revision;
END;
CREATE TRIGGER change_by_delete AFTER DELETE ON tasks BEGIN
	-- Where the account itself has gone there is no row of it here, and nothing is written.
	UPDATE accounts SET revision = revision + 1, tasks = tasks - 1
	WHERE id = OLD.account_id AND bulk = 0;
	INSERT INTO changes (account_id, revision, id, time, first, kind, deleted_date, name, note,
		creation_date, due_date, completed, priority, tags, position, completed_date,
		modified_date, was_revision)
	SELECT OLD.account_id, revision, OLD.id, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), revision, 'purge',
		OLD.deleted_date, OLD.name, OLD.note, OLD.creation_date,
		OLD.due_date, OLD.completed, OLD.priority, OLD.tags, OLD.position, OLD.completed_date,
		OLD.modified_date, OLD.revision
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
	iif(n.revision IS NULL, t.modified_date, n.modified_date) AS modified_date
FROM changes c
LEFT JOIN changes n ON n.account_id = c.account_id AND n.revision = (
	SELECT min(revision) FROM changes
	WHERE account_id = c.account_id AND id = c.id AND revision <> id AND revision > c.revision)
LEFT JOIN tasks t ON n.revision IS NULL
	AND t.account_id = c.account_id AND t.deleted_date = c.now_deleted AND t.id = c.id;

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
	PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
