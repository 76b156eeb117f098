#!/usr/bin/env bash
# The gate on growth. A page of 50 tasks costs what it holds, not what its account holds: the CPU
# time that the server spends on one is compared between an account with 1,000 tasks and one with
# 1,000,000 that are alike, each in a file and with a server of its own, so that the large one cannot
# slow down the small one.
#
#     tests/bench/pages.sh BUILD_FOLDER
#
# PAGES_LARGE (1000000), PAGES_ROUNDS (5) and PAGES_REQUESTS (100, of each round) may be set. Takes
# half a gigabyte in the build folder, and a few minutes. Exits 1 where a ratio is over the bound.

set -euo pipefail
export LC_ALL=C

build=$(realpath "${1:?usage: pages.sh BUILD_FOLDER}")
rounds=${PAGES_ROUNDS:-5}
requests=${PAGES_REQUESTS:-100}
bound=2

accounts=(small large)
declare -A size=([small]=1000 [large]=${PAGES_LARGE:-1000000})
# How far in its middle is, in pages of how many tasks.
declare -A walk=([small]=1 [large]=50) stride=([small]=100 [large]=1000)
declare -A token=() pid=() url=() # by account

# What is asked for beside the limit. Of the filters by date, those in the order of that date.
queries=(
	''
	'completed=true'
	'completed=false'
	'priority=2'
	'tag=home'
	'tag=home&tag=garden'
	'overdue=true'
	'due_after=2025-01-01&sort=due_date'
	'due_before=2026-01-01&sort=due_date'
	'due_before=2026-01-01'
	'q=plants'
	'q=pl'
	'q=water+plants'
	'sort=position'
	'sort=-position'
	'sort=due_date'
	'sort=-priority'
	'sort=creation_date'
	'sort=-creation_date'
	'sort=modified_date'
	'sort=-modified_date'
)

# What no task has, so that there is no middle.
nothing=('priority=3' 'tag=none' 'q=nothing' 'due_after=2100-01-01&sort=due_date')

folder=$(mktemp -d "$build/pages.XXXXXX")

# ACCOUNT
server_stop() {
	kill "${pid[$1]}" 2>/dev/null || true
	wait "${pid[$1]}" 2>/dev/null || true
}

clean_up() {
	for account in "${!pid[@]}"; do
		server_stop "$account"
	done
	rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

die() {
	echo "pages: $*" >&2
	exit 1
}

# ACCOUNT: the server with its file.
server_start() {
	local line=
	rm -f "$folder/$1.out"
	mkfifo "$folder/$1.out"
	"$build/todo" --db "$folder/$1.sqlite" --port 0 >"$folder/$1.out" 2>"$folder/$1.err" &
	pid[$1]=$!
	read -r -t 10 line <"$folder/$1.out" || true
	[[ $line == "Listening on http://"* ]] ||
		die "the server did not start: $(cat "$folder/$1.err")"
	url[$1]=http://127.0.0.1:${line##*:}/api/v1/accounts
}

# ACCOUNT
account_make() {
	local reply
	reply=$(curl --silent --show-error --fail --header 'Content-Type: application/json' \
		--data "{\"username\":\"$1\",\"password\":\"correct horse\"}" "${url[$1]}")
	[[ $reply =~ \"token\":\ *\"([^\"]+)\" ]] || die "no token in: $reply"
	token[$1]=${BASH_REMATCH[1]}
}

# ACCOUNT: its tasks go straight into the file, where the triggers do what they always do. Whatever
# there is of a value, there is the same share of it in both accounts; 7919 and 6007 are prime, so
# that each order is another one.
account_fill() {
	sqlite3 "$folder/$1.sqlite" <<-SQL
		PRAGMA synchronous = OFF;
		BEGIN;
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${size[$1]})
		INSERT INTO tasks (account_id, id, name, note, creation_date, due_date, completed,
			priority, tags, position, modified_date, revision, changed)
		SELECT accounts.id, i, 'Water the plants, number ' || i, 'Not the cactus.',
			strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + i, 'unixepoch'),
			iif(i % 3 = 0, NULL, strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000
				+ i * 7919 % ${size[$1]} * 150000000 / ${size[$1]}, 'unixepoch')),
			i / 2 % 2, i % 3, iif(i % 5 = 0, '["home","garden"]', '["home"]'),
			i * 7919 % ${size[$1]},
			strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + i * 6007 % ${size[$1]},
				'unixepoch'), i, '2026-01-01T00:00:00Z'
		FROM n JOIN accounts ON username = '$1';
		COMMIT;
	SQL
}

