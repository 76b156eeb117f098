#!/usr/bin/env bash
# Measures the server beside its floors and its peers, in turn under the same load. Prints a table of
# figures and a table of ratios beside their targets, both for README.md.
#
#     tests/bench/bench.sh BUILD_FOLDER [--short]
#
# The floors are evhttp that answers with fixed bodies of the same sizes (bare.c), SQLite in process
# that steps the same statement and writes the same JSON (statements.c), and one fdatasync. The peers
# are those of the folder peers that can run: bun.js where there is "bun" (npm install bun, or BUN is
# its path), ulfius.c where it was built (Debian: libulfius-dev).
#
# "cmake --build BUILD_FOLDER --target bench" makes what it needs there. Beside that it needs wrk,
# curl, and sqlite3 for the peers. --short has one round of one second for each load, and takes two
# or three minutes; else BENCH_ROUNDS (5), BENCH_SECONDS (2) and BENCH_LARGE (1000000, the tasks of
# the large file) may be set.
#
# Look at the CPU time first: it stays true on a busy machine, where requests per second and times
# do not. A ratio is the median of those of the rounds. Exits 1 only if a request failed.

set -euo pipefail

here=$(dirname "$(realpath "$0")")
source "$here/common.sh"
build=$(realpath "${1:?usage: bench.sh BUILD_FOLDER [--short]}")
rounds=${BENCH_ROUNDS:-5}
seconds=${BENCH_SECONDS:-2}
large=${BENCH_LARGE:-1000000}
starts=10
lists=10 # of 100,000 tasks, one after another
if [ "${2:-}" = --short ]; then
	rounds=1
	seconds=1
	large=100000
	starts=5
	lists=3
fi
many=100000
idle_connections=1000
idle_seconds=10

task='{"name":"Water the plants in the hall","note":"Not the cactus.","due_date":"2030-06-01"}'
declare -A pids=() ports=() # by server

folder_make "$build" bench

# NAME FILE: the server with all that can be switched on; its log goes to a file.
todo_start() {
	server_start "$1" "$build/todo" --db "$folder/$2.sqlite" --port 0 --log text \
		--metrics-token word --max-per-address 20000
}

# NAME COMMAND...: a peer, or the floor.
other_start() {
	server_start "$@"
	pids[$1]=$pid
	ports[$1]=$port
}

# The server's database, filled by another start of it, so that its memory shows only what is
# measured.
todo_prepare() {
	local walked tasks="/api/v1/accounts/many/tasks?limit=1000"
	todo_start first todo
	account_make few 20
	account_make some 1000
	account_make more 5000
	account_make many $many
	account_index many
	cursor=
	for ((walked = 0; walked < many / 2; walked += 1000)); do
		api "$tasks${cursor:+&cursor=$cursor}" --output /dev/null \
			--dump-header "$folder/headers"
		cursor=$(sed -n 's/.*cursor=\([^&>]*\).*/\1/p' "$folder/headers")
	done
	server_stop first
	todo_start todo todo
	pids[todo]=$pid
	ports[todo]=$port
}

floor_prepare() {
	local list one create
	token=$(<"$folder/few.token")
	list=$(api /api/v1/accounts/few/tasks)
	one=$(api /api/v1/accounts/few/tasks/7)
	account_make first 0
	create=$(api /api/v1/accounts/first/tasks --data "$task")
	other_start bare "$build/bench_bare" /list 200 ${#list} /one 200 ${#one} \
		/create 201 ${#create}
	"$build/bench_statements" "$folder/todo.sqlite" some print >"$folder/floor"
	token=$(<"$folder/some.token") port=${ports[todo]}
	api /api/v1/accounts/some/tasks | cmp - "$folder/floor" ||
		die "the floor's list is another one"
}

peers_prepare() {
	local bun=${BUN:-$(command -v bun || true)} name file
	peers=()
	[ -z "$bun" ] || peers+=(bun bun-grouped)
	[ ! -x "$build/bench_ulfius" ] || peers+=(ulfius)
	for name in "${peers[@]}"; do
		"$here/peers/seed.sh" "$folder/$name.sqlite" few=20 some=1000 many=$many writer=0
	done
	for name in "${peers[@]}"; do
		file=$folder/$name.sqlite
		case $name in
		bun) other_start "$name" "$bun" "$here/peers/bun.js" "$file" ;;
		bun-grouped) other_start "$name" "$bun" "$here/peers/bun.js" "$file" group ;;
		ulfius) other_start "$name" "$build/bench_ulfius" "$file" ;;
		esac
	done
}

# ---- one load ----

# PID: its CPU time so far, in clock ticks. Fields are counted from behind the name of the program,
# which may hold anything.
cpu_ticks() {
	local stat fields
	stat=$(<"/proc/$1/stat")
	read -r -a fields <<<"${stat##*) }"
	echo $((fields[11] + fields[12]))
}

