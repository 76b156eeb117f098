# What the benchmarks share, to be sourced: a folder, servers in it, accounts with tasks.
# shellcheck shell=bash

export LC_ALL=C

die() {
	echo "$(basename "$0" .sh): $*" >&2
	exit 1
}

# Each server that runs has its process in a file.
clean_up() {
	local file
	for file in "$folder"/*.pid; do
		[ ! -e "$file" ] || kill "$(<"$file")" 2>/dev/null || true
	done
	wait
	rm -rf "$folder"
}

# BUILD_FOLDER NAME: a new folder that is then in $folder, until the script ends. It is in the build
# folder, because that for temporary files may be in memory, where a durable write costs nothing.
folder_make() {
	folder=$(mktemp -d "$1/$2.XXXXXX")
	trap clean_up EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

# NAME COMMAND...: a server, which says "Listening on http://localhost:PORT" once it accepts. Its
# process is then in $pid and its port in $port.
server_start() {
	local name=$1 line=
	shift
	rm -f "$folder/$name.out"
	mkfifo "$folder/$name.out"
	"$@" >"$folder/$name.out" 2>>"$folder/$name.log" &
	pid=$!
	echo $pid >"$folder/$name.pid"
	read -r -t 120 line <"$folder/$name.out" || true
	[[ $line == "Listening on http://"* ]] ||
		die "$name did not start: $(tail -n 5 "$folder/$name.log")"
	port=${line##*:}
}

# NAME: lets the server end by itself.
server_stop() {
	local status=0 process
	process=$(<"$folder/$1.pid")
	kill "$process"
	wait "$process" || status=$?
	rm "$folder/$1.pid"
	((status == 0)) || die "$1 ended with status $status"
}

# PATH [CURL ARGUMENT...]: the reply to a JSON request with $token, of the server at $port.
api() {
	local path=$1
	shift
	curl --silent --show-error --fail --header "Authorization: Bearer $token" \
		--header 'Content-Type: application/json' "$@" "http://127.0.0.1:$port$path"
}

# COUNT: a batch that creates so many tasks.
batch() {
	awk -v count="$1" 'BEGIN {
		for (i = 1; i <= count; i++) {
			printf("%s{\"op\":\"create\",\"task\":{\"name\":",
				i == 1 ? "{\"items\":[" : ",")
			printf("\"Water the plants in hall %d\",\"note\":\"Not the cactus.\",", i)
			printf("\"due_date\":\"2030-06-%02d\",", i % 28 + 1)
			printf("\"priority\":%d,\"tags\":[\"home\"],\"completed\":%s}}",
				i % 4, i % 3 == 0 ? "true" : "false")
		}
		print "]}"
	}'
}

# NAME TASKS: a new account with so many tasks. Its session is then in $token, and in a file.
account_make() {
	local reply i size=1000
	token=
	reply=$(api /api/v1/accounts --data "{\"username\":\"$1\",\"password\":\"correct horse\"}")
	[[ $reply =~ \"token\":\ *\"([^\"]+)\" ]] || die "no token in: $reply"
	token=${BASH_REMATCH[1]}
	echo "$token" >"$folder/$1.token"
	(($2 >= size)) || size=$2
	batch "$size" >"$folder/batch"
	for ((i = 0; i < $2; i += size)); do
		api "/api/v1/accounts/$1/tasks/batch" --data-binary "@$folder/batch" \
			--output /dev/null
	done
}

# NAME: until the search index has all tasks of the account.
account_index() {
	api "/api/v1/accounts/$1/tasks?q=water&limit=1" --output /dev/null
}
