-- The words of version 2, of all tasks at once: what follows the changes finds no change of theirs.
DROP TABLE IF EXISTS words;
-- The words of tasks, to search them; rowid is account_id << 40 | id. It follows the changes from
-- behind, before a search and when there is time, so that nobody who saves a task waits for it.
CREATE VIRTUAL TABLE words USING fts5 (
	name, note, tags, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4 5 6 7 8 9 10 11 12'
);
INSERT INTO words (rowid, name, note, tags)
SELECT (account_id << 40) + id, name, note, tags FROM tasks WHERE deleted_date = '';
UPDATE accounts SET searched = revision;