# PID WHAT: VmRSS or VmHWM, in kB.
memory() {
	awk -v key="$2:" '$1 == key { print $2 }' "/proc/$1/status"
}

# SERVER ACCOUNT
token_of() {
	case $1 in
	todo) cat "$folder/$2.token" ;;
	*) echo "token-$2" ;;
	esac
}

# SERVER ACCOUNT PATH: the path, with what the server has in place of the account's tasks.
path_of() {
	case $1.$2.$3 in
	bare.few.) echo /list ;;
	bare.few.*) echo /one ;;
	bare.*) echo /create ;;
	*) echo "/api/v1/accounts/$2/tasks$3" ;;
	esac
}

# KEY SERVER NUMBER...: a line of samples.
sample() {
	echo "$1 $2 $round ${*:3}" >>"$folder/samples"
}

# KEY SERVER CONNECTIONS ACCOUNT [PATH]: one run of wrk; a sample of requests/s, milliseconds of p50
# and p99, and microseconds of CPU time a request.
measure() {
	local before after output requests micros p50 p99 failed
	before=$(cpu_ticks "${pids[$2]}")
	output=$(BENCH_TOKEN=$(token_of "$2" "$4") wrk --threads 1 --connections "$3" \
		--duration "${seconds}s" --timeout 30s --script "$here/load.lua" \
		"http://127.0.0.1:${ports[$2]}$(path_of "$2" "$4" "${5:-}")")
	after=$(cpu_ticks "${pids[$2]}")
	read -r requests micros p50 p99 failed < <(sed -n 's/^result //p' <<<"$output")
	if ((failed > 0 || requests == 0)); then
		die "$1, $2: $failed of $requests requests failed"$'\n'"$output"
	fi
	sample "$1" "$2" "$(awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" \
		-v n="$requests" -v micros="$micros" -v p50="$p50" -v p99="$p99" 'BEGIN {
			print n * 1e6 / micros, p50 / 1000, p99 / 1000, ticks * 1e6 / hertz / n
		}')"
}

# SERVER: the account that it creates tasks in; a new one of the server's in each round, so that its
# list is empty.
writer_of() {
	case $1 in
	todo) echo "writer$round" ;;
	*) echo writer ;;
	esac
}

# NAME: the sum of the values of a metric of the server.
metric() {
	token=word port=${ports[todo]} api /metrics | awk -v name="$1" '$1 == name { print $2 }'
}

# Speed that is bought by losing tasks is none: NUMBER is how many there must be in the account.
creates_check() {
	local kept
	kept=$(token=$(token_of todo "writer$round") port=${ports[todo]} \
		api "/api/v1/accounts/writer$round/tasks" | grep -o '"creation_date"' | wc -l)
	((kept >= $1)) || die "$1 creates were acknowledged, $kept are there"
}

# ---- the loads of a round ----

# KEY CONNECTIONS ACCOUNT [PATH]
measure_all() {
	local server
	for server in $(servers_of "$1"); do
		measure "$1" "$server" "${@:2}"
	done
}

servers_of() {
	case $1 in
	page* | search) echo todo ;;
	mix | list1000 | list100000 | alone | beside) echo todo "${peers[@]}" ;;
	*) echo bare todo "${peers[@]}" ;;
	esac
}

measure_creates() {
	local server groups jobs
	export BENCH_BODY=$task
	for server in $(servers_of create64); do
		groups=$(metric todo_store_groups_total)
		jobs=$(metric todo_store_grouped_jobs_total)
		measure create64 "$server" 64 "$(writer_of "$server")"
		[ "$server" != todo ] || sample grouped todo "$((
			$(metric todo_store_grouped_jobs_total) - jobs)) $((
			$(metric todo_store_groups_total) - groups))"
	done
	for server in $(servers_of create1); do
		measure create1 "$server" 1 "$(writer_of "$server")"
	done
	sample sync floor "$("$build/bench_client" sync "$folder" 300)"
	for server in $(servers_of mix); do
		BENCH_CREATE=$(path_of "$server" "$(writer_of "$server")" "") \
			BENCH_CREATE_TOKEN=$(token_of "$server" "$(writer_of "$server")") \
			measure mix "$server" 64 few
	done
	unset BENCH_BODY
	creates_check "$(awk -v round="$round" -v seconds="$seconds" '
		$2 == "todo" && $3 == round && $1 ~ /^create/ { n += $4 * seconds * 0.99 }
		END { print int(n) }' "$folder/samples")"
}

# SERVER: whole lists, where wrk would count the CPU time of one that it gives up at its end.
measure_lists() {
	local before after output first half most micros
	before=$(cpu_ticks "${pids[$1]}")
	output=$("$build/bench_client" first "${ports[$1]}" "$(token_of "$1" many)" "$lists" \
		"$(path_of "$1" many "")")
	after=$(cpu_ticks "${pids[$1]}")
	read -r first half most micros <<<"$output"
	sample first "$1" "$first $half"
	sample list100000 "$1" "$(awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" \
		-v n="$lists" -v micros="$micros" -v p50="$half" -v p99="$most" 'BEGIN {
			print n * 1e6 / micros, p50 / 1000, p99 / 1000, ticks * 1e6 / hertz / n
		}')"
}

