#!/usr/bin/env bash
# The database of the peers: accounts, sessions and tasks as a small server would have them.
#
#     tests/bench/peers/seed.sh FILE ACCOUNT=TASKS...
#
# The token of an account is "token-ACCOUNT"; the database has its SHA-256.

set -euo pipefail

file=$1
shift
{
	cat <<-SQL
		PRAGMA journal_mode = WAL;
		BEGIN;
		CREATE TABLE accounts (id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE);
		CREATE TABLE sessions (token BLOB PRIMARY KEY, account_id INTEGER NOT NULL)
			WITHOUT ROWID;
		CREATE TABLE tasks (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL,
			name TEXT NOT NULL, note TEXT NOT NULL, creation_date TEXT NOT NULL,
			due_date TEXT, completed INTEGER NOT NULL);
		CREATE INDEX tasks_by_account ON tasks (account_id, id);
	SQL
	for pair; do
		name=${pair%=*}
		hash=$(printf %s "token-$name" | sha256sum)
		cat <<-SQL
			INSERT INTO accounts (username) VALUES ('$name');
			INSERT INTO sessions SELECT x'${hash%% *}', id FROM accounts
				WHERE username = '$name';
			WITH RECURSIVE n(i) AS
				(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${pair#*=})
			INSERT INTO tasks (account_id, name, note, creation_date, due_date, completed)
			SELECT id, 'Water the plants in hall ' || i, 'Not the cactus.',
				'2026-01-01T00:00:00Z', '2030-06-01', i % 3 = 0
			FROM n JOIN accounts ON username = '$name' WHERE ${pair#*=} > 0;
		SQL
	done
	echo "COMMIT;"
} | sqlite3 -bail "$file" >/dev/null
