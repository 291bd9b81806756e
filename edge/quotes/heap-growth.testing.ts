import { setTimeout } from 'node:timers/promises';
import { tariff } from '../../core/core.testing.ts';
import { requestQuote } from '../../core/quotes/request-quote.ts';
import { parseConfig } from '../config.ts';
import { createContext } from '../create-context.ts';
import { HOP_KEY } from '../fake-core.testing.ts';
import { createCache } from './cache.ts';
import { cachedAnswer } from './cached-answer.ts';
import { createMemory } from './memory.ts';
import { moscowDay } from './moscow-day.ts';
import { createQuotingCore } from './quoting-core.testing.ts';

// For tests, in a process of its own under --expose-gc: what 10,000 different quotes of 5 to 10 offers cost of memory.

const QUOTES = 10_000;
const BOUND_BYTES = 16 * 1024 * 1024;
const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const config = parseConfig({ REGION: 'msk', CORE_URL: 'http://core.test', HOP_KEY });

const core = createQuotingCore({ now: () => NOW });
for (let insurer = 0; insurer < 10; insurer += 1) {
  core.publish(tariff(`insurer-${insurer}`, { baseMinor: 300_000 + insurer }));
}

const queryOf = (at: number) =>
  `category=B&drivers=${16 + (at % 80)}%3A0&owner=individual&powerHp=${(100 + at / 100).toFixed(2)}&subject=${encodeURIComponent('Москва')}`;

function bodyOf(query: string, at: number): string {
  const quote = requestQuote(core.ctx, { product: 'osago', query: new URLSearchParams(query) });
  return JSON.stringify({ ...quote, offers: quote.offers.slice(0, 5 + (at % 6)) });
}

function startCache() {
  const nothing = () => undefined;
  let asked = 0;
  return createCache(
    createContext({
      config,
      now: () => NOW,
      async fetch(url) {
        asked += 1;
        const { search } = new URL(url);
        const headers = { 'content-type': 'application/json', 'content-location': `/v1/quotes/osago${search}` };
        return new Response(bodyOf(search, asked), { headers });
      },
      log: { info: nothing, warn: nothing, error: nothing },
      observe: nothing,
      clientAddress: () => '',
    }),
  );
}

/** Each quote is asked for in ten orders of its parameters. */
async function fill(cache: ReturnType<typeof startCache>, quotes: number): Promise<void> {
  const origin = { requestId: 'r', traceparent: 't', background: () => undefined };
  for (let at = 0; at < quotes; at += 1) {
    const pairs = queryOf(at).split('&');
    for (let turn = 0; turn < pairs.length; turn += 1) {
      const turned = [...pairs.slice(turn), ...pairs.slice(0, turn)];
      await cache.read(`/v1/quotes/osago?${turned.join('&')}`, origin);
      await cache.read(`/v1/quotes/osago?${turned.reverse().join('&')}`, origin);
    }
  }
}

/** Buffers are given back in another thread: what is left once nothing more comes back. */
async function usedBytes(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let unchanged = 0; unchanged < 5; unchanged += 1) {
    globalThis.gc?.();
    await setTimeout(20);
    const { heapUsed, external } = process.memoryUsage();
    if (heapUsed + external < least - 10_000) unchanged = 0;
    least = Math.min(least, heapUsed + external);
  }
  return least;
}

async function measureMemory() {
  for (let at = 0; at < 500; at += 1) bodyOf(queryOf(at), at);
  const memory = createMemory({ maxBytes: BOUND_BYTES });
  const before = await usedBytes();
  for (let at = 0; at < QUOTES; at += 1) {
    const query = queryOf(at);
    const original = { fetchedAt: NOW, contentType: 'application/json', body: bodyOf(query, at) };
    const spelling = { target: `/v1/quotes/osago?${query}`, day: moscowDay(NOW) };
    const { answer, meaning } = await cachedAnswer({ config }, { original, spelling });
    memory.set(`msk 2026-11-22 /v1/quotes/osago ${meaning?.risk}`, answer);
  }
  const grownBytes = (await usedBytes()) - before;
  return { grownBytes, saidBytes: memory.bytes };
}

async function measureCache() {
  for (let at = 0; at < 500; at += 1) bodyOf(queryOf(at), at);
  const before = await usedBytes();
  const cache = startCache();
  await fill(cache, QUOTES);
  const grownBytes = (await usedBytes()) - before;
  // Kept until here, or there is nothing to measure.
  await fill(cache, 1);
  return { grownBytes };
}

process.stdout.write(JSON.stringify(await (process.argv[2] === 'cache' ? measureCache() : measureMemory())));
