import type { Policy } from '#contracts/policy.ts';
import type { Offer } from '../../offers.ts';
import type { RegionName } from '../callers.ts';

/** What the site wanted to buy, where, and under which key. */
export interface Wanted {
  readonly key: string;
  readonly home: RegionName;
  readonly offer: Offer;
}

/** The site's own book of what it wanted and what it was told. */
export interface Book {
  readonly wanted: Wanted[];
  readonly acknowledged: { readonly key: string; readonly policy: Policy }[];
}

export const createBook = (): Book => ({ wanted: [], acknowledged: [] });
