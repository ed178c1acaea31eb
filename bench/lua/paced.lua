-- As replay, with a pause before each request: half of it to one and a half, evenly spread.
local here = debug.getinfo(1, "S").source:match("^@(.*/)")
dofile(here .. "replay.lua")

local replay_init, pause = init, 0

function init(args)
  replay_init(args)
  pause = tonumber(args[3])
  math.randomseed(1000 + number)
end

function delay()
  return pause / 2 + math.random(0, pause)
end
