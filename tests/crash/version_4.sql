-- A file of version 4, as a server of that time has left it.

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

PRAGMA user_version = 4;

-- Passwords are HARNESS_PASSWORD. What is told below was done far in the future, so that it is neither
-- expired nor forgotten when a test looks at it.

INSERT INTO accounts (id, username, email, password, date_joined) VALUES
	(1, 'ann', 'ann@example.org', '$argon2id$v=19$m=19456,t=2,p=1$TXeatSZLfneCoezMEWL4wg$aoekgatV8ANoHfkZzjWzqPh88YLelHPArj8AV/Ry+7c', '2026-01-02T03:04:05Z'),
	(3, 'Bob.1', NULL, '$argon2id$v=19$m=19456,t=2,p=1$TXeatSZLfneCoezMEWL4wg$aoekgatV8ANoHfkZzjWzqPh88YLelHPArj8AV/Ry+7c', '2026-02-28T23:59:59Z'),
	(7, 'zoe', 'Z@Example.org', '$argon2id$v=19$m=19456,t=2,p=1$TXeatSZLfneCoezMEWL4wg$aoekgatV8ANoHfkZzjWzqPh88YLelHPArj8AV/Ry+7c', '2026-03-01T00:00:00Z');

-- ann's first is td_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; another has ended long ago, a third is a program's.
INSERT INTO sessions (token, account_id, id, name, scope, user_agent, created, last_used, expires) VALUES
	(X'a391a8389cfaf9dfd492edf96710e34ccd99ec96c3de90b2ffb5eaaa6b954445', 1, 1, NULL, 'read-write', 'curl/7.88', '2026-01-02T03:04:05Z', '2026-11-20T10:00:00Z', '2199-12-31T00:00:00Z'),
	(X'd4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35', 1, 2, NULL, 'read-write', '', '2026-01-02T03:04:05Z', '2026-01-02T03:00:00Z', '2026-02-01T03:00:00Z'),
	(X'4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce', 1, 3, 'ci é', 'read', '', '2026-01-02T03:04:05Z', '2026-01-02T03:00:00Z', NULL),
	(X'4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a', 3, 1, NULL, 'read-write', 'x', '2026-01-02T03:04:05Z', '2026-11-20T10:00:00Z', '2199-12-31T00:00:00Z');
-- The newest session of ann has been ended.
UPDATE accounts SET last_session = 4 WHERE id = 1;

INSERT INTO throttle (key, failures, until) VALUES
	('name ann', 3, '2026-01-02T03:14:05Z'), ('from 192.0.2.1', 20, '2026-11-23T01:02:03Z'), ('from ::1', 1, '2026-11-23T01:02:03Z');

-- ann makes two tasks, and a batch of three: 1 to 5.
INSERT INTO tasks (account_id, id, name, note, creation_date, due_date, priority, tags, position, modified_date, revision, changed, due_order) VALUES
	(1, 1, 'é 漢字 🍎 "quoted" ''too'' <b>', 'line one' || char(10) || char(9) || 'line two', '2026-01-31T22:00:00Z', '2026-11-22T16:55:00Z', 1, '["home","é"]', 1, '2026-01-31T22:00:00Z', 1, '2199-01-01T00:00:01Z', '2026-11-22T16:55:00Z'),
	(1, 2, 'a day alone', '', '2026-01-31T23:00:00Z', '2026-11-25', 0, '["home"]', 2, '2026-01-31T23:00:00Z', 2, '2199-01-01T00:00:02Z', '2026-11-25'),
	(1, 3, 'purged', '', '2026-02-01T00:00:00Z', '2026-11-22T00:00:00Z', 3, '["gone"]', 3, '2026-02-01T00:00:00Z', 3, '2199-01-01T00:00:03Z', '2026-11-22'),
	(1, 4, 'expired', '', '2026-02-01T00:00:00Z', '1970-01-01', 0, '[]', 4, '2026-02-01T00:00:00Z', 4, '2199-01-01T00:00:03Z', '1970-01-01'),
	(1, 5, replace(hex(zeroblob(500)), '0', 'ö'), replace(hex(zeroblob(1500)), '0', 'é'), '2026-02-01T00:00:00Z', '9999-12-31T23:59:59Z', 2, '[]', 2.5, '2026-02-01T00:00:00Z', 5, '2199-01-01T00:00:03Z', '9999-12-31T23:59:59Z');
UPDATE changes SET first = 3 WHERE account_id = 1 AND revision >= 3;

