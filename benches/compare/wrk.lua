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

wrk.body = asked.body

-- What differs from one request to the next: where it says @name@, the next of each list says what stands there.
sent = asked.from
if #asked.turns > 0 then
  function request()
    local said = { new = uuid() }
    for _, list in ipairs(asked.turns) do
      for name, value in pairs(list[sent % #list + 1]) do said[name] = value end
    end
    sent = sent + 1
    for name, value in pairs(asked.headers) do wrk.headers[name] = (value:gsub("@(%w+)@", said)) end
    return wrk.format(nil, nil, nil, (asked.body:gsub("@(%w+)@", said)))
  end

  -- Writes: a refusal inside HTTP 200 is one.
  function response(_, _, body)
    if not body:find(asked.made, 1, true) then refused = refused + 1 end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  local last = asked.from
  for _, thread in ipairs(threads) do
    failed = failed + (thread:get("refused") or 0)
    last = math.max(last, thread:get("sent"))
  end
  io.write(string.format('\nMEASURED {"requests":%d,"micros":%d,"failed":%d,"sent":%d,"p50":%.3f,"p99":%.3f}\n',
    summary.requests, summary.duration, failed, last, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
