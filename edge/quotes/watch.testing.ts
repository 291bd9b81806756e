import { expect } from 'vitest';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import type { Asking } from './any-asking.testing.ts';
import type { Ask } from './any-run.testing.ts';
import { canonicalQuery } from './canonical-query.ts';
import type { QuotingEdge, QuotingRegion } from './quoting-region.testing.ts';
import { CALLERS, type Caller, createWitness, type Inquiry } from './witness.testing.ts';

const SECOND_MS = 1_000;
const READ_TIMEOUT_MS = 3_000;
const MARGIN_MS = 60_000;
/** How long an answer without offers is kept, ms. */
const NO_OFFERS_MS = 5 * 60_000;

/** What an edge that answered a question owes whoever asks it again. */
interface Debt {
  /** Milliseconds since 1970. */
  readonly until: number;
  /** How many changes of the catalogue had been when it was rated. */
  readonly change: number;
}

/** What an edge owes: nothing after its day, nor after a restart. */
interface Debts {
  day: string;
  readonly byTarget: Map<string, Debt>;
}

const targetOf = ({ product, query }: Asking) => `${product}?${canonicalQuery(query)}`;
const dayOf = (at: number) => moscowDate(new Date(at));

/** How an answer came about. */
function kindOf({ status, headers }: Response): string {
  if (status >= 400) return String(status);
  const told = headers.get('cache-status') ?? '';
  if (!told.includes('; hit')) return `${status} miss`;
  if (told.includes('detail=store')) return `${status} store`;
  return `${status} ${/ttl=[1-9]/.test(told) ? 'hit' : 'stale'}`;
}

/** For tests: asks, and sees to it that no law is broken and nothing that is owed is refused; `saw` is told each kind of answer. */
export function createWatch(region: QuotingRegion, saw: (kind: string) => void) {
  const { clock, core, met } = region;
  const witness = createWitness(region);
  const debts = new Map<QuotingEdge, Debts>();
  const etags = new Map<string, string>();

  const debtsOf = (edge: QuotingEdge): Debts => {
    const day = dayOf(clock.now());
    const known = debts.get(edge);
    if (known && known.day === day) return known;
    const fresh: Debts = { day, byTarget: new Map() };
    debts.set(edge, fresh);
    return fresh;
  };

  /** Stale answers go on while core is away; with core there everybody is answered. */
  function isOwed({ edge, caller, asking, startedAt, isAlone }: Inquiry, wasClosed: boolean): boolean {
    const now = clock.now();
    const owed = debtsOf(edge);
    if (caller.key !== undefined || dayOf(startedAt) !== dayOf(now)) return false;
    // Calls at once take one another's time.
    const isInTime = isAlone ? now - startedAt < READ_TIMEOUT_MS && met.coreMs < READ_TIMEOUT_MS : met.coreMs === 0;
    if (met.core === 'none' && isInTime && wasClosed && edge.circuit() === 'closed') return true;
    // After a change a renewal may have found less, and that is kept.
    const debt = owed.byTarget.get(targetOf(asking));
    return debt !== undefined && debt.change === core.change().number && now < debt.until;
  }

  async function see(response: Response, request: Inquiry, wasClosed: boolean): Promise<void> {
    const owed = isOwed(request, wasClosed);
    saw(kindOf(response));
    const seen = await witness.see(response, request);
    if (owed) expect(response.status, 'owed and refused').not.toBe(503);
    const etag = response.headers.get('etag');
    const control = response.headers.get('cache-control');
    if (!seen || etag === null || control === 'no-store') return;
    if (dayOf(request.startedAt) !== dayOf(clock.now())) return;
    etags.set(targetOf(request.asking), etag);
    const { quote, given } = seen;
    const ends = quote.offers.map(({ expiresAt }) => Date.parse(expiresAt) - MARGIN_MS);
    const ageMs = (Number(response.headers.get('age')) + 1) * SECOND_MS;
    const until = Math.min(...ends, ...(ends.length === 0 ? [clock.now() - ageMs + NO_OFFERS_MS] : []));
    const { byTarget } = debtsOf(request.edge);
    byTarget.set(targetOf(request.asking), { until, change: given.change });
  }

  const askOne = async ({ asking, knows, ...ask }: Ask, isAlone: boolean): Promise<void> => {
    const edge = region.edges[ask.edge] as QuotingEdge;
    const caller = CALLERS[ask.caller] as Caller;
    debtsOf(edge);
    const etag = knows ? etags.get(targetOf(asking)) : undefined;
    const headers = {
      'x-request-id': caller.requestId,
      cookie: `session=${caller.requestId}`,
      ...(caller.key && { authorization: `Bearer ${caller.key}` }),
      ...(etag && { 'if-none-match': etag }),
    };
    const wasClosed = edge.circuit() === 'closed';
    const request: Inquiry = { edge, caller, asking, startedAt: clock.now(), heard: edge.heard.length, isAlone };
    await see(await edge.ask(asking.target, headers), request, wasClosed);
  };

  return {
    /** Asks for all at once. */
    async ask(asks: readonly Ask[]): Promise<void> {
      await Promise.all(asks.map((ask) => askOne(ask, asks.length === 1)));
      for (const edge of region.edges) {
        await edge.settle();
        debtsOf(edge);
      }
    },
  };
}
