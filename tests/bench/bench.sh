#!/usr/bin/env bash
# The gate on speed. Runs the server and a bare evhttp program that answers with bodies of the same
# sizes, in turn, under the same load, and compares the CPU time that each spends on a request: a
# figure that stays true on a busy or a slow machine, where requests per second do not.
#
#     tests/bench/bench.sh BUILD_FOLDER
#
# BENCH_ROUNDS (5), BENCH_SECONDS (4, of each run) and BENCH_CONNECTIONS (64) may be set.
# Exits 1 where the server costs more than the bound of a workload, or where a request failed.

set -euo pipefail
export LC_ALL=C

here=$(dirname "$(realpath "$0")")
build=$(realpath "${1:?usage: bench.sh BUILD_FOLDER}")
rounds=${BENCH_ROUNDS:-5}
seconds=${BENCH_SECONDS:-4}
connections=${BENCH_CONNECTIONS:-64}

workloads=(list one create)
declare -A title=([list]="list of 20 tasks" [one]="one task" [create]="create task")
declare -A bound=([list]=2.9 [one]=1.6 [create]=4.8) # CPU per request, of bare's
declare -A pid=() url=()                             # by server: bare, todo

# A list of 20 tasks like this one is about 3.3 KB.
task='{"name":"Water the plants in the hall","note":"Not the cactus.","due_date":"2030-06-01"}'

# In the build folder, because the folder for temporary files may be in memory, where a durable
# write costs nothing.
folder=$(mktemp -d "$build/bench.XXXXXX")

clean_up() {
	for server in "${!pid[@]}"; do
		kill "${pid[$server]}" 2>/dev/null || true
		wait "${pid[$server]}" 2>/dev/null || true
	done
	rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

die() {
	echo "bench: $*" >&2
	exit 1
}

# NAME COMMAND...: both programs say "Listening on http://localhost:PORT" once they accept.
server_start() {
	local name=$1 line=
	shift
	mkfifo "$folder/$name.out"
	"$@" >"$folder/$name.out" 2>"$folder/$name.err" &
	pid[$name]=$!
	read -r -t 10 line <"$folder/$name.out" || true
	[[ $line == "Listening on http://"* ]] ||
		die "$name did not start: $(cat "$folder/$name.err")"
	url[$name]=http://127.0.0.1:${line##*:}
}

# PATH [BODY]: the body of the reply, from the server under test.
api() {
	curl --silent --show-error --fail --header "Authorization: Bearer ${token:-}" \
		--header 'Content-Type: application/json' ${2:+--data "$2"} "${url[todo]}/api/v1$1"
}

# NAME: a new account, whose path is then in $account and whose session is in $token.
account_make() {
	local reply
	token=
	reply=$(api /accounts "{\"username\":\"$1\",\"password\":\"correct horse\"}")
	[[ $reply =~ \"token\":\ *\"([^\"]+)\" ]] || die "no token in: $reply"
	token=${BASH_REMATCH[1]}
	account=/accounts/$1
}

# 20 tasks in an account, and bare with pages of the sizes that the server's replies have.
servers_prepare() {
	local list one create
	server_start todo "$build/todo" --db "$folder/bench.sqlite" --port 0
	account_make reader
	for _ in {1..20}; do
		create=$(api "$account/tasks" "$task")
	done
	[[ $create =~ \"id\":\ *([0-9]+) ]] || die "no id in: $create"
	list_path=/api/v1$account/tasks
	one_path=$list_path/${BASH_REMATCH[1]}
	reader_token=$token
	list=$(api "${list_path#/api/v1}")
	one=$(api "${one_path#/api/v1}")
	server_start bare "$build/bench_bare" \
		/list 200 ${#list} /one 200 ${#one} /create 201 ${#create}
	echo "bodies: list ${#list}, one task ${#one}, create ${#create} bytes;" \
		"$rounds rounds of $seconds s, $connections connections"
}

# SERVER: the CPU time it has used so far, in clock ticks. Fields are counted from behind the name
# of the program, which may hold anything.
cpu_ticks() {
	local stat fields
	stat=$(<"/proc/${pid[$1]}/stat")
	read -r -a fields <<<"${stat##*) }"
	echo $((fields[11] + fields[12]))
}

# The path that WORKLOAD asks SERVER for.
path_of() {
	case $2.$1 in
	bare.*) echo "/$1" ;;
	todo.one) echo "$one_path" ;;
	todo.list) echo "$list_path" ;;
	todo.create) echo "/api/v1$account/tasks" ;;
	esac
}

# WORKLOAD SERVER ROUND: one run of wrk; a line of samples: workload server round req/s p99 cpu.
measure() {
	local before after output requests micros p99 failed
	export BENCH_TOKEN=$reader_token
	unset BENCH_BODY
	if [ "$1" = create ]; then
		account_make "writer-$2-$3" # so that every round writes into a list that is empty
		export BENCH_TOKEN=$token BENCH_BODY=$task
	fi
	before=$(cpu_ticks "$2")
	output=$(wrk --threads 1 --connections "$connections" --duration "${seconds}s" \
		--script "$here/load.lua" "${url[$2]}$(path_of "$1" "$2")")
	after=$(cpu_ticks "$2")
	read -r requests micros p99 failed < <(sed -n 's/^result //p' <<<"$output")
	if ((failed > 0 || requests == 0)); then
		die "${title[$1]}, $2: $failed of $requests requests failed"$'\n'"$output"
	fi
	if [ "$1.$2" = create.todo ]; then
		creates_check "$requests"
	fi
	awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" -v n="$requests" \
		-v micros="$micros" -v p99="$p99" -v key="$1 $2 $3" \
		'BEGIN { print key, n * 1e6 / micros, p99 / 1000, ticks * 1e6 / hertz / n }' \
		>>"$folder/samples"
}

# Speed that is bought by losing tasks is none.
creates_check() {
	local kept
	kept=$(api "$account/tasks" | grep -o '"creation_date"' | wc -l)
	((kept >= $1)) || die "$1 creates were acknowledged, $kept are there"
}

# Medians as a table; 1 where a ratio is over its bound. The ratio is the median of the rounds'
# ratios: the two runs of a round are neighbours in time, so that a machine that slows down
# meanwhile slows both.
report() {
	local workload over=0
	printf '\n%-18s%-8s%12s%10s%18s%8s  %s\n' workload server requests/s "p99 ms" \
		"CPU us/request" ratio bound
	for workload in "${workloads[@]}"; do
		awk -v workload="$workload" -v title="${title[$workload]}" \
			-v bound="${bound[$workload]}" -f "$here/report.awk" "$folder/samples" || over=1
	done
	return $over
}

servers_prepare
for ((round = 1; round <= rounds; round++)); do
	for workload in "${workloads[@]}"; do
		for server in bare todo; do
			measure "$workload" "$server" "$round"
		done
	done
done
report
