import { parseConfig } from '../config.ts';
import { createContext } from '../create-context.ts';
import { HOP_KEY } from '../fake-core.testing.ts';
import { createCache } from './cache.ts';

/** What a core of a certain release makes of a question. */
export interface Read {
  readonly risk?: object;
  /** Content-Location. */
  readonly location?: string;
  /** Refuses instead. */
  readonly status?: number;
  readonly offerTtlMs?: number;
  /** Makes the answer so long. */
  readonly ballast?: string;
}

/** For tests: a cache over a core that reads questions as a test says, and whose reading changes with a release. */
export function createScriptedCore(read: (query: URLSearchParams, path: string) => Read) {
  let now = Date.parse('2026-11-22T10:00:00.000Z');
  const script = { read, away: false };
  const calls: string[] = [];
  const background: Promise<unknown>[] = [];
  const nothing = () => undefined;
  const fetch = async (url: string): Promise<Response> => {
    const { pathname, search, searchParams } = new URL(url);
    if (script.away) throw new TypeError('fetch failed');
    const call = calls.push(pathname + search);
    const { risk, location, status = 200, offerTtlMs = 900_000, ballast } = script.read(searchParams, pathname);
    const offers = [{ call, expiresAt: new Date(now + offerTtlMs).toISOString() }];
    const headers = { 'content-type': 'application/json', ...(location && { 'content-location': location }) };
    return new Response(JSON.stringify({ risk, offers, ballast }), { status, headers });
  };
  const cache = createCache(
    createContext({
      config: parseConfig({ REGION: 'msk', CORE_URL: 'http://core.test', HOP_KEY }),
      fetch,
      now: () => now,
      log: { info: nothing, warn: nothing, error: nothing },
      observe: nothing,
      clientAddress: () => '',
    }),
  );
  const origin = {
    requestId: 'r',
    traceparent: 't',
    background: (work: Promise<unknown>) => void background.push(work.catch(nothing)),
  };
  return {
    script,
    calls,
    advance: (ms: number) => (now += ms),
    /** The number of the call of core that the answer came with, and the risk of it; or the status of a refusal. */
    async ask(target: string) {
      const reading = await cache.read(target, origin);
      while (background.length > 0) await background.shift();
      if (reading.kind === 'refusal') return reading.refusal.status;
      const said = JSON.parse(new TextDecoder().decode(reading.answer.body)) as {
        risk: object;
        offers: [{ call: number }];
      };
      return { call: said.offers[0].call, risk: said.risk, hit: reading.how.hit };
    },
  };
}
