#!/bin/sh
#
# All API cases against the server under valgrind: nothing leaks, and nothing is read that was not
# written. Takes the folder of a build without sanitizers; it needs valgrind.

set -eu

build=$(realpath "$1")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

cat >"$place/todo" <<END
#!/bin/sh
exec valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible \\
	--errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 \\
	--log-file="$place/%p.log" "$build/todo" "\$@"
END
chmod +x "$place/todo"

status=0
HARNESS_BINARY="$place/todo" "$build/test_api" || status=$?
set -- "$place"/*.log
[ -e "$1" ] || { echo "valgrind: no server was run under it"; exit 1; }
for log; do
	[ ! -s "$log" ] || { cat "$log"; status=1; }
done
exit "$status"
