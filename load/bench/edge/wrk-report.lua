-- One line of JSON of what came of a run: of wrk's own lines sizes are rounded.
done = function(summary)
  local e = summary.errors
  io.write(string.format(
    '\nreport {"requests":%d,"us":%d,"bytes":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, summary.bytes, e.status, e.connect + e.read + e.write + e.timeout))
end
