-- A file of version 1, as a server of that time has left it.

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

PRAGMA user_version = 1;

-- Passwords are HARNESS_PASSWORD. ann has deleted 2, 5 and her last two tasks, 30 and 31.
INSERT INTO accounts (id, username, email, password, date_joined, last_session, last_task) VALUES
	(1, 'ann', 'ann@example.org', '$argon2id$v=19$m=19456,t=2,p=1$TXeatSZLfneCoezMEWL4wg$aoekgatV8ANoHfkZzjWzqPh88YLelHPArj8AV/Ry+7c', '2026-01-02T03:04:05Z', 4, 31),
	(3, 'Bob.1', NULL, '$argon2id$v=19$m=19456,t=2,p=1$TXeatSZLfneCoezMEWL4wg$aoekgatV8ANoHfkZzjWzqPh88YLelHPArj8AV/Ry+7c', '2026-02-28T23:59:59Z', 1, 0),
	(7, 'zoe', 'Z@Example.org', '$argon2id$v=19$m=19456,t=2,p=1$TXeatSZLfneCoezMEWL4wg$aoekgatV8ANoHfkZzjWzqPh88YLelHPArj8AV/Ry+7c', '2026-03-01T00:00:00Z', 0, 0),
	(8, 'gone', NULL, '$argon2id$v=19$m=19456,t=2,p=1$TXeatSZLfneCoezMEWL4wg$aoekgatV8ANoHfkZzjWzqPh88YLelHPArj8AV/Ry+7c', '2026-03-01T00:00:00Z', 0, 12);

-- ann's first is td_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; another has ended long ago, a third is a program's.
INSERT INTO sessions VALUES
	(X'a391a8389cfaf9dfd492edf96710e34ccd99ec96c3de90b2ffb5eaaa6b954445', 1, 1, NULL, 'read-write', 'curl/7.88', '2026-01-02T03:04:05Z', '2026-11-20T10:00:00Z', '2199-12-31T00:00:00Z'),
	(X'd4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35', 1, 2, NULL, 'read-write', '', '2026-01-02T03:04:05Z', '2026-01-02T03:00:00Z', '2026-02-01T03:00:00Z'),
	(X'4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce', 1, 3, 'ci é', 'read', '', '2026-01-02T03:04:05Z', '2026-01-02T03:00:00Z', NULL),
	(X'4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a', 3, 1, NULL, 'read-write', 'x', '2026-01-02T03:04:05Z', '2026-11-20T10:00:00Z', '2199-12-31T00:00:00Z');
-- The newest session of ann has been ended.
UPDATE accounts SET last_session = 4 WHERE id = 1;

INSERT INTO throttle (key, failures, until) VALUES
	('name ann', 3, '2026-01-02T03:14:05Z'), ('from 192.0.2.1', 20, '2026-11-23T01:02:03Z'), ('from ::1', 1, '2026-11-23T01:02:03Z');

-- ann's list, with dates of all kinds.
INSERT INTO tasks (account_id, id, name, note, creation_date, due_date, completed)
WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 29)
SELECT 1, i, 'task ' || i, iif(i % 2, '', 'line one' || char(10) || char(9) || 'line two'),
	strftime('%Y-%m-%dT%H:%M:%SZ', '2026-01-31T22:00:00', '+' || (i / 2) || ' hours'),
	CASE i % 4 WHEN 1 THEN '2026-11-25' WHEN 2 THEN '2026-11-22T16:55:00Z' WHEN 3 THEN '2026-11-22T00:00:00Z' END, i % 3 = 0
FROM n WHERE i NOT IN (2, 5);
UPDATE tasks SET name = 'é 漢字 🍎 "quoted" ''too'' <b>' WHERE account_id = 1 AND id = 3;
UPDATE tasks SET name = replace(hex(zeroblob(500)), '0', 'ö'), note = replace(hex(zeroblob(16384)), '0', 'é')
WHERE account_id = 1 AND id = 4;
UPDATE tasks SET due_date = '1970-01-01' WHERE account_id = 1 AND id = 6;
UPDATE tasks SET due_date = '9999-12-31T23:59:59Z' WHERE account_id = 1 AND id = 7;
INSERT INTO tasks (account_id, id, name, creation_date) VALUES
	(3, 1, 'one', '2026-03-01T12:00:00Z'), (3, 1000000, 'the highest', '2026-03-01T12:00:00Z');
