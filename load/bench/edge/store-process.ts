import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as timer } from 'node:timers/promises';
import { createUpstashApp } from '../../../local/upstash/app.ts';
import { createMockBackend } from '../../../local/upstash/mock-backend.ts';

/** What this process is told: how long every answer takes, ms. It answers with the calls since the last message. */
export interface Order {
  readonly delayMs: number;
}

/** HTTP calls that were answered. */
export interface Calls {
  readonly calls: number;
}

const token = process.env['UPSTASH_TOKEN'] ?? '';
const app = createUpstashApp({ backend: createMockBackend(), token });
let delayMs = 0;
let calls = 0;
/** Of one second each: of more than the one under way none is asked for. */
const MOST_WINDOWS = 10;

const windows = new Map<string, { count: number; until: number }>();

function count(key: string, { by, windowMs }: { by: number; windowMs: number }): { count: number; leftMs: number } {
  const now = Date.now();
  const known = windows.get(key);
  const window = known && known.until > now ? known : { count: 0, until: now + windowMs };
  window.count += by;
  windows.delete(key);
  windows.set(key, window);
  const oldest = windows.size > MOST_WINDOWS ? windows.keys().next().value : undefined;
  if (oldest !== undefined) windows.delete(oldest);
  return { count: window.count, leftMs: window.until - now };
}

/**
 * The scripts of @upstash/ratelimit's fixed window and of hono-rate-limiter, as functions: as Lua in a Redis of JavaScript
 * they would take longer than all else, and what is compared are limiters. Undefined for anything else.
 */
function countInWindow(command: unknown): { result: unknown } | undefined {
  if (!Array.isArray(command)) return undefined;
  const [name, ...args] = command.map(String);
  if (name === 'script' && args[0]?.toLowerCase() === 'load') return { result: sha1(args[1] ?? '') };
  if (name !== 'evalsha') return undefined;
  const [, , key = '', ...values] = args;
  // A window a key of two numbers: how long it is, and whether each hit begins it anew.
  if (values.length === 2) {
    const found = count(key, { by: 1, windowMs: Number(values[1]) });
    return { result: [found.count, found.leftMs] };
  }
  // A key a window, which says its limit, its length and by how many.
  if (values.length !== 3) return undefined;
  const [limit, windowMs, by] = values.map(Number) as [number, number, number];
  return { result: [count(key, { by, windowMs }).count, limit] };
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

/** One command, or those of a pipeline when all are of the limiter. */
function countAll(url: string, body: string): unknown {
  const sent: unknown = JSON.parse(body);
  if (url !== '/pipeline') return countInWindow(sent);
  const counted = (sent as unknown[]).map(countInWindow);
  return counted.includes(undefined) ? undefined : counted;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function answer(request: IncomingMessage): Promise<string> {
  const { method = 'GET', url = '/', headers } = request;
  const body = await read(request);
  const { authorization = '', 'upstash-encoding': encoding = '' } = headers;
  const counted =
    /"(evalsha|script)"/.test(body) && authorization === `Bearer ${token}` ? countAll(url, body) : undefined;
  if (counted) return JSON.stringify(counted);
  const asked = { authorization, 'upstash-encoding': String(encoding), 'content-type': 'application/json' };
  return (await app.request(url, { method, headers: asked, ...(method !== 'GET' && { body }) })).text();
}

const server = createServer(async (request, response) => {
  const text = await answer(request);
  calls += 1;
  if (delayMs > 0) await timer(delayMs);
  response.writeHead(200, { 'content-type': 'application/json' }).end(text);
});
server.keepAliveTimeout = 65_000;
server.listen(Number(process.env['PORT']), '127.0.0.1');

process.on('message', (order: Order) => {
  process.send?.({ calls } satisfies Calls);
  delayMs = order.delayMs;
  calls = 0;
});
