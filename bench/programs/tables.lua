-- Lua: tables, closures, strings and floating point. The argument is a number of rounds.
local function counter()
  local n = 0
  return function(by)
    n = n + by
    return n
  end
end

local Point = {}
Point.__index = Point
function Point.new(x, y) return setmetatable({ x = x, y = y }, Point) end
function Point:add(other) return Point.new(self.x + other.x, self.y + other.y) end

local count, at, parts, sum = counter(), Point.new(0, 0), {}, 0
for n = 1, tonumber(arg[1]) do
  at = at:add(Point.new(n % 7, n * 0.5))
  parts[n % 500 + 1] = ("%d:%s"):format(n, "x"):rep(n % 3 + 1)
  sum = (sum * 31 + count(n % 13) + #parts[n % 500 + 1]) % 1000003
  if n % 5000 == 0 then
    table.sort(parts)
    sum = (sum + #table.concat(parts, ",")) % 1000003
  end
end
print(sum, at.x, string.format("%.1f", at.y))
