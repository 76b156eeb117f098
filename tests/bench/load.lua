-- What each connection of wrk asks for, and the one line that bench.sh reads of what came back.
-- BENCH_TOKEN is the session. BENCH_BODY, where it is set, makes every request a POST of it; with
-- BENCH_CREATE, too, only each tenth one, to that path.

local token, body = os.getenv("BENCH_TOKEN"), os.getenv("BENCH_BODY")
local path = os.getenv("BENCH_CREATE")
local get, post
local count = 0

wrk.headers["Authorization"] = "Bearer " .. token
if body and not path then
	wrk.method = "POST"
	wrk.body = body
	wrk.headers["Content-Type"] = "application/json"
end

if path then
	function init()
		get = wrk.format()
		wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_CREATE_TOKEN")
		wrk.headers["Content-Type"] = "application/json"
		post = wrk.format("POST", path, wrk.headers, body)
	end

	function request()
		count = count + 1
		return count % 10 == 0 and post or get
	end
end

-- wrk's "status" errors are the replies of 400 and above.
function done(summary, latency)
	local errors = summary.errors
	local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout

	io.write(string.format("result %d %d %d %d %d\n", summary.requests, summary.duration,
		latency:percentile(50), latency:percentile(99), failed))
end
