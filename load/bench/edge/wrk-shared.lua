-- Each quote is asked for as often as there are connections, about at once, and never again.
local asked = 0
request = function()
  asked = asked + 1
  return wrk.format('GET', '/v1/quotes/osago?kbm=3&powerHp=' .. math.floor(asked / 64))
end
done = function(summary)
  io.write(string.format('\nreport {"requests":%d,"refused":%d}\n', summary.requests, summary.errors.status))
end
