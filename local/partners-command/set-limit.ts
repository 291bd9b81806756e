import { printLines } from '../print-lines.ts';
import type { ExitCode } from '../terminal.ts';
import type { PartnersContext } from './context.ts';
import type { Asked } from './forms.ts';
import { outcomeLines } from './outcome-lines.ts';
import { readEverywhere } from './read-everywhere.ts';
import { isOpen, setEverywhere } from './set-terms.ts';

/**
 * Sets a partner's limit wherever it can be set; 1 when that is not everywhere. The regions may take it in any order: with
 * shares of 100 in all they admit no more than the greater of both limits.
 */
export async function setLimit(ctx: PartnersContext, { partner, limit }: Asked<'limit'>): Promise<ExitCode> {
  const everywhere = await readEverywhere(ctx, partner);
  const outcomes = await setEverywhere(ctx, everywhere, (terms) => ({ ...terms, limitPerSecond: limit }));
  const cell = (terms: { limitPerSecond: number }) => String(terms.limitPerSecond);
  await printLines(ctx.stdout, outcomeLines(outcomes, { title: 'limit', cell }));
  return outcomes.some(isOpen) ? 1 : 0;
}
