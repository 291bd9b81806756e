import { kneeFigure, PREMIUM } from '../capacity/figure-names.ts';
import { FRESH_SHARE, type KindName } from '../capacity/kinds.ts';
import { PARTS, type Part } from '../capacity/region.ts';
import { sayCapacity } from '../capacity/say-capacity.ts';
import type { Costs } from '../capacity/sums.ts';
import type { Results } from './results.ts';

/** README's Capacity: what a region bears, what that is worth, and what to add first, with the sums. */
export function renderCapacity({ capacity }: Results): string {
  if (!capacity) return 'Not measured yet.';
  const median = (named: string): number => {
    const found = capacity.figures.find(({ figure }) => figure === named);
    if (!found) throw new Error(`The report of capacity has no figure "${named}"`);
    return found.median;
  };
  const us = (kind: KindName, part: Part) => median(kneeFigure(kind, 1, part));
  // A search of the mix is a new quote or a cached one; a policy is a sale without its quote.
  const costOf = (part: Part) => {
    const [fresh, cached] = [us('new quotes', part), us('cached quotes', part)];
    const search = FRESH_SHARE * fresh + (1 - FRESH_SHARE) * cached;
    return { search, policy: Math.max(0, us('sales', part) - fresh) };
  };
  const costs = Object.fromEntries(PARTS.map((part) => [part, costOf(part)])) as unknown as Costs;
  const demandOf = (cores: 1 | 2) => ({
    searches: median(kneeFigure('mix', cores, 'searches')),
    policies: median(kneeFigure('mix', cores, 'policies')),
  });
  const knees = { 1: demandOf(1), 2: demandOf(2) };
  return sayCapacity({ knees, costs, premiumRoubles: median(PREMIUM) }).join('\n');
}
