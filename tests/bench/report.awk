# Two lines of the benchmark's table, for one workload, from lines of
#     workload server round requests/s p99-ms cpu-us
# Exits 1 where the ratio is over the bound.

$1 == workload {
	n[$2]++
	rate[$2, n[$2]] = $4
	p99[$2, n[$2]] = $5
	cpu[$2, n[$2]] = $6
}

function median(values, key, count,    i, j, t, sorted)
{
	for (i = 1; i <= count; i++) {
		t = values[key, i]
		for (j = i - 1; j >= 1 && sorted[j] > t; j--)
			sorted[j + 1] = sorted[j]
		sorted[j + 1] = t
	}
	return (sorted[int((count + 1) / 2)] + sorted[int((count + 2) / 2)]) / 2
}

function line(server, label, ratio, limit)
{
	printf "%-18s%-8s%12.0f%10.2f%18.1f%8.2f  %s\n", label, server,
		median(rate, server, n[server]), median(p99, server, n[server]),
		median(cpu, server, n[server]), ratio, limit
}

END {
	for (i = 1; i <= n["todo"]; i++)
		ratios["todo", i] = cpu["todo", i] / cpu["bare", i]
	ratio = median(ratios, "todo", n["todo"])
	line("bare", title, 1, "")
	line("todo", "", ratio, ratio > bound ? bound " OVER" : bound)
	exit ratio > bound
}
