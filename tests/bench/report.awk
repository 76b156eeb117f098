# The two tables of bench.sh, from lines of
#     KEY SERVER ROUND VALUE...
# Of a load the values are requests/s, p50 and p99 in milliseconds, and CPU microseconds a request.

{
	for (i = 4; i <= NF; i++)
		value[$1, $2, $3, i - 3] = $i
	if ($3 > count[$1, $2])
		count[$1, $2] = $3
}

function median_of(n,    i, j, t)
{
	for (i = 2; i <= n; i++) {
		t = list[i]
		for (j = i - 1; j >= 1 && list[j] > t; j--)
			list[j + 1] = list[j]
		list[j + 1] = t
	}
	return (list[int((n + 1) / 2)] + list[int((n + 2) / 2)]) / 2
}

function median(key, server, field,    i, n)
{
	n = count[key, server]
	for (i = 1; i <= n; i++)
		list[i] = value[key, server, i, field]
	return median_of(n)
}

# The median of the rounds' own ratios; the two runs of a round are neighbours in time, so that a
# machine that slows down meanwhile slows both.
function ratio(key, server, to_key, to_server, field,    i, n)
{
	n = count[key, server]
	for (i = 1; i <= n; i++)
		list[i] = value[key, server, i, field] / value[to_key, to_server, i, field]
	return median_of(n)
}

# ---- figures ----

function load(key, title,    i, server)
{
	for (i = 1; i <= servers; i++) {
		server = name[i]
		if (count[key, server])
			printf "| %s | %s | %.*f | %.3f | %.2f | %.1f |\n", title, server,
				median(key, server, 1) < 100, median(key, server, 1),
				median(key, server, 2), median(key, server, 3), median(key, server, 4)
	}
}

function long_lists(    i, server)
{
	for (i = 1; i <= servers; i++) {
		server = name[i]
		if (count["growth", server])
			printf "| %s | %.1f | %.1f | %.1f | %.1f | %.1f |\n", server,
				value["growth", server, 1, 1] / 1024,
				value["growth", server, 1, 2] / 1024,
				value["growth", server, 1, 3] / 1024,
				median("first", server, 1) / 1000,
				median("first", server, 2) / 1000
	}
}

# ---- ratios ----

# A target below 0 is what there must be at least.
function row(title, measured, unit, target, format,    least, missed)
{
	least = target < 0
	missed = least ? measured < -target : measured > target
	printf "| %s | " format "%s | %s %s%s%s |\n", title, measured, unit, least ? "≥" : "≤",
		least ? -target : target, unit, missed ? ", missed" : ""
}

# CPU time to that of the cheapest of these peers that was there.
function to_peer(key, title, peers, target,    i, n, peer, best)
{
	n = split(peers, peer, " ")
	best = ""
	for (i = 1; i <= n; i++) {
		if (!count[key, peer[i]])
			continue
		if (best == "" || median(key, peer[i], 4) < median(key, best, 4))
			best = peer[i]
	}
	if (best != "")
		row(title ": CPU to " best, ratio(key, "todo", key, best, 4), "", target, "%.2f")
}

function to_floor(key, title, floor, target)
{
	row(title ": CPU to " floor, ratio(key, "todo", key, floor, 4), "", target, "%.2f")
}

# Its milliseconds to those of a reply of bare evhttp and one fdatasync.
function create_latency(    i, n, floor)
{
	n = count["create1", "todo"]
	for (i = 1; i <= n; i++) {
		floor = value["create1", "bare", i, 2] + value["sync", "floor", i, 1] / 1000
		list[i] = value["create1", "todo", i, 2] / floor
	}
	return median_of(n)
}

function groups(    i, n)
{
	n = count["grouped", "todo"]
	for (i = 1; i <= n; i++)
		list[i] = value["grouped", "todo", i, 1] / value["grouped", "todo", i, 2]
	return median_of(n)
}

