#!/bin/sh
#
# The page in a real browser against the real server. Takes the server's program and a folder to work
# in, where the browser's driver is installed; needs node, npm and Chromium. With names of test files:
# these alone.

set -eu

TODO_BINARY=$(realpath "$1")
work=$2
shift 2
tree=$(realpath "$(dirname "$0")/../..")
mkdir -p "$work/tests/browser" "$work/src"
work=$(realpath "$work")
cp "$tree"/tests/browser/* "$work/tests/browser"
rm -rf "$work/src/web"
cp -r "$tree/src/web" "$work/src"
cd "$work/tests/browser"
npm ci --no-audit --no-fund --loglevel=error
export TODO_BINARY
if [ $# -eq 0 ]; then
	set -- test_*.mjs
fi
exec node --test "$@"
