#!/bin/sh
#
# No circles: whoever is called from a file does not need that file himself, by whatever way. Two files
# that need each other can only be read, tested and moved together. Reads the symbols of the program's
# object files in a folder of a build, and the imports of the page's modules. Nor do sources with their
# headers, or folders, include each other in a circle. Names the members of each circle, and fails where
# there is one.
#
#     tests/circles.sh BUILD_FOLDER

set -eu

build=$(realpath "${1:?usage: circles.sh BUILD_FOLDER}")
cd "$(dirname "$0")/.."

# "FILE defines SYMBOL" and "FILE needs SYMBOL".
list_symbols() {
	for layer in base calendar store http endpoint api todo; do
		find "$build/CMakeFiles/$layer.dir" -name '*.c.o'
	done | while read -r object; do
		file=${object#"$build"/CMakeFiles/*.dir/}
		[ -f "${file%.o}" ] || continue # left from an earlier build, or made by it
		nm --format=posix "$object" | awk -v file="${file%.o}" '
			$2 ~ /^[TDBRVWC]$/ { print file, "defines", $1 }
			$2 == "U" { print file, "needs", $1 }'
	done
}

# "MODULE needs MODULE", where each defines itself; or "MODULE lacks MODULE".
list_imports() {
	find src/web -name '*.js' | while read -r module; do
		echo "$module defines $module"
		sed -En "s/^(.* from|import) ?['\"](\.[^'\"]*)['\"].*/\2/p" "$module" | while read -r path; do
			imported=$(realpath -m --relative-to=. "${module%/*}/$path")
			[ -f "$imported" ] && word=needs || word=lacks
			echo "$module $word $imported"
		done
	done
}

# "FOLDER needs FOLDER", as the files in it include each other's headers; each defines itself.
list_folders() {
	find src include -name '*.[ch]' | while read -r file; do
		folder=${file%/*} layer=${file#*/}
		echo "$folder defines $folder"
		sed -En 's/^#include "([^"]*)".*/\1/p' "$file" | while read -r header; do
			for place in include "src/${layer%%/*}"; do
				path=$place/$header
				if [ -f "$path" ] && [ "${path%/*}" != "$folder" ]; then
					echo "$folder needs ${path%/*}"
				fi
			done
		done
	done
}

# "UNIT needs UNIT", as their files include headers. A unit is a source with its header, which lies beside
# it or among the public ones; a header without a source is a unit by itself.
list_units() {
	# The names hold no white space.
	# shellcheck disable=SC2046
	awk '
	function layer_of(path,    parts) {
		split(path, parts, "/")
		return parts[2]
	}

	function unit_of(path,    beside) {
		beside = path
		sub(/h$/, "c", beside)
		if (beside in exists)
			return beside
		return sources[path] == 1 ? source[path] : path
	}

	function need(path) {
		if (path in exists)
			print unit, "needs", unit_of(path)
	}

	BEGIN {
		for (i = 1; i < ARGC; i++)
			exists[ARGV[i]] = 1
		for (path in exists) {
			header = path
			sub(/c$/, "h", header)
			if (header in exists)
				continue
			sub(/.*\//, "", header)
			header = "include/" layer_of(path) "/" header
			sources[header]++
			source[header] = path
		}
	}

	FNR == 1 {
		unit = unit_of(FILENAME)
		print unit, "defines", unit
	}

	/^#include "/ {
		split($0, words, "\"")
		need("include/" words[2])
		need("src/" layer_of(FILENAME) "/" words[2])
		need("src/" words[2])
	}' $(find src include -name '*.[ch]' | sort)
}

# The strongly connected components of more than one file (Tarjan 1972).
find_circles() {
	awk '
	function min(a, b) { return a < b ? a : b }

	function visit(file,    i, count, next_file, files, circle, length_of) {
		number[file] = lowest[file] = ++numbers
		stack[++height] = file
		waits[file] = 1
		count = split(needed[file], files, " ")
		for (i = 1; i <= count; i++) {
			next_file = files[i]
			if (!(next_file in number)) {
				visit(next_file)
				lowest[file] = min(lowest[file], lowest[next_file])
			} else if (waits[next_file]) {
				lowest[file] = min(lowest[file], number[next_file])
			}
		}
		if (lowest[file] != number[file])
			return
		do {
			circle = circle " " stack[height]
			length_of++
			waits[stack[height]] = 0
		} while (stack[height--] != file)
		if (length_of > 1) {
			print "circles: " length_of " need each other:" circle
			found += length_of
		}
	}

	$2 == "defines" { home[$3] = $1; known[$1] = 1 }
	$2 == "needs" { from[++edges] = $1; symbol[edges] = $3 }
	$2 == "lacks" { print "circles: " $1 " imports " $3 ", which is not there"; lacking++ }
	END {
		for (i = 1; i <= edges; i++) {
			to = home[symbol[i]]
			if (to != "" && to != from[i] && !seen[from[i], to]++)
				needed[from[i]] = needed[from[i]] " " to
		}
		for (file in known) {
			files++
			if (!(file in number))
				visit(file)
		}
		if (files == 0) {
			print "circles: there is no file to read"
			exit 1
		}
		if (found + lacking == 0)
			print "circles: " files " files or folders, none of which needs one that needs it"
		exit found + lacking > 0
	}'
}

status=0
list_symbols | find_circles || status=1
list_imports | find_circles || status=1
list_units | find_circles || status=1
list_folders | find_circles || status=1
exit "$status"
