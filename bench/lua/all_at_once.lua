-- Every thread sends the whole file in the same order: each request is made by all at once.
local here = debug.getinfo(1, "S").source:match("^@(.*/)")
dofile(here .. "replay.lua")

local replay_init = init

function init(args)
  number = 0
  replay_init({args[1], "1"})
end
