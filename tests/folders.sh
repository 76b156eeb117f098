#!/bin/sh
#
# A folder is a subject that one can look over: none in src, include and tests holds more than 25
# source files by itself. Names each that does, and fails. Reads the tree that it stands in, or the one
# that is named.

set -eu

most=25
cd "${1:-$(dirname "$0")/..}"
find src include tests -type f \( -name '*.[ch]' -o -name '*.js' -o -name '*.mjs' \) |
	awk -v most="$most" '
	{
		sub(/\/[^\/]*$/, "")
		count[$0]++
	}
	END {
		for (folder in count) {
			folders++
			if (count[folder] <= most)
				continue
			print "folders: " folder " holds " count[folder] " source files"
			faults++
		}
		if (folders == 0) {
			print "folders: there is no file to read"
			exit 1
		}
		print "folders: " folders " folders read, " faults + 0 " with more than " most " source files"
		exit faults > 0
	}'
