-- wrk: one path after another from the file `paths`, with the token in the file `token`.
local paths = {}
for path in io.lines("paths") do paths[#paths + 1] = path end
wrk.method = os.getenv("METHOD")
wrk.headers["Authorization"] = io.open("token"):read()
local number = 0
request = function()
    number = number % #paths + 1
    return wrk.format(nil, paths[number])
end