END {
	servers = split("bare statements todo bun bun-grouped ulfius", name, " ")
	all = "bun bun-grouped ulfius"

	printf "Medians of %d rounds of %d s.\n\n", rounds, seconds
	print "| work | server | requests/s | p50 ms | p99 ms | CPU µs a request |"
	print "|---|---|---|---|---|---|"
	load("one64", "one task, 64 connections")
	load("one1", "one task, 1 connection")
	load("list20", "list of 20, 64")
	load("create64", "create, 64")
	load("create1", "create, 1")
	load("mix", "90 % lists of 20, 10 % creates, 64")
	load("list1000", "list of 1,000, 16")
	load("list100000", "list of 100,000, 1")
	load("alone", "one task, 8")
	load("beside", "one task, 8, beside lists of 100,000")
	load("page", "page of 50 of 100,000, 8")
	load("page_deep", "the same, from the middle")
	load("search", "search of 3 letters, page of 50, 8")

	print "\n| server | MB before lists of 100,000 | most | after | ms to first byte | to last |"
	print "|---|---|---|---|---|---|"
	long_lists()

	print "\n| work | measured | target |"
	print "|---|---|---|"
	to_peer("one64", "one task, 64 connections", all, 0.55)
	to_floor("one64", "one task, 64 connections", "bare", 1.25)
	to_peer("one1", "one task, 1 connection", all, 0.55)
	to_floor("one1", "one task, 1 connection", "bare", 1.25)
	to_peer("list20", "list of 20, 64", all, 0.5)
	to_floor("list20", "list of 20, 64", "bare", 1.75)
	to_peer("create64", "create, 64", "bun-grouped", 0.75)
	to_peer("create64", "create, 64", "bun ulfius", 0.15)
	to_floor("create64", "create, 64", "bare", 2.2)
	row("create, 64: creates a commit", groups(), "", -16, "%.1f")
	to_peer("mix", "90 % lists of 20, 10 % creates, 64", all, 0.5)
	to_peer("create1", "create, 1", "ulfius", 1)
	row("create, 1: p50 to that of bare and one fdatasync", create_latency(), "", 1.3, "%.2f")
	to_peer("list1000", "list of 1,000", all, 0.6)
	to_floor("list1000", "list of 1,000", "statements", 1.3)
	to_peer("list100000", "list of 100,000", all, 0.6)
	to_floor("list100000", "list of 100,000", "statements", 1.2)
	row("list of 100,000: memory grows",
		(value["growth", "todo", 1, 2] - value["growth", "todo", 1, 1]) / 1024, " MB", 8,
		"%.1f")
	row("list of 100,000: of that it keeps",
		(value["growth", "todo", 1, 3] - value["growth", "todo", 1, 1]) / 1024, " MB", 1,
		"%.1f")
	row("list of 100,000: first byte", median("first", "todo", 1) / 1000, " ms", 5, "%.1f")
	if (count["gzip", "todo"])
		row("list of 5,000 with gzip, at 1 MB/s: time to that without",
			value["gzip", "todo", 1, 1] / value["gzip", "todo", 1, 2], "", 0.5, "%.2f")
	row("one task beside lists of 100,000: p99 to alone",
		ratio("beside", "todo", "alone", "todo", 3), "", 2, "%.2f")
	row("page of 50, from the middle of 100,000: CPU to the first",
		ratio("page_deep", "todo", "page", "todo", 4), "", 1.2, "%.2f")
	row("search of 3 letters among 100,000: CPU to a page",
		ratio("search", "todo", "page", "todo", 4), "", 2, "%.2f")
	row("start to first reply, 20 tasks", value["start_small", "todo", 1, 1] / 1000, " ms", 10,
		"%.1f")
	row("start to first reply, " large " tasks", value["start_large", "todo", 1, 1] / 1000,
		" ms", 10, "%.1f")
	row("memory after 64 connections", value["memory", "todo", 1, 1] / 1024, " MB", 16, "%.1f")
	row("memory of an idle connection", value["idle", "todo", 1, 1], " bytes", 4096, "%.0f")
	row("wake-ups of an idle server",
		value["wakeups", "todo", 1, 1] / value["wakeups", "todo", 1, 2], " a second", 1,
		"%.1f")
}
