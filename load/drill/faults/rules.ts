import type { Kind, PlaceName, ToxicName } from './names.ts';

/** What a call may get while a way is bad: an answer as if nothing were, or also a 503 that says when to come again. */
export type Permitted = 'good' | 'good or 503';

type Rules = Readonly<Record<Kind, Permitted>>;

const ALL_GOOD: Rules = { 'cached quote': 'good', 'new quote': 'good', sale: 'good', read: 'good' };
const ONLY_CACHED: Rules = {
  'cached quote': 'good',
  'new quote': 'good or 503',
  sale: 'good or 503',
  read: 'good or 503',
};
const QUOTES: Rules = { ...ONLY_CACHED, 'new quote': 'good' };
const always = (rules: Rules): Readonly<Record<ToxicName, Rules>> => ({
  latency: rules,
  bandwidth: rules,
  reset: rules,
  'half-open': rules,
});

/** What is permitted, place by place and fault by fault. Everything else is a fault of ours. */
export const RULES: Readonly<Record<PlaceName, Readonly<Record<ToxicName, Rules>>>> = {
  'edge-core': { ...always(ONLY_CACHED), latency: ALL_GOOD },
  'core-postgres': { ...always(QUOTES), latency: ALL_GOOD },
  'core-kafka': always(ALL_GOOD),
  'edge-upstash': always(ALL_GOOD),
  'aggregator-insurers': always(ALL_GOOD),
};

/** No call takes longer, ms: edge waits 3 s for a read and 10 s for a write, and before it 3 s for the partner's terms. */
export const DEADLINES_MS: Readonly<Record<Kind, number>> = {
  'cached quote': 1_000,
  'new quote': 4_000,
  sale: 14_000,
  read: 7_000,
};

/** After the way is well again everybody is served within this, and the ledger has all that was sold, ms. */
export const BACK_WITHIN_MS: Readonly<Record<PlaceName, { readonly answers: number; readonly ledger: number }>> = {
  'edge-core': { answers: 5_000, ledger: 10_000 },
  'core-postgres': { answers: 10_000, ledger: 15_000 },
  'core-kafka': { answers: 0, ledger: 15_000 },
  'edge-upstash': { answers: 0, ledger: 10_000 },
  'aggregator-insurers': { answers: 0, ledger: 10_000 },
};
/** And every insurer can be polled again, ms: a collection that hangs is given up after 20 s. */
export const POLLED_WITHIN_MS = 30_000;
