#!/usr/bin/env bash
# The gate on instructions. Counts the instructions that the server executes for a request of each
# kind below, with valgrind (callgrind), and compares them with tests/bench/instructions.txt. Time
# depends on the machine and on what else runs; these counts hardly do: see the spread below.
#
#     tests/bench/instructions.sh BUILD_FOLDER [--check]   compare; 1 where a count rose by over 5 %
#     tests/bench/instructions.sh BUILD_FOLDER --update    count and rewrite the file
#     tests/bench/instructions.sh BUILD_FOLDER --print     count and print
#
# After these: names of rows, to count only those (--update keeps the others). It needs valgrind
# and curl; "cmake --build BUILD_FOLDER --target instructions" makes what it needs there. Takes about
# two minutes.
#
# Each row has a server of its own, on a copy of one database, started twice: once for few requests
# and once for many, on one connection. The difference divided by the requests is the count, so that
# the start and the end drop out.

set -euo pipefail

here=$(dirname "$(realpath "$0")")
source "$here/common.sh"
usage="usage: instructions.sh BUILD_FOLDER [--check | --update | --print] [NAME...]"
build=$(realpath "${1:?$usage}")
shift
mode=--check
case ${1:-} in
--check | --update | --print)
	mode=$1
	shift
	;;
esac
wanted=("$@")
kept=$here/instructions.txt
percent=5

