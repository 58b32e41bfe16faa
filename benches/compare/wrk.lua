-- Sends the requests of one operation; run.mjs writes what is asked into a file of its own, named by ASKED.

local asked = dofile(os.getenv("ASKED"))
wrk.method = asked.method
for name, value in pairs(asked.headers) do wrk.headers[name] = value end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  refused = 0
  math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 1000000)
end

-- A UUID of version 7 whose first digits follow the time, as keys made by applications do.
local function uuid()
  local now = os.time() * 1000 + math.random(0, 999)
  return string.format("%08x-%04x-7%03x-8%03x-%04x%08x", math.floor(now / 65536), now % 65536, math.random(0, 4095),
    math.random(0, 4095), math.random(0, 65535), math.random(0, 2147483647))
end

if #asked.bodies == 1 then
  wrk.body = asked.bodies[1]
elseif #asked.bodies > 1 then
  local at = 0
  function request()
    at = at % #asked.bodies + 1
    return wrk.format(nil, nil, nil, (asked.bodies[at]:gsub(asked.new, uuid)))
  end

  -- Writes: a refusal inside HTTP 200 is one.
  function response(_, _, body)
    if not body:find('"PLANNED"', 1, true) then refused = refused + 1 end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  for _, thread in ipairs(threads) do failed = failed + (thread:get("refused") or 0) end
  io.write(string.format('\nMEASURED {"requests":%d,"micros":%d,"failed":%d,"p50":%.3f,"p99":%.3f}\n', summary.requests,
    summary.duration, failed, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
