import type { Order } from './crowd.ts';

type Kind = Pick<Order, 'freshShare' | 'buyShare'>;

/** Of the searches of R6's mix, for something that nobody asked for before: as `npm run load` draws them. */
export const FRESH_SHARE = 0.2;

/** What is asked for. R6: 50 searches and 10 policies a second, so one buyer in five. */
export const KINDS = {
  'new quotes': { freshShare: 1, buyShare: 0 },
  'cached quotes': { freshShare: 0, buyShare: 0 },
  sales: { freshShare: 1, buyShare: 1 },
  mix: { freshShare: FRESH_SHARE, buyShare: 0.2 },
} as const satisfies Record<string, Kind>;
export type KindName = keyof typeof KINDS;

/** A core process more is nothing to what the edge answers alone. */
export const CORES: Readonly<Record<KindName, readonly (1 | 2)[]>> = {
  'new quotes': [1, 2],
  'cached quotes': [1],
  sales: [1, 2],
  mix: [1, 2],
};