# ACCOUNT QUERY [HEADERS_FILE]
page() {
	curl --silent --show-error --fail --output /dev/null ${3:+--dump-header "$3"} \
		--header "Authorization: Bearer ${token[$1]}" "${url[$1]}/$1/tasks?$2" ||
		die "$1 ?$2 failed"
}

# ACCOUNT QUERY: the cursor of a page in the middle of the list.
middle() {
	local query=$2 cursor= n
	for ((n = 0; n < walk[$1]; n++)); do
		page "$1" "$query&limit=${stride[$1]}$cursor" "$folder/headers"
		cursor=$(grep -i '^link:' "$folder/headers" | grep -o '&cursor=[^&>]*') ||
			die "$1 ?$query ends after $n pages"
	done
	echo "$cursor"
}

# ACCOUNT: nanoseconds of CPU time that its server has used so far, all its threads together.
cpu() {
	cat "/proc/${pid[$1]}/task/"*/schedstat | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# ACCOUNT QUERY COUNT: microseconds of CPU time for one of so many requests. What stands behind the
# # is for curl alone, to ask so often on one connection.
cost() {
	local before after
	before=$(cpu "$1")
	page "$1" "$2#[1-$3]" || return
	after=$(cpu "$1")
	echo $(((after - before) / $3 / 1000))
}

# Requests that cost much are not asked as often: a quarter of a second is enough.
count_for() {
	local one
	one=$(cost "$1" "$2" 1) || return
	echo $((one > 250000 / requests ? (one > 250000 ? 1 : 250000 / one) : requests))
}

# TITLE SMALL_QUERY LARGE_QUERY: a line of the table; 1 where it is over the bound. The two are
# measured in turn, so that a machine that slows down slows both; the ratio is the rounds' median.
compare() {
	local round small large count_small count_large
	count_small=$(count_for small "$2") || exit
	count_large=$(count_for large "$3") || exit
	: >"$folder/samples"
	for ((round = 0; round < rounds; round++)); do
		small=$(cost small "$2" "$count_small") || exit
		large=$(cost large "$3" "$count_large") || exit
		echo "$small $large" >>"$folder/samples"
	done
	awk '{ print $2 / $1, $1, $2 }' "$folder/samples" | sort -n | awk -v title="$1" \
		-v bound=$bound '{ row[NR] = $0 }
		END {
			split(row[int((NR + 1) / 2)], at)
			over = at[1] > bound
			printf "%-44s%12d%12d%9.2f%s\n", title, at[2], at[3], at[1],
				over ? "  OVER" : ""
			exit over
		}'
}

# ACCOUNT: until the index of words has caught up, which works beside what is measured.
wait_for_words() {
	local behind=1 until=$((SECONDS + 600))
	page "$1" 'q=plants&limit=1'
	while ((behind > 0)); do
		((SECONDS < until)) || die "the words do not catch up"
		behind=$(sqlite3 -readonly "$folder/$1.sqlite" \
			'SELECT count(*) FROM accounts WHERE searched < revision')
	done
}

for account in "${accounts[@]}"; do
	server_start "$account"
	account_make "$account"
	server_stop "$account"
	account_fill "$account"
	server_start "$account"
	wait_for_words "$account"
done

status=0
printf '%-44s%12s%12s%9s\n' "CPU us of a page, of tasks:" "${size[small]}" "${size[large]}" ratio
for query in "${queries[@]}"; do
	compare "${query:-(no filter)}" "$query&limit=50" "$query&limit=50" || status=1
	small=$(middle small "$query")
	large=$(middle large "$query")
	compare "    its middle" "$query&limit=50$small" "$query&limit=50$large" || status=1
done
for query in "${nothing[@]}"; do
	compare "$query" "$query&limit=50" "$query&limit=50" || status=1
done
exit $status
