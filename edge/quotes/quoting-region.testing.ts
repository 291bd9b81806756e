import { createEdgeApp } from '../app.ts';
import { parseConfig } from '../config.ts';
import { createContext } from '../create-context.ts';
import { HOP_KEY } from '../fake-core.testing.ts';
import type { CircuitState } from '../forward/circuit.ts';
import { createFaultyStore, type StoreFault } from './faulty-store.testing.ts';
import { createQuotingCore } from './quoting-core.testing.ts';

/** What a call to core meets: nobody, an error, or an answer after a while, rated at the beginning of it or at the end. */
export type CoreFault = 'none' | 'dead' | '500' | '502' | '503';

/** The deadline of a read, ms. */
const READ_TIMEOUT_MS = 3_000;

/** For tests: edges of one region over core's own rating and a store, under a clock that only the test and slow calls move. */
export function createQuotingRegion(options: { edges?: number; startAt?: number } = {}) {
  let now = options.startAt ?? Date.parse('2026-11-22T10:00:00.000Z');
  const clock = { now: () => now, advance: (ms: number) => (now += ms) };
  const core = createQuotingCore(clock);
  const store = createFaultyStore(clock);
  const met = {
    core: 'none' as CoreFault,
    store: 'none' as StoreFault,
    /** How long a call to core takes, ms, and what part of it passes before it is rated. */
    coreMs: 0,
    before: 0,
    /** Happens once, while core is on its way with the next answer. */
    meanwhile: undefined as (() => void) | undefined,
  };

  async function callCore(url: string, init: RequestInit): Promise<Response> {
    if (met.core === 'dead') throw new TypeError('fetch failed');
    if (met.core !== 'none') return new Response('{}', { status: Number(met.core) });
    if (met.coreMs >= READ_TIMEOUT_MS) {
      clock.advance(READ_TIMEOUT_MS);
      throw new DOMException('timed out', 'TimeoutError');
    }
    const beforeMs = Math.floor(met.coreMs * met.before);
    clock.advance(beforeMs);
    const answer = await core.fetch(url, init);
    const { meanwhile } = met;
    met.meanwhile = undefined;
    meanwhile?.();
    clock.advance(met.coreMs - beforeMs);
    return answer;
  }

  const startEdge = () => {
    const background: Promise<unknown>[] = [];
    const log = () => undefined;
    let circuit: CircuitState = 'closed';
    const heard: { askedAt: number; change: number }[] = [];
    const app = createEdgeApp(
      createContext({
        config: parseConfig({
          REGION: 'msk',
          CORE_URL: 'http://core.test',
          HOP_KEY,
          ANONYMOUS_LIMIT_PER_SECOND: '100000',
        }),
        async fetch(url, init) {
          const askedAt = clock.now();
          const change = core.change().number;
          const answer = await callCore(url, init);
          if (answer.status === 200 && answer.headers.has('catalogue-revision')) heard.push({ askedAt, change });
          return answer;
        },
        now: clock.now,
        deadline: () => new AbortController().signal,
        store: store.open(met),
        log: { info: log, warn: log, error: log },
        observe: (seen) => {
          if (seen.kind === 'core-circuit' && seen.need === 'memory') circuit = seen.to;
        },
        clientAddress: () => '192.0.2.1',
      }),
    );
    const executionCtx = {
      waitUntil: (work: Promise<unknown>) => void background.push(work),
      passThroughOnException: () => undefined,
      props: {},
    };
    return {
      /** Answers of core that told this edge its revision: when they were asked for, after how many changes. */
      heard,
      /** Of quotes. */
      circuit: () => circuit,
      ask: async (target: string, headers: Record<string, string> = {}) =>
        app.request(target, { headers }, {}, executionCtx),
      /** Waits for what goes on behind answers. */
      async settle() {
        while (background.length > 0) await background.shift();
      },
    };
  };
  return { clock, core, store, met, startEdge, edges: Array.from({ length: options.edges ?? 1 }, startEdge) };
}
export type QuotingRegion = ReturnType<typeof createQuotingRegion>;
export type QuotingEdge = QuotingRegion['edges'][number];
