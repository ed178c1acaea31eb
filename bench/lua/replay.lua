-- Sends the requests of the file as they are, in turn, for ever.
local here = debug.getinfo(1, "S").source:match("^@(.*/)")
dofile(here .. "common.lua")

local texts, turn = {}, 0

function init(args)
  for _, one in ipairs(read_share(args)) do
    texts[#texts + 1] = wrk.format(one.method, one.path, one.headers, one.body ~= "" and one.body or nil)
  end
end

function request()
  turn = turn % #texts + 1
  return texts[turn]
end
