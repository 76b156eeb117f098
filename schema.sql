-- The whole store of todo, version 1. It is embedded in the program and run once, on a new file.
-- Dates are text, "YYYY-MM-DDTHH:MM:SSZ" or a day alone: both sort as text, and read well in a shell.

PRAGMA application_id = 0x746f646f; -- "todo"

-- Who may come in.
CREATE TABLE accounts (
	id		INTEGER PRIMARY KEY,
	username	TEXT NOT NULL COLLATE NOCASE UNIQUE,	-- as it was registered
	email		TEXT COLLATE NOCASE UNIQUE,
	password	TEXT NOT NULL,				-- Argon2id, libsodium's own string form
	date_joined	TEXT NOT NULL,
	last_session	INTEGER NOT NULL DEFAULT 0,		-- the newest one's id
	last_task	INTEGER NOT NULL DEFAULT 0		-- the highest id of a deleted task: no id comes twice
) STRICT;

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

-- What is to be done. Ids count per account, so that they tell nothing of anybody else; without a
-- rowid an account's tasks lie side by side, and its list is one run through them.
CREATE TABLE tasks (
	account_id	INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
	id		INTEGER NOT NULL,
	name		TEXT NOT NULL,
	note		TEXT NOT NULL DEFAULT '',
	creation_date	TEXT NOT NULL,
	due_date	TEXT,
	completed	INTEGER NOT NULL DEFAULT 0 CHECK (completed IN (0, 1)),
	PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tasks_deleted AFTER DELETE ON tasks BEGIN
	UPDATE accounts SET last_task = max(last_task, OLD.id) WHERE id = OLD.account_id;
END;
