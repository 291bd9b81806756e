/**
 * What ioredis-mock's Lua does otherwise than Redis, put right around a script, all on its first line so that errors name
 * the right one: replies become Lua tables with false for nil, also deep inside; numbers go to commands as text; an error
 * is a string that says what Redis says; status and error replies exist; a table is given back as a list whichever way it
 * was filled, for the mock knows lists by an order that only those filled from the end have.
 */
const PREPARE = `
  local call = redis.call
  local function numbered(from, to, item)
    local list = {}
    for at = from, to do list[#list + 1] = item(at) end
    return list
  end
  local function inner(value)
    if type(value) ~= "userdata" then return value end
    local isList, length = pcall(function() return value.length end)
    if not isList then return false end
    return numbered(0, length - 1, function(at) return inner(value[at]) end)
  end
  local function outer(value)
    if type(value) ~= "userdata" then return value end
    return numbered(1, #value, function(at) return inner(value[at]) end)
  end
  local function text(value)
    if type(value) ~= "number" then return value end
    return string.format(value == math.floor(value) and "%.0f" or "%.17g", value)
  end
  redis.call = function(...)
    local arguments = {...}
    for at = 1, #arguments do arguments[at] = text(arguments[at]) end
    local ok, reply = pcall(call, table.unpack(arguments))
    if not ok then error((tostring(reply):gsub("^%a*Error: ", "")), 0) end
    return outer(reply)
  end
  redis.pcall = function(...)
    local ok, reply = pcall(redis.call, ...)
    return ok and reply or (not ok and {err = reply})
  end
  redis.error_reply = function(sentence) return {err = sentence} end
  redis.status_reply = function(status) return {ok = status} end
  redis.log = function() end
  local function backwards(reply)
    if type(reply) ~= "table" then return reply end
    if reply.err or reply.ok then return reply.err or reply.ok end
    local list = {}
    for at = #reply, 1, -1 do list[at] = backwards(reply[at]) end
    return list
  end
  local function finish(reply)
    if type(reply) == "table" and reply.err then error(reply.err, 0) end
    return backwards(reply)
  end
`;

const FIRST_LINE = `local finish = (function() ${PREPARE.replaceAll('\n', ' ')} return finish end)() return finish((function() `;

/** A script as ioredis-mock runs it; it knows no shebangs. */
export const forMock = (script: string): string => `${FIRST_LINE}${script.replace(/^#![^\n]*/, '')}\nend)())`;

/** What Redis would say of a script that failed. */
export const scriptFault = (message: string): string => {
  const said = message.replace(/^Error trying to loading or executing lua code string in VM: /, '');
  // It looks a command up and binds what it finds.
  if (said.includes("reading 'bind'")) return 'ERR Unknown Redis command called from script';
  return said.startsWith('[string') ? `ERR ${said.replace(/^\[string .*?\]:/s, 'user_script:')}` : said;
};
