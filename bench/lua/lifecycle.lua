-- An interview session from start to end, nine requests, one learner after the other.
-- One connection a thread, so that each answer has come before the next request is sent.
local here = debug.getinfo(1, "S").source:match("^@(.*/)")
dofile(here .. "common.lua")

local share, turn, step, id, is_first = {}, 0, 9, nil, true

local function new_id()
  return string.format("%04x%04x-%04x-4%03x-8%03x-%04x%04x%04x",
    math.random(0, 65535), math.random(0, 65535), math.random(0, 65535), math.random(0, 4095),
    math.random(0, 4095), math.random(0, 65535), math.random(0, 65535), math.random(0, 65535))
end

function init(args)
  share = read_share(args)
  math.randomseed(os.time() * 100 + number)
  for _ = 1, 20 do math.random() end
end

-- A body in the file: category, two question ids and an answer, by |.
local function request_of(one)
  local category, first, second, answer = one.body:match("^([^|]*)|([^|]*)|([^|]*)|(.*)$")
  local path = "/api/sessions/" .. id
  local function attempt(question)
    return "POST", path .. "/attempts", string.format(
      '{"question_id": %s, "answer_text": "%s", "time_spent_sec": 240}', question, answer)
  end
  if step == 1 then
    return "POST", "/api/sessions",
      string.format('{"id": "%s", "mode": "standard", "category_filter": "%s"}', id, category)
  elseif step == 2 or step == 4 then return "GET", path .. "/next-question"
  elseif step == 3 then return attempt(first)
  elseif step == 5 then return attempt(second)
  elseif step == 6 then return "GET", path .. "/attempts"
  elseif step == 8 then return "POST", path .. "/end", "{}"
  end
  return "GET", path
end

function request()
  -- wrk asks the first thread once for a request that it never sends.
  if not (is_first and number == 0) then step = step % 9 + 1 end
  if step == 1 then
    turn, id = turn % #share + 1, new_id()
  end
  local one = share[math.max(turn, 1)]
  if is_first and number == 0 then
    is_first = false
    return wrk.format("GET", "/healthz", one.headers)
  end
  is_first = false
  local method, path, body = request_of(one)
  return wrk.format(method, path, one.headers, body)
end
