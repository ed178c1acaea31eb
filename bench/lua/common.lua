-- What every load script shares: its number of the thread, its share of the requests, the report.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

-- Every n-th line of the file belongs to the n-th thread: no two threads press for one person.
function read_share(args)
  local share, line_number = {}, 0
  for line in io.lines(args[1]) do
    if line_number % tonumber(args[2]) == number then
      local method, path, headers, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
      local named = {}
      for name, value in headers:gmatch("([^\31:]+): ([^\31]*)") do named[name] = value end
      share[#share + 1] = {method = method, path = path, headers = named, body = body}
    end
    line_number = line_number + 1
  end
  return share
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "p50_us": %.1f, "p99_us": %.1f, "errors": ' ..
    '{"connect": %d, "read": %d, "write": %d, "status": %d, "timeout": %d}}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    e.connect, e.read, e.write, e.status, e.timeout))
end
