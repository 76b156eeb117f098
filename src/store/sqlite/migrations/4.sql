-- Version 4 becomes version 5: lists, and what a task has more. Columns alone are added to tasks and
-- changes, so that no row is written.

DROP VIEW states;
DROP TRIGGER change_by_update;
DROP TRIGGER change_by_delete;

ALTER TABLE accounts ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC';
ALTER TABLE accounts ADD COLUMN uid_base TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN bulk_first INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN bulk_left INTEGER NOT NULL DEFAULT 0;
UPDATE accounts SET uid_base = lower(hex(randomblob(8))) || '-';

ALTER TABLE tasks ADD COLUMN uid TEXT;
ALTER TABLE tasks ADD COLUMN is_plain INTEGER NOT NULL DEFAULT 1 CHECK (is_plain IN (0, 1));
ALTER TABLE tasks ADD COLUMN list INTEGER;
ALTER TABLE tasks ADD COLUMN heading TEXT;
ALTER TABLE tasks ADD COLUMN parent INTEGER;
ALTER TABLE tasks ADD COLUMN start_date TEXT;
ALTER TABLE tasks ADD COLUMN repeat TEXT;
ALTER TABLE tasks ADD COLUMN repeat_from TEXT;
ALTER TABLE tasks ADD COLUMN reminders TEXT;
ALTER TABLE tasks ADD COLUMN in_list INTEGER AS (list IS NOT NULL) VIRTUAL;

DROP INDEX tasks_by_completed;
CREATE INDEX tasks_by_completed ON tasks (account_id, in_list, completed, id) WHERE deleted_date = '';
CREATE INDEX tasks_by_list ON tasks (account_id, list, deleted_date, position, id, completed, heading)
	WHERE list IS NOT NULL;
CREATE INDEX tasks_in_list ON tasks (account_id, list, completed, id) WHERE list IS NOT NULL AND deleted_date = '';
CREATE INDEX tasks_by_parent ON tasks (account_id, parent, id) WHERE parent IS NOT NULL;
CREATE INDEX tasks_by_start ON tasks (account_id, start_date, id)
	WHERE (start_date IS NOT NULL OR repeat IS NOT NULL) AND deleted_date = '';
CREATE UNIQUE INDEX tasks_by_uid ON tasks (account_id, uid) WHERE uid IS NOT NULL;

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

ALTER TABLE changes ADD COLUMN is_plain INTEGER NOT NULL DEFAULT 1;
ALTER TABLE changes ADD COLUMN list INTEGER;
ALTER TABLE changes ADD COLUMN heading TEXT;
ALTER TABLE changes ADD COLUMN parent INTEGER;
ALTER TABLE changes ADD COLUMN start_date TEXT;
ALTER TABLE changes ADD COLUMN repeat TEXT;
ALTER TABLE changes ADD COLUMN repeat_from TEXT;
ALTER TABLE changes ADD COLUMN reminders TEXT;
ALTER TABLE changes ADD COLUMN uid TEXT;
ALTER TABLE changes ADD COLUMN is_list INTEGER NOT NULL DEFAULT 0;
ALTER TABLE changes ADD COLUMN color TEXT;
ALTER TABLE changes ADD COLUMN headings TEXT;
ALTER TABLE changes ADD COLUMN archived INTEGER;

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

ALTER TABLE answers ADD COLUMN beside TEXT;
