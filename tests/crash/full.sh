#!/bin/sh
#
# The long forms of what ctest runs shortly: 200 kills under load and 200 in large changes, 2,000 images
# of a disk that lost its power, and each way in which each operation may fail. Takes a build folder;
# CRASH_SEED sets the dice.

set -eu

build=$1
status=0

run() {
	"$build/$1" >"$log" 2>&1 || status=1
	grep -v -e '^Running' -e '^the server did not start' -e '^todo: ' -e '^$' "$log"
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
CRASH_SEED=${CRASH_SEED:-$(date +%s)}
export CRASH_SEED
export CRASH_KILLS=${CRASH_KILLS:-200} CRASH_IMAGES=${CRASH_IMAGES:-2000} CRASH_FAULTS=1
run test_kill
run test_power
run test_fault
run test_bulk_killed
run test_bulk_fault
exit "$status"
