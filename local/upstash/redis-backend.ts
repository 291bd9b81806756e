import { Redis, type RedisOptions } from 'ioredis';
import { AwayError, type Backend, type Command, type Outcome, type Reply } from './backend.ts';
import { startRedisServer } from './redis-server.ts';
import { createScriptBook } from './scripts.ts';

/** A command is sent once or not at all: its caller repeats it, if anybody. */
const CLIENT: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  commandTimeout: 5_000,
  retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
};

/** Over a redis-server of its own, which ends with it. */
export async function startRedisBackend(): Promise<Backend> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startRedisServer());
  const client = new Redis({ ...CLIENT, path: server.socket, password: server.password });
  const { version } = await connect(client, 'redis-server');
  stack.defer(() => client.disconnect());
  const owned = stack.move();
  return {
    ...backendOver(client),
    name: `redis-server ${version}`,
    done: server.done,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Over a Redis that runs already; one that goes away is waited for. Rejects when it is away at the start. */
export async function openRedisBackend(url: string): Promise<Backend> {
  const client = new Redis(url, CLIENT);
  const { host } = new URL(url);
  const { version } = await connect(client, `the Redis at ${host} (REDIS_URL)`);
  return {
    ...backendOver(client),
    name: `Redis ${version} at ${host}`,
    done: new Promise(() => undefined),
    async [Symbol.asyncDispose]() {
      client.disconnect();
    },
  };
}

async function connect(client: Redis, what: string): Promise<{ version: string }> {
  let reason: unknown;
  client.on('error', (error) => {
    reason = error;
  });
  try {
    await client.connect();
    const info = await client.info('server');
    return { version: /redis_version:(\S+)/.exec(info)?.[1] ?? 'of unknown version' };
  } catch (error) {
    client.disconnect();
    const said = (reason ?? error) as Error & { code?: string };
    throw new Error(`Cannot use ${what}: ${said.message || said.code}`);
  }
}

function backendOver(client: Redis): Pick<Backend, 'pipeline' | 'transaction'> {
  const scripts = createScriptBook();
  const send = async (commands: readonly Command[]): Promise<Outcome[]> => {
    const pipeline = client.pipeline();
    // In capitals: in small letters the client would make an object of what HGETALL answers.
    for (const [name, ...args] of commands.map(scripts.toRedis)) pipeline.callBuffer(name.toUpperCase(), ...args);
    const replies = (await pipeline.exec()) as [Error | null, Reply][];
    return replies.map(([error, reply]) => (error ? { error: sentenceOf(error) } : { result: reply }));
  };
  const asClient = (commands: readonly Command[], outcomes: readonly Outcome[]): Outcome[] =>
    outcomes.map((outcome, at) =>
      'error' in outcome ? outcome : { result: scripts.toClient(commands[at] as Command, outcome.result) },
    );
  return {
    pipeline: async (commands) => (commands.length === 0 ? [] : asClient(commands, await send(commands))),
    // Sent in one piece, so that nothing comes between.
    async transaction(commands) {
      const executed = (await send([['MULTI'], ...commands, ['EXEC']])).at(-1) as Outcome;
      if ('error' in executed) return executed;
      const replies = executed.result as readonly Reply[];
      return asClient(
        commands,
        replies.map((reply) => (reply instanceof Error ? { error: reply.message } : { result: reply })),
      );
    },
  };
}

/** Redis's own sentence. Throws AwayError when it was not Redis who spoke. */
function sentenceOf(error: Error): string {
  if (error.name === 'ReplyError') return error.message;
  throw new AwayError('Redis is away', { cause: error });
}
