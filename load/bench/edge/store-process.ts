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

const windows = new Map<string, number>();

/**
 * The script of @upstash/ratelimit's fixed window, as a function: as Lua in a Redis of JavaScript it would take longer than
 * all else, and what is compared are limiters. Undefined for anything else.
 */
function countInWindow(command: unknown): { result: [count: number, limit: number] } | undefined {
  if (!Array.isArray(command) || command[0] !== 'evalsha' || command.length !== 7) return undefined;
  const [key, limit, , by] = command.slice(3).map(String) as [string, string, string, string];
  const count = (windows.get(key) ?? 0) + Number(by);
  windows.set(key, count);
  const oldest = windows.size > MOST_WINDOWS ? windows.keys().next().value : undefined;
  if (oldest !== undefined) windows.delete(oldest);
  return { result: [count, Number(limit)] };
}

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
  const counted = body.includes('"evalsha"') && authorization === `Bearer ${token}` ? countAll(url, body) : undefined;
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
