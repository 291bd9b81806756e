import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { AwayError, type Backend, type Command, type Outcome } from './backend.ts';
import { runPipeline, runTransaction } from './run-commands.ts';
import { toJson } from './to-json.ts';

interface UpstashContext {
  readonly backend: Backend;
  readonly token: string;
  /** Between a request and its answer, health aside. */
  readonly delay?: MiddlewareHandler;
}

const asText = z.unknown().transform((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)));
const SingleCommand = z.tuple([z.string().min(1)], asText);
const Commands = z.array(SingleCommand).min(1);

/** As large as a request to Upstash may be, in bytes. */
const MOST_BYTES = 10 * 1024 * 1024;

/** Upstash's REST API over a Redis: a command, a pipeline or a transaction in the body. */
export function createUpstashApp({ backend, token, delay }: UpstashContext): Hono {
  const app = new Hono();
  app.onError(explain);
  app.get('/healthz/live', (c) => c.json({ status: 'ok' }));
  app.get('/healthz/ready', async (c) => {
    const [outcome = { error: 'ERR no answer' }] = await backend.pipeline([['PING']]);
    return 'error' in outcome ? c.json(outcome, 503) : c.json({ status: 'ok' });
  });
  if (delay) app.use(delay);
  app.use(async (c, next) => {
    if (c.req.header('authorization') === `Bearer ${token}`) return next();
    return c.json({ error: 'Unauthorized' }, 401);
  });
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge }));
  app.post('/', async (c) => {
    const [outcome] = await runPipeline(backend, [await read(c, SingleCommand)]);
    return answer(c, outcome as Outcome);
  });
  app.post('/pipeline', async (c) => answer(c, await runPipeline(backend, await read(c, Commands))));
  app.post('/multi-exec', async (c) => answer(c, await runTransaction(backend, await read(c, Commands))));
  return app;
}

async function read<Body extends Command | Command[]>(c: Context, schema: z.ZodType<Body>): Promise<Body> {
  const body = schema.safeParse(await c.req.json().catch(() => undefined));
  if (body.success) return body.data;
  const wanted = c.req.path === '/' ? '["SET", "a", "1"]' : '[["SET", "a", "1"], ["GET", "a"]]';
  throw new HTTPException(400, { message: `ERR the body must be JSON such as ${wanted}` });
}

function answer(c: Context, outcomes: Outcome | readonly Outcome[]): Response {
  const encoding = c.req.header('upstash-encoding') === 'base64' ? 'base64' : 'utf8';
  if ('length' in outcomes) return c.json(outcomes.map((outcome) => toJson(outcome, encoding)));
  return c.json(toJson(outcomes, encoding), 'error' in outcomes ? 400 : 200);
}

function tooLarge(): never {
  throw new HTTPException(413, { message: `ERR max request size exceeded. Limit: ${MOST_BYTES} bytes` });
}

function explain(error: Error, c: Context): Response {
  if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
  if (error instanceof AwayError) return c.json({ error: `ERR ${error.message}` }, 503);
  process.stderr.write(`upstash: ${error.stack}\n`);
  return c.json({ error: 'ERR internal error' }, 500);
}
