import type { Bench, Figure } from '../bench.ts';
import { booking } from './booking.ts';
import { copying } from './copying.ts';
import { fill } from './fill.ts';
import { growth } from './growth.ts';
import { register } from './register.ts';
import { replay } from './replay.ts';
import { startStand } from './stand.ts';

/** Sides of transactions, five each; half of the register lines are of one insurer and month. */
const ENTRIES = 10_000_000;

/**
 * What the books take: in batches and one by one, beside COPY, again, into a ledger that has grown, and what a register of
 * a million lines costs whoever sends it. Needs Linux for the last.
 */
export const settlement: Bench = async (ctx) => {
  await using stand = await startStand();
  const figures: Figure[] = [];
  for (const measure of [booking, copying, replay]) figures.push(...(await measure(ctx, stand)));
  await using grown = await stand.open();
  await fill(grown, { entries: ENTRIES, ...ctx });
  figures.push(...(await growth(ctx, { stand, grown, entries: ENTRIES })));
  figures.push(...(await register(ctx, grown)));
  return figures;
};