# The C library chooses among its functions by the processor's abilities. Without these abilities it
# takes those for SSE2 everywhere. (The limits of memcpy depend on the size of the caches.)
abilities=SSSE3,SSE4_1,SSE4_2,AVX,AVX_Fast_Unaligned_Load,AVX2,AVX512F,AVX512VL,AVX512BW
abilities+=,BMI1,BMI2,ERMS,FSRM,RTM,MOVBE,LZCNT
tunables=glibc.cpu.hwcaps=-${abilities//,/,-}
tunables+=:glibc.cpu.x86_non_temporal_threshold=0xc0000
tunables+=:glibc.cpu.x86_rep_movsb_threshold=0x40000000
tunables+=:glibc.cpu.x86_rep_stosb_threshold=0x40000000

# The server, under the command in front if there is one.
start() {
	local name=$1
	shift
	server_start "$name" env -i PATH="$PATH" GLIBC_TUNABLES="$tunables" \
		LD_PRELOAD="$build/libbench_clock.so" "$@" "$build/todo" \
		--db "$folder/$name.sqlite" --port 0 --log text
}

# The database that every row begins with, and what is to be known of it.
prepare() {
	local page
	start first
	account_make many 5000
	account_index many
	account_make some 1000
	account_index some
	api "/api/v1/accounts/some/tasks?limit=500" --output /dev/null \
		--dump-header "$folder/headers"
	cursor=$(grep -o 'cursor=[^&>]*' "$folder/headers") || die "no cursor in the list"
	account_make few 20
	"$build/bench_client" send "$port" "$token" 200 1 400 PATCH \
		/api/v1/accounts/few/tasks/3 '{"name":"Water plant %d"}'
	account_index few
	page=$(api / --header 'Accept: text/html')
	[[ $page =~ (page/[^/]*/)start\.js ]] || die "no script in the page"
	static=/${BASH_REMATCH[1]}app.js
	server_stop first
}

# NAME | ACCOUNT | STATUS | FEW | MANY | METHOD | PATH | BODY. "~" is the account's path.
rows() {
	local tasks='~/tasks'
	cat <<-END
		one task|few|200|100|400|GET|$tasks/7
		list of 20|few|200|100|300|GET|$tasks
		list of 20, not modified|few|304|100|400|GET|$tasks
		list of 1,000|some|200|10|30|GET|$tasks
		list of 5,000|many|200|4|10|GET|$tasks
		page of 50, first|some|200|50|200|GET|$tasks?limit=50
		page of 50, deep|some|200|50|200|GET|$tasks?limit=50&$cursor
		page of 50, by due date|some|200|50|200|GET|$tasks?limit=50&sort=due_date
		search, 3 letters, page of 50|some|200|30|90|GET|$tasks?limit=50&q=pla
		create|few|201|100|300|POST|$tasks|{"name":"Buy milk","note":"Two litres.","due_date":"2030-06-01"}
		batch of 10 creates|few|200|20|60|POST|$tasks/batch|$(batch 10)
		change|few|200|100|300|PATCH|$tasks/7|{"name":"Buy %d","completed":true}
		delete|some|200|100|300|DELETE|$tasks/%d
		undo|few|200|10|40|POST|~/undo|{}
		changes, 100|some|200|20|80|GET|~/changes?since=500&limit=100
		profile|few|200|100|400|GET|~
		sessions|few|200|100|400|GET|~/sessions
		health|few|200|200|800|GET|/healthz
		page|few|200|200|800|GET|/
		static file|few|200|100|400|GET|$static
		metrics|few|200|30|90|GET|/metrics
	END
}

# Until the server has done what it does once after its start: no thread of it wants to run, nor has
# run for a while.
settle() {
	local before now=
	until [[ -n $now && $now == "$before" && $now != *"(running)"* && $now != *"(disk"* ]]; do
		before=$now
		sleep 0.3
		now=$(grep -hE '^State|ctxt_switches' "/proc/$pid/task/"*/status)
	done
}

# NAME ROW COUNT: the instructions of a server that answers so many requests.
total() {
	local account status method path body
	IFS='|' read -r _ account status _ _ method path body <<<"$2"
	cp "$folder/first.sqlite" "$folder/$1.sqlite"
	start "$1" "${fixed_addresses[@]}" valgrind --tool=callgrind --vgdb=no \
		--callgrind-out-file="$folder/$1.callgrind" --log-file="$folder/$1.valgrind"
	settle
	"$build/bench_client" send "$port" "$(<"$folder/$account.token")" "$status" 1 "$3" \
		"$method" "${path/#\~//api/v1/accounts/$account}" ${body:+"$body"}
	server_stop "$1"
	sed -n 's/^totals: //p' "$folder/$1.callgrind"
}

# NUMBER ROW: a line of counts.
count() {
	local name few many least most
	IFS='|' read -r name _ _ few many _ <<<"$2"
	least=$(total "$1.few" "$2" "$few")
	most=$(total "$1.many" "$2" "$many")
	printf '%s\t%d\n' "$name" $(((most - least) / (many - few))) >"$folder/$1.count"
}

is_wanted() {
	local name
	((${#wanted[@]} > 0)) || return 0
	for name in "${wanted[@]}"; do
		[ "$name" != "$1" ] || return 0
	done
	return 1
}

# All rows that are wanted, as many at once as there are processors.
count_all() {
	local row number=100 running=0
	while IFS= read -r row; do
		is_wanted "${row%%|*}" || continue
		if ((running++ >= $(nproc))); then
			wait -n || die "a count failed"
		fi
		number=$((number + 1))
		count $number "$row" &
	done < <(rows)
	while ((running-- > 0)); do
		wait -n || break
	done
	((number > 100)) || die "there is no such row"
	cat "$folder"/*.count
}

# What the counts depend on beside the code, as comments of the file.
conditions() {
	echo "# $(readelf -p .comment "$build/todo" | sed -n 's/.*\(GCC: .*\)/\1/p' | head -n 1)"
	sed -n 's/^C_FLAGS = /# /p' "$build/CMakeFiles/todo.dir/flags.make"
	dpkg-query --show --showformat '# ${Package} ${Version}\n' libc6 libevent-dev \
		libjansson-dev libsodium-dev libsqlite3-dev valgrind
}

# Rewrites the file: the new counts in the order of the rows, the kept ones where there is none.
update() {
	{
		cat <<-END
			# Instructions of the server for a request, by instructions.sh, which writes this file.
			# They are of:
		END
		conditions
		rows | cut -d '|' -f 1 | awk -F '\t' '
			FILENAME != "-" { count[$1] = $2; next }
			$1 in count { print $1 "\t" count[$1] }
		' "$kept" "$1" -
	} >"$folder/update"
	mv "$folder/update" "$kept"
	cat "$kept"
}

# COUNTS: a table of them beside those of the file; 1 where one has risen.
check() {
	local status=0
	awk -F '\t' -v percent=$percent '
		/^#/ { next }
		FILENAME != ARGV[2] { kept[$1] = $2; next }
		{
			change = $1 in kept ? ($2 / kept[$1] - 1) * 100 : 0
			word = ""
			if (!($1 in kept) || change > percent) {
				word = $1 in kept ? "  MORE" : "  not in the file"
				over++
			} else if (change < -percent) {
				word = "  less"
				under++
			}
			printf "%-32s%12d%12d%+8.1f %%%s\n", $1, kept[$1], $2, change, word
		}
		END {
			if (over)
				print "A request executes over " percent " % more instructions than " \
					"tests/bench/instructions.txt says."
			if (under)
				print "A request has become over " percent " % cheaper: bring the " \
					"file up to date with --update."
			exit over > 0
		}
	' "$kept" "$1" || status=1
	if ((status == 1)) &&
		! diff <(sed -n '3,$ { /^#/p }' "$kept") <(conditions) >"$folder/diff"; then
		echo "The file's counts are of other versions:"
		cat "$folder/diff"
	fi
	return $status
}

# COUNTS: what has risen is counted once more, and the lower count is taken: a busy machine may add
# to one, as when a thread waits for another.
count_risen_again() {
	local risen
	mapfile -t risen < <(awk -F '\t' -v percent=$percent '
		/^#/ { next }
		FILENAME != ARGV[2] { kept[$1] = $2; next }
		$1 in kept && $2 > kept[$1] * (1 + percent / 100) { print $1 }
	' "$kept" "$1")
	((${#risen[@]} > 0)) || return 0
	wanted=("${risen[@]}")
	rm "$folder"/*.count
	count_all >"$folder/again"
	awk -F '\t' -v OFS='\t' '
		FILENAME != ARGV[2] { again[$1] = $2; next }
		$1 in again && again[$1] < $2 { $2 = again[$1] }
		{ print }
	' "$folder/again" "$1" >"$folder/lower"
	mv "$folder/lower" "$1"
}

folder_make "$build" instructions
fixed_addresses=()
if setarch --addr-no-randomize true 2>/dev/null; then
	fixed_addresses=(setarch --addr-no-randomize)
fi
touch "$kept"
prepare
count_all >"$folder/counts"
case $mode in
--update) update "$folder/counts" ;;
--print) cat "$folder/counts" ;;
--check)
	count_risen_again "$folder/counts"
	check "$folder/counts"
	;;
esac
