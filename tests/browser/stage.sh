#!/bin/sh
#
# Makes the folder that the page's tests run in: a copy of them and of the page's scripts, and the
# browser's driver from npm, so that nothing is written beside the sources.

set -eu

tree=$(realpath "$(dirname "$0")/../..")
stage=$1
mkdir -p "$stage/tests/browser" "$stage/src"
rm -rf "$stage/src/web"
rm -f "$stage"/tests/browser/*.mjs
cp "$tree"/tests/browser/*.mjs "$tree"/tests/browser/*.json "$stage/tests/browser"
cp -r "$tree/src/web" "$stage/src"
echo '{ "type": "module" }' >"$stage/src/package.json"
cd "$stage/tests/browser"
exec npm ci --no-audit --no-fund --loglevel=error
