#!/bin/sh
#
# What SQL has of SQLite's own stands in include/store/sql.h alone, each with a name, so that it can be
# said in another way in that one place. Fails, naming file and line, where a statement above the store
# says such a thing by itself. Reads the tree that it stands in, or the one that is named.

set -eu

cd "${1:-$(dirname "$0")/..}"
own='INDEXED BY|text_folded\(|days_later\(|[ "]MATCH |json_each|json_insert|AS INTEGER|json_quote|json_array|json_group|json\(|real_to_json|members_to_json|->> |OR ROLLBACK|AS BLOB|[( ]\+[a-z$]|BY \+'

files=$(find src/api src/endpoint include/api include/endpoint -name '*.[ch]' | sort)
if [ -z "$files" ]; then
	echo "sql: no file to read in $PWD" >&2
	exit 1
fi
# What is within quotes, with the file and the line before it. The names hold no white space.
# shellcheck disable=SC2086
faults=$(awk '
/^[ \t]*\*|^[ \t]*\/\*/ { next }
{
	rest = $0
	while (match(rest, /"([^"\\]|\\.)*"/)) {
		print FILENAME ":" FNR ": " substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
	}
}' $files | grep -E ": \".*($own)" || true)
if [ -n "$faults" ]; then
	echo "$faults" >&2
	echo "sql: this is SQLite's own: see include/store/sql.h" >&2
	exit 1
fi
echo "sql: $(echo "$files" | wc -l) files read"
