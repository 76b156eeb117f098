#!/bin/sh
#
# Includes go down only. Fails, naming file and line, where a layer includes a higher one, another
# layer's private header, or a library that is not its own. Reads the tree that it stands in, or
# the one that is named.

set -eu

cd "${1:-$(dirname "$0")/..}"
files=$(find src include -name '*.[ch]' | sort)
if [ -z "$files" ]; then
	echo "layers: no file to read in $PWD" >&2
	exit 1
fi

# The names hold no white space.
# shellcheck disable=SC2086
awk '
function fail(message) {
	printf "%s:%d: %s: %s\n", FILENAME, FNR, message, $0 > "/dev/stderr"
	failures++
}

function exists(path,    line, answer) {
	answer = (getline line < path) >= 0
	close(path)
	return answer
}

# The layer that a file belongs to: the folder under src or include; "roof" in src itself.
function layer_of(path,    parts) {
	if (split(path, parts, "/") > 2)
		return parts[2]
	return parts[1] == "src" ? "roof" : ""
}

# What the rules say of a public header of that owner: "" where this layer may include it.
function public_fault(layer, owner, header) {
	if (level[owner] > level[layer])
		return "a higher layer"
	if (layer == "http" && owner == "store")
		return "http knows no store"
	if (owner == "calendar" && (layer == "http" || (layer == "store" && FILENAME !~ /^src\/store\/sqlite\//)))
		return "of store and http SQLite alone, which has no time zones, knows the calendar"
	if (layer == "api" && owner !~ /^(api|base|calendar)$/ && header != "endpoint/endpoint.h")
		return "api may see endpoint/endpoint.h, calendar and base alone"
	if (!exists("include/" header))
		return "not a public header"
	return ""
}

# A private header is named by its path from its layer, or lies nowhere in the tree (made by the build).
function private_fault(header,    place) {
	if (exists((layer == "roof" ? "src/" : "src/" layer "/") header))
		return ""
	for (place in folders)
		if (exists(place header))
			return "not of this layer by that path, but in " place
	return ""
}

# SQLite is for its folder of the store alone; libevent for http, endpoint and main.c, and for who has to wake the loop.
function library_fault(header) {
	if (header ~ /^sqlite3/ && FILENAME !~ /^src\/store\/sqlite\//)
		return "SQLite belongs to src/store/sqlite"
	if (header !~ /^(event2\/|event\.h|evhttp\.h|evutil\.h|evdns\.h|evrpc\.h)/)
		return ""
	if (FILENAME ~ /^(src|include)\/(http|endpoint)\/|^src\/main\.c$/)
		return ""
	if (FILENAME ~ /^src\/(store\/|base\/work\.c$)/ && header == "event2/event.h")
		return ""
	return "libevent belongs to http and endpoint"
}

function include_fault(layer, quote, header,    owner, fault) {
	if (header ~ /\.\./)
		return "a path upwards"
	if (layer == "store" && header ~ /^sqlite\// && FILENAME !~ /^src\/store\/sqlite\//)
		return "the door knows its engine by engine.h alone"
	owner = header
	sub(/\/.*/, "", owner)
	if (owner in level)
		return public_fault(layer, owner, header)
	fault = library_fault(header)
	if (fault != "" || quote == "<")
		return fault
	return private_fault(header)
}

BEGIN {
	level["base"] = 0
	level["calendar"] = 1
	level["store"] = 2
	level["http"] = 3
	level["endpoint"] = 4
	level["api"] = 5
	level["roof"] = 6
	for (i = 1; i < ARGC; i++) {
		folder = ARGV[i]
		sub(/[^\/]*$/, "", folder)
		folders[folder] = 1
	}
}

FNR == 1 {
	layer = layer_of(FILENAME)
	folder = FILENAME
	sub(/[^\/]*$/, "", folder)
	if (!(layer in level))
		fail("a file of no layer")
}

layer in level && /^[ \t]*#[ \t]*include/ {
	if (!match($0, /<[^>]*>|"[^"]*"/)) {
		fail("an include that names no header")
		next
	}
	fault = include_fault(layer, substr($0, RSTART, 1), substr($0, RSTART + 1, RLENGTH - 2))
	if (fault != "")
		fail(fault)
}

END {
	printf "layers: %d files read, %d faults\n", ARGC - 1, failures
	exit failures > 0
}
' $files
