import type { Bench } from '../bench.ts';
import { oneHangs } from './one-hangs.ts';
import { priceToEdge } from './price-to-edge.ts';
import { findStand } from './stand.ts';

/** What a hanging insurer costs the others, and how soon a new price is at the edge. Needs a running npm start -- --insurers 10. */
export const aggregator: Bench = async (ctx) => {
  const stand = await findStand();
  try {
    await stand.restore();
    return [...(await oneHangs(ctx, stand)), ...(await priceToEdge(ctx, stand))];
  } finally {
    await stand.restore();
  }
};
