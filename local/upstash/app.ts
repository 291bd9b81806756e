import { type Context, Hono } from 'hono';
import type Redis from 'ioredis-mock';
import { z } from 'zod';
import { asReply, type Command, runCommand, toCall } from './run-command.ts';

type Outcome = { result: unknown } | { error: string };
type Store = InstanceType<typeof Redis>;

const Commands = z.array(z.tuple([z.string()], z.unknown()));

/** Upstash's REST API, as far as its client uses it, over a Redis in memory. */
export function createUpstashApp({ redis, token }: { redis: Store; token: string }): Hono {
  const app = new Hono();
  app.onError((error, c) => c.json({ error: `ERR ${error.message}` }, 400));
  app.get('/healthz/live', (c) => c.json({ status: 'ok' }));
  app.use(async (c, next) => {
    if (c.req.header('authorization') === `Bearer ${token}`) return next();
    return c.json({ error: 'Unauthorized' }, 401);
  });
  app.post('/', async (c) => {
    const [command] = Commands.parse([await c.req.json()]);
    const outcome = await attempt(runCommand(redis, command as Command));
    return reply(c, outcome, 'error' in outcome ? 400 : 200);
  });
  app.post('/pipeline', async (c) => {
    const outcomes: Outcome[] = [];
    for (const command of Commands.parse(await c.req.json())) outcomes.push(await attempt(runCommand(redis, command)));
    return reply(c, outcomes, 200);
  });
  app.post('/multi-exec', async (c) => {
    const outcomes = await transaction(redis, Commands.parse(await c.req.json()));
    return reply(c, outcomes, 'error' in outcomes ? 400 : 200);
  });
  return app;
}

async function attempt(running: Promise<unknown>): Promise<Outcome> {
  try {
    return { result: await running };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** All or none: a command that is not known discards the rest before anything ran. */
async function transaction(redis: Store, commands: readonly Command[]): Promise<Outcome[] | { error: string }> {
  try {
    const calls = commands.map(toCall);
    const replies = await redis.multi(calls.map(({ name, args }) => [name, ...args])).exec();
    return (replies ?? []).map(([error, result], at) =>
      error ? { error: error.message } : { result: asReply(calls[at]?.name ?? '', result) },
    );
  } catch (error) {
    return { error: `EXECABORT Transaction discarded: ${error instanceof Error ? error.message : error}` };
  }
}

function reply(c: Context, outcome: unknown, status: 200 | 400): Response {
  const wantsBase64 = c.req.header('upstash-encoding') === 'base64';
  return c.json(wantsBase64 ? encodeResults(outcome) : outcome, status);
}

/** Every string of a result in base64, only `OK` stays; errors stay readable. */
function encodeResults(outcome: unknown): unknown {
  if (Array.isArray(outcome)) return outcome.map(encodeResults);
  const { result } = outcome as { result?: unknown };
  return result === undefined ? outcome : { result: encode(result) };
}

function encode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(encode);
  return typeof value === 'string' && value !== 'OK' ? Buffer.from(value).toString('base64') : value;
}