# The list of 100,000, and what it does to the memory and to others.
measure_long() {
	local server before
	declare -A grown=()
	for server in $(servers_of list100000); do
		before=$(memory "${pids[$server]}" VmRSS)
		echo 5 >"/proc/${pids[$server]}/clear_refs"
		measure_lists "$server"
		grown[$server]="$before $(memory "${pids[$server]}" VmHWM)"
	done
	statements list100000 many
	for server in "${!grown[@]}"; do
		sample growth "$server" "${grown[$server]} $(memory "${pids[$server]}" VmRSS)"
	done
	for server in $(servers_of beside); do
		measure alone "$server" 8 few /7
		measure_beside "$server"
	done
}

# SERVER: one task, while another client reads the long list over and over.
measure_beside() {
	local reader url
	url=http://127.0.0.1:${ports[$1]}$(path_of "$1" many "")
	BENCH_TOKEN=$(token_of "$1" many) wrk --threads 1 --connections 1 --timeout 30s \
		--duration $((seconds + 10))s --script "$here/load.lua" "$url" >/dev/null &
	reader=$!
	echo $reader >"$folder/beside.pid"
	measure beside "$1" 8 few /7
	kill $reader
	wait $reader || true
	rm "$folder/beside.pid"
}

# KEY ACCOUNT: the floor of a list.
statements() {
	sample "$1" statements "$("$build/bench_statements" "$folder/todo.sqlite" "$2" "$seconds" |
		awk '{ print $2 * 1e6 / $3, $4 / 1000, $5 / 1000, $6 / $2 / 1000 }')"
}

measure_round() {
	: >"$folder/todo.log"
	port=${ports[todo]}
	account_make "writer$round" 0
	measure_all one64 64 few /7
	measure_all one1 1 few /7
	measure_all list20 64 few
	measure_creates
	sample memory todo "$(memory "${pids[todo]}" VmRSS)"
	measure_all list1000 16 some
	statements list1000 some
	measure_all page 8 many '?limit=50'
	measure_all page_deep 8 many "?limit=50&cursor=$cursor"
	measure_all search 8 many '?limit=50&q=pla'
	measure_long
}

# ---- what has no rounds ----

# CURL ARGUMENT...: seconds of a list of 5,000 to a client that takes 1 MB a second.
slow_seconds() {
	token=$(<"$folder/more.token") port=${ports[todo]} api /api/v1/accounts/more/tasks "$@" \
		--output /dev/null --write-out '%{size_download} %{time_total}\n' |
		awk '{ print $1 / 1e6 + $2 }'
}

measure_gzip() {
	sample gzip todo "$(slow_seconds --header 'Accept-Encoding: gzip') $(slow_seconds)"
}

# A server of its own: idle connections, and how often it wakes up without any.
measure_idle() {
	local before during client
	todo_start idle idle
	before=$(memory "$pid" VmRSS)
	mkfifo "$folder/hold"
	touch "$folder/held"
	"$build/bench_client" hold "$port" $idle_connections /healthz \
		<"$folder/hold" >"$folder/held" &
	client=$!
	echo $client >"$folder/hold.pid"
	exec 3>"$folder/hold"
	until grep -q held "$folder/held"; do
		kill -0 $client 2>/dev/null || die "the connections cannot be held"
		sleep 0.1
	done
	during=$(memory "$pid" VmRSS)
	exec 3>&-
	wait $client
	rm "$folder/hold.pid"
	sample idle todo "$(((during - before) * 1024 / idle_connections))"
	before=$(switches "$pid")
	sleep $idle_seconds
	sample wakeups todo "$(($(switches "$pid") - before)) $idle_seconds"
	server_stop idle
}

# PID: how often one of its threads has begun to wait so far.
switches() {
	awk '/^voluntary_ctxt_switches/ { sum += $2 } END { print sum }' "/proc/$1/task/"*/status
}

# FILE: from the start to the first reply.
measure_start() {
	sample "start_$1" todo "$("$build/bench_client" start "$(<"$folder/$1.token")" $starts \
		"/api/v1/accounts/$1/tasks/7" "$build/todo" --db "$folder/$1.sqlite" --port 0 \
		2>>"$folder/start.log")"
}

measure_starts() {
	todo_start small small
	account_make small 20
	server_stop small
	measure_start small
	todo_start large large
	account_make large "$large"
	server_stop large
	measure_start large
}

todo_prepare
floor_prepare
peers_prepare
for ((round = 1; round <= rounds; round++)); do
	measure_round
done
round=1
measure_gzip
measure_idle
measure_starts
awk -v rounds="$rounds" -v seconds="$seconds" -v large="$large" -f "$here/report.awk" \
	"$folder/samples"
