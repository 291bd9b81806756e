import { randomUUID } from 'node:crypto';
import RedisMock from 'ioredis-mock';
import type { Backend, Command, Outcome, Reply } from './backend.ts';
import { forMock, scriptFault } from './mock-lua.ts';
import { capitalOptions } from './mock-options.ts';
import { sha1 } from './scripts.ts';

const words = (text: string) => text.split(' ');

/** What it knows of Redis, besides scripts. */
const COMMANDS = new Set([
  ...words('PING ECHO TIME DBSIZE FLUSHDB FLUSHALL KEYS SCAN TYPE RANDOMKEY RENAME RENAMENX DEL UNLINK EXISTS'),
  ...words('EXPIRE PEXPIRE EXPIREAT PEXPIREAT TTL PTTL PERSIST'),
  ...words('GET SET SETEX PSETEX SETNX GETSET GETDEL GETEX MGET MSET MSETNX STRLEN APPEND GETRANGE'),
  ...words('INCR INCRBY INCRBYFLOAT DECR DECRBY'),
  ...words('HGET HSET HSETNX HMSET HGETALL HDEL HMGET HEXISTS HKEYS HVALS HLEN HINCRBY HINCRBYFLOAT HSCAN'),
  ...words('SADD SREM SMEMBERS SISMEMBER SMISMEMBER SCARD SPOP SRANDMEMBER SSCAN SDIFF SDIFFSTORE SINTER SUNION'),
  ...words('SUNIONSTORE LPUSH RPUSH LPUSHX RPUSHX LPOP RPOP LRANGE LLEN LINDEX LSET LREM LTRIM LINSERT LMOVE'),
  ...words('ZADD ZINCRBY ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZREM ZSCORE ZMSCORE ZCARD ZCOUNT ZRANK'),
  ...words('ZREVRANK ZPOPMIN ZPOPMAX ZREMRANGEBYRANK ZREMRANGEBYSCORE ZSCAN'),
]);

type Call = (...args: (string | number)[]) => Promise<unknown>;

/** A Redis imitated in this process, which keeps everything until it ends. */
export function createMockBackend(): Backend {
  // Those of one host share their data.
  const redis = new RedisMock({ host: randomUUID() }) as unknown as Record<string, Call | undefined>;
  const scripts = new Map<string, string>();
  const run = (command: Command): Promise<Outcome> =>
    execute({ redis, scripts }, command).then(
      (result) => ({ result }),
      (error: Error) => ({ error: error.message }),
    );
  return {
    name: 'ioredis-mock',
    // It does each command before it gives back a promise: nothing comes between those of one call.
    pipeline: (commands) => Promise.all(commands.map(run)),
    async transaction(commands) {
      const unknown = commands.find(([name]) => !knows(name.toUpperCase()));
      if (unknown) return { error: 'EXECABORT Transaction discarded because of previous errors.' };
      return Promise.all(commands.map(run));
    },
    done: new Promise(() => undefined),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const SCRIPTING = new Set(words('EVAL EVAL_RO EVALSHA EVALSHA_RO SCRIPT'));
const knows = (name: string): boolean => COMMANDS.has(name) || SCRIPTING.has(name);

interface Mock {
  readonly redis: Readonly<Record<string, Call | undefined>>;
  /** By the SHA-1 of their text. */
  readonly scripts: Map<string, string>;
}

async function execute(mock: Mock, [written, ...args]: Command): Promise<Reply> {
  const name = written.toUpperCase();
  if (name === 'SCRIPT') return manageScripts(mock, args);
  if (SCRIPTING.has(name)) return evaluate(mock, name.startsWith('EVALSHA'), args);
  const call = COMMANDS.has(name) ? mock.redis[name.toLowerCase()] : undefined;
  if (!call) throw new Error(`ERR unknown command '${written}'`);
  const reply = await call.apply(mock.redis, capitalOptions(name, args));
  if (Number.isNaN(reply)) throw new Error('ERR value is not an integer or out of range');
  // Its client makes an object of it, as that of ioredis does.
  return asReply(name === 'HGETALL' ? Object.entries(reply as object).flat() : reply);
}

function manageScripts({ scripts }: Mock, [subcommand = '', ...args]: readonly string[]): Reply {
  const does = subcommand.toUpperCase();
  if (does === 'EXISTS') return args.map((sha) => (scripts.has(sha.toLowerCase()) ? 1 : 0));
  if (does === 'FLUSH') {
    scripts.clear();
    return 'OK';
  }
  const [text] = args;
  if (does !== 'LOAD' || text === undefined) throw new Error(`ERR unknown subcommand '${subcommand}'`);
  scripts.set(sha1(text), text);
  return sha1(text);
}

async function evaluate({ redis, scripts }: Mock, isSha: boolean, args: readonly string[]): Promise<Reply> {
  const [first = '', keys = '', ...rest] = args;
  const text = isSha ? scripts.get(first.toLowerCase()) : first;
  if (text === undefined) throw new Error('NOSCRIPT No matching script. Please use EVAL.');
  if (!/^\d+$/.test(keys) || Number(keys) > rest.length)
    throw new Error("ERR Number of keys can't be greater than args");
  scripts.set(sha1(text), text);
  try {
    return asScriptReply(await redis['eval']?.(forMock(text), Number(keys), ...rest));
  } catch (error) {
    throw new Error(scriptFault((error as Error).message));
  }
}

/** Its numbers are JavaScript's, and it answers what is not there with undefined here and there. */
function asReply(value: unknown): Reply {
  if (Array.isArray(value)) return value.map(asReply);
  return typeof value === 'string' || typeof value === 'number' || Buffer.isBuffer(value) ? value : null;
}

/** As Redis makes replies of Lua's values: whole numbers, 1 for true, nil for false. */
function asScriptReply(value: unknown): Reply {
  if (Array.isArray(value)) return value.map(asScriptReply);
  if (value === true) return 1;
  return typeof value === 'number' ? Math.trunc(value) : asReply(value);
}
