-- Version 3 becomes version 4. A CHECK of more than two values would make SQLite build a table of them for each row,
-- and a function in what an insert computes would make it keep a journal of the statement.

DROP VIEW states;
DROP TRIGGER change_by_insert;
DROP TRIGGER change_by_update;
DROP TRIGGER change_by_delete;
DROP INDEX changes_by_task;
DROP INDEX changes_undone;
ALTER TABLE changes RENAME TO old_changes;

-- Every change of a task, by triggers alone: what the task was before it.
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

INSERT INTO changes SELECT * FROM old_changes ORDER BY account_id, revision;
DROP TABLE old_changes;
CREATE INDEX changes_by_task ON changes (account_id, id, revision) WHERE revision <> id;
CREATE INDEX changes_undone ON changes (account_id, undone) WHERE undone IS NOT NULL;

-- Small pages: SQLite leaps over the rows of other accounts in what fills five of them.
INSERT INTO words (words, rank) VALUES ('pgsz', 1000);

-- Without triggers: this is no change of a task.
DROP INDEX tasks_by_due_date;
ALTER TABLE tasks DROP COLUMN due_order;
ALTER TABLE tasks ADD COLUMN due_order TEXT NOT NULL DEFAULT '~';
UPDATE tasks SET due_order = replace(due_date, 'T00:00:00Z', '') WHERE due_date IS NOT NULL;
CREATE INDEX tasks_by_due_date ON tasks (account_id, due_order, id) WHERE deleted_date = '';

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
