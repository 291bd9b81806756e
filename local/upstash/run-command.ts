import type Redis from 'ioredis-mock';

/** A command as the REST API takes it: its name and its arguments. */
export type Command = readonly [string, ...unknown[]];

/** What the stand-in knows. Anything else is an error, as it is for a Redis that does not know a command. */
const COMMANDS = new Set(
  'PING GET SET SETEX PSETEX MGET MSET GETDEL DEL EXISTS INCR INCRBY DECR DECRBY EXPIRE PEXPIRE TTL PTTL PERSIST TYPE KEYS HGET HSET HGETALL HDEL HMGET HINCRBY HLEN SADD SREM SMEMBERS SISMEMBER ZADD ZRANGE ZREM ZSCORE ZCARD LPUSH RPUSH LRANGE LLEN EVAL EVALSHA SCRIPT TIME DBSIZE FLUSHDB'.split(
    ' ',
  ),
);

/** Where a command's options begin: ioredis-mock knows them in upper case only. */
const OPTIONS_FROM: Readonly<Record<string, number>> = { SET: 2, EXPIRE: 2, PEXPIRE: 2 };

/** A command of ours in the form that ioredis-mock takes. Throws when it is not known. */
export function toCall(command: Command): { name: string; args: string[] } {
  const name = String(command[0]).toUpperCase();
  if (!COMMANDS.has(name)) throw new Error(`ERR unknown command '${String(command[0])}'`);
  const optionsFrom = OPTIONS_FROM[name] ?? Number.POSITIVE_INFINITY;
  const args = command.slice(1).map((argument, at) => {
    const text = typeof argument === 'object' ? JSON.stringify(argument) : String(argument);
    return at >= optionsFrom ? text.toUpperCase() : text;
  });
  return { name: name.toLowerCase(), args };
}

/** Runs one command. Rejects with Redis's own sentence. */
export async function runCommand(redis: InstanceType<typeof Redis>, command: Command): Promise<unknown> {
  const { name, args } = toCall(command);
  const run = (redis as unknown as Record<string, (...args: string[]) => Promise<unknown>>)[name];
  if (!run) throw new Error(`ERR unknown command '${name}'`);
  return asReply(name, await run.apply(redis, args));
}

/** Redis answers HGETALL with a flat list; the client of ioredis makes an object of it. */
export function asReply(name: string, reply: unknown): unknown {
  return name === 'hgetall' ? Object.entries(reply as object).flat() : reply;
}
