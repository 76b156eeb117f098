-- A file of the first days of version 1: sessions count over all accounts, and programs have no tokens.

PRAGMA application_id = 0x746f646f; -- "todo"

-- Who may come in.
CREATE TABLE accounts (
	id		INTEGER PRIMARY KEY,
	username	TEXT NOT NULL COLLATE NOCASE UNIQUE,	-- as it was registered
	email		TEXT COLLATE NOCASE UNIQUE,
	password	TEXT NOT NULL,				-- Argon2id, libsodium's own string form
	date_joined	TEXT NOT NULL,
	last_task	INTEGER NOT NULL DEFAULT 0		-- the newest task's id: no id comes twice
) STRICT;

-- Who is in. A token is 256 random bits that only the client has; here is its SHA-256.
CREATE TABLE sessions (
	id		INTEGER PRIMARY KEY,
	account_id	INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
	token		BLOB NOT NULL UNIQUE,
	created		TEXT NOT NULL,
	last_used	TEXT NOT NULL,				-- kept to the hour, so that reading does not write
	expires		TEXT NOT NULL				-- 30 days from the last use
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires);

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

PRAGMA user_version = 1;

INSERT INTO accounts (id, username, email, password, date_joined) VALUES
	(1, 'ann', 'ann@example.org', '$argon2id$v=19$m=19456,t=2,p=1$TXeatSZLfneCoezMEWL4wg$aoekgatV8ANoHfkZzjWzqPh88YLelHPArj8AV/Ry+7c', '2026-01-02T03:04:05Z'), (2, 'bob', NULL, '$argon2id$v=19$m=19456,t=2,p=1$TXeatSZLfneCoezMEWL4wg$aoekgatV8ANoHfkZzjWzqPh88YLelHPArj8AV/Ry+7c', '2026-01-02T03:04:05Z');
INSERT INTO sessions (id, account_id, token, created, last_used, expires) VALUES
	(5, 2, X'd4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35', '2026-01-02T03:04:05Z', '2026-11-20T10:00:00Z', '2199-12-31T00:00:00Z'),
	(6, 1, X'a391a8389cfaf9dfd492edf96710e34ccd99ec96c3de90b2ffb5eaaa6b954445', '2026-01-02T03:04:05Z', '2026-11-20T10:00:00Z', '2199-12-31T00:00:00Z');
INSERT INTO throttle (key, failures, until) VALUES ('name ann', 3, '2026-01-02T03:14:05Z');
INSERT INTO tasks (account_id, id, name, creation_date, completed) VALUES
	(1, 1, 'first', '2026-01-02T03:04:05Z', 1), (1, 3, 'third', '2026-01-02T03:04:07Z', 0);
