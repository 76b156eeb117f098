#!/bin/sh
#
# Fuzz the product's own functions: run.sh [SECONDS [TARGET...]]. Builds with clang, then runs each
# target for so many seconds (30), two at a time, from its corpus and with its dictionary and the
# names that the product knows; api is random requests to a running server instead. One line for
# each target; fails where one crashed, leaked, was too slow or found its checks broken, and then
# shows the input, which stays as a file.
#
# FUZZ_BUILD: the build folder, to be kept; FUZZ_OUTPUT: where new inputs, faults and logs go. Both
# are temporary folders otherwise, which stay only where something failed.

set -eu

tree=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-30}
[ $# -eq 0 ] || shift
output=${FUZZ_OUTPUT:-$(mktemp -d /tmp/todo-fuzz-XXXXXX)}
build=${FUZZ_BUILD:-$output/build}
targets=${*:-$(cd "$tree/tests/fuzz" && for file in fuzz_*.c; do
	file=${file#fuzz_}
	echo "${file%.c}"
done; echo api)}

mkdir -p "$output"
programs=fuzz_words
for target in $targets; do
	programs="$programs fuzz_$target"
done
# shellcheck disable=SC2086 # the names hold no white space
if ! { CC=clang cmake -DFUZZ=ON -S "$tree" -B "$build" &&
	cmake --build "$build" --parallel "$(nproc)" --target $programs; } >"$output/build.log" 2>&1; then
	tail -40 "$output/build.log" >&2
	exit 1
fi
bin=$build/tests/fuzz
"$bin/fuzz_words" | sort -u >"$output/words.dict"

# A fault's input: the file, and its bytes.
show_faults() {
	grep -m 1 -A 12 -E 'ERROR: |runtime error|: Failed: ' "$output/$1.log" ||
		tail "$output/$1.log"
	for fault in "$output/faults/$1"-*; do
		[ -f "$fault" ] || continue
		echo "$fault:"
		od -An -tx1z "$fault" | head -40
	done
}

run_api() {
	if ! "$bin/fuzz_api" "$seconds" >"$output/api.log" 2>&1; then
		echo "api: FAILED"
		tail -30 "$output/api.log"
		return 1
	fi
	echo "api: $(tail -1 "$output/api.log")"
}

run_target() {
	[ "$1" = api ] && { run_api; return; }
	own=$tree/tests/fuzz/dict/${1%_evhttp}.dict
	cat "$output/words.dict" $([ ! -f "$own" ] || echo "$own") >"$output/$1.dict"
	mkdir -p "$output/new/$1" "$output/faults"
	most=4096
	[ "$1" != parser ] || most=20480 # the longest heads that are let through, and more
	status=0
	"$bin/fuzz_$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len="$most" \
		-print_final_stats=1 -dict="$output/$1.dict" -artifact_prefix="$output/faults/$1-" \
		"$output/new/$1" "$tree/tests/fuzz/corpus/$1" >"$output/$1.log" 2>&1 || status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$output/$1.log")
	found=$(sed -n 's/^stat::new_units_added: *//p' "$output/$1.log")
	cover=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$output/$1.log" | tail -1)
	summary="$1: ${runs:-0} runs, coverage ${cover:-0}, ${found:-0} new inputs"
	if [ "$status" -ne 0 ]; then
		echo "$summary: FAILED"
		show_faults "$1"
		return 1
	fi
	echo "$summary"
}

# Each of two lanes takes every other target; what it says comes out whole.
lane() {
	failed=0
	number=0
	for target in $targets; do
		number=$((number + 1))
		[ $((number % 2)) -eq "$1" ] || continue
		run_target "$target" >"$output/$target.said" || failed=1
		cat "$output/$target.said"
	done
	return "$failed"
}

lane 0 &
other=$!
result=0
lane 1 || result=1
wait "$other" || result=1
if [ "$result" -eq 0 ] && [ -z "${FUZZ_OUTPUT:-}" ]; then
	rm -rf "$output"
else
	echo "logs: $output"
fi
exit "$result"