-- 6: she completes the first one. 7: she deletes the second, 8: takes that back, 9: puts it back.
UPDATE tasks SET name = 'é done', completed = 1, completed_date = '2026-03-01T00:00:00Z', tags = '["done","é"]', modified_date = '2026-03-01T00:00:00Z', revision = 6, changed = '2199-01-01T00:00:06Z' WHERE account_id = 1 AND id = 1;
UPDATE tasks SET deleted_date = '2199-01-01T00:00:07Z', revision = 7, changed = '2199-01-01T00:00:07Z' WHERE account_id = 1 AND id = 2;
UPDATE tasks SET deleted_date = '', revision = 8, changed = '2199-01-01T00:00:08Z' WHERE account_id = 1 AND id = 2;
UPDATE changes SET kind = 'undo' WHERE account_id = 1 AND revision = 8;
UPDATE tasks SET deleted_date = '2199-01-01T00:00:07Z', revision = 9, changed = '2199-01-01T00:00:09Z' WHERE account_id = 1 AND id = 2;
UPDATE changes SET kind = 'redo' WHERE account_id = 1 AND revision = 9;

-- 10, 11: the third is deleted for good. 12, 13: the fourth has been in the trash for too long.
UPDATE tasks SET deleted_date = '2199-01-01T00:00:10Z', revision = 10, changed = '2199-01-01T00:00:10Z' WHERE account_id = 1 AND id = 3;
DELETE FROM tasks WHERE account_id = 1 AND id = 3;
UPDATE tasks SET deleted_date = '2199-01-01T00:00:12Z', revision = 12, changed = '2199-01-01T00:00:12Z' WHERE account_id = 1 AND id = 4;
DELETE FROM tasks WHERE account_id = 1 AND id = 4;
UPDATE changes SET time = '2199-01-01T00:00:13Z', kind = iif(revision = 13, 'expiry', 'purge') WHERE account_id = 1 AND revision IN (11, 13);

-- 14 to 16: another batch. 17: a change of one of them, 18: taken back. 19 to 21: the batch is taken back, too.
INSERT INTO tasks (account_id, id, name, creation_date, completed, priority, tags, position, completed_date, modified_date, revision, changed) VALUES
	(1, 14, 'batch one', '2026-04-01T00:00:00Z', 0, 2, '["batch","home"]', 5, NULL, '2026-04-01T00:00:00Z', 14, '2199-01-01T00:00:14Z'),
	(1, 15, 'batch two', '2026-04-01T00:00:00Z', 1, 0, '[]', 6, '2026-04-01T00:00:00Z', '2026-04-01T00:00:00Z', 15, '2199-01-01T00:00:14Z'),
	(1, 16, 'batch three', '2026-04-01T00:00:00Z', 0, 0, '["batch"]', 7, NULL, '2026-04-01T00:00:00Z', 16, '2199-01-01T00:00:14Z');
UPDATE changes SET first = 14 WHERE account_id = 1 AND revision >= 14;
UPDATE tasks SET name = 'batch one changed', tags = '["other"]', revision = 17, changed = '2199-01-01T00:00:17Z' WHERE account_id = 1 AND id = 14;
UPDATE tasks SET name = 'batch one', tags = '["batch","home"]', revision = 18, changed = '2199-01-01T00:00:18Z' WHERE account_id = 1 AND id = 14;
UPDATE changes SET kind = 'undo' WHERE account_id = 1 AND revision = 18;
UPDATE changes SET undone = 18 WHERE account_id = 1 AND revision = 17;
DELETE FROM tasks WHERE account_id = 1 AND id >= 14;
UPDATE changes SET first = 19, kind = 'undo', time = '2199-01-01T00:00:19Z' WHERE account_id = 1 AND revision >= 19;
UPDATE changes SET undone = 19 WHERE account_id = 1 AND revision = 14;

-- Bob's, and one of his in the trash.
INSERT INTO tasks (account_id, id, name, creation_date, position, tags, modified_date, revision, changed) VALUES
	(3, 1, 'one', '2026-03-01T12:00:00Z', 1, '["home"]', '2026-03-01T12:00:00Z', 1, '2199-01-01T00:00:00Z'),
	(3, 2, 'two', '2026-03-01T12:00:00Z', 2, '["home"]', '2026-03-01T12:00:00Z', 2, '2199-01-01T00:00:00Z');
UPDATE tasks SET deleted_date = '2199-01-01T00:00:00Z', revision = 3, changed = '2199-01-01T00:00:00Z' WHERE account_id = 3 AND id = 2;

-- The words are some changes behind with ann, and have seen all of Bob's.
INSERT INTO words (rowid, name, note, tags)
SELECT (account_id << 40) + id, name, note, tags FROM tasks WHERE deleted_date = '';
UPDATE accounts SET searched = iif(id = 1, 13, revision);

INSERT INTO answers (account_id, key, request, time, status, body, id, revision, last) VALUES
	(1, 'once', zeroblob(32), '2199-01-01T00:00:00Z', 0, '{"id":1,"name":"é"}', 1, 1, 1),
	(1, 'again', zeroblob(32), '2199-01-01T00:00:00Z', 404, '{"status":404}', NULL, NULL, NULL),
	(3, 'once', zeroblob(32), '2199-01-01T00:00:00Z', 0, '{"id":1,"name":"one"}', 1, 1, NULL);
