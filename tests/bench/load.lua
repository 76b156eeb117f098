-- What each connection of wrk asks for, and the one line that bench.sh reads of what came back.
-- BENCH_TOKEN is the session; BENCH_BODY, where it is set, makes every request a POST of it.

local token, body = os.getenv("BENCH_TOKEN"), os.getenv("BENCH_BODY")

wrk.headers["Authorization"] = "Bearer " .. token
if body then
	wrk.method = "POST"
	wrk.body = body
	wrk.headers["Content-Type"] = "application/json"
end

-- wrk's "status" errors are the replies of 400 and above.
function done(summary, latency)
	local errors = summary.errors
	local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout

	io.write(string.format("result %d %d %d %d\n",
		summary.requests, summary.duration, latency:percentile(99), failed))
end
