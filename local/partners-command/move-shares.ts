import { ConfigError } from '#platform/config/parse-env.ts';
import { printLines } from '../print-lines.ts';
import type { ExitCode } from '../terminal.ts';
import type { PartnersContext } from './context.ts';
import type { Asked, Shares } from './forms.ts';
import { IN_FORCE_SECONDS, listed, outcomeLines } from './outcome-lines.ts';
import { planShares } from './plan-shares.ts';
import { type Found, readAll } from './read-everywhere.ts';
import { isOpen, type Outcome, setEverywhere } from './set-terms.ts';
import { shareCell, shareOf } from './share-of.ts';

/**
 * Moves shares of a partner's limit between regions: lowers first, waits until that is in force, last raises, so that the
 * sum never exceeds the limit. What was lowered stays so when the rest fails, or is interrupted; 1 last.
 */
export async function moveShares(ctx: PartnersContext, asked: Asked<'share'>): Promise<ExitCode> {
  const { partner, share: shares, 'no-wait': noWait } = asked;
  requireKnown(ctx, shares);
  if (noWait) requireGone(ctx);
  const found = await readAll(ctx, partner);
  const held = found.map((one) => ({
    name: one.region.name,
    share: shareOf(one.partner, one.region.name) ?? one.region.defaultShare,
  }));
  const { first, last } = planShares(held, shares);
  const pick = (names: readonly string[]) => found.filter(({ region }) => names.includes(region.name));
  const outcomes = await setShares(ctx, pick(first), shares);
  if (last.length > 0) {
    const obstacle = outcomes.some(isOpen)
      ? 'not every share that falls is known to have fallen'
      : await waitForFallen(ctx, { first, last, noWait });
    outcomes.push(...(obstacle ? pick(last).map(refuse(obstacle)) : await setShares(ctx, pick(last), shares)));
  }
  await printLines(ctx.stdout, outcomeLines(outcomes, { title: 'share %', cell: shareCell }));
  return outcomes.some(isOpen) ? 1 : 0;
}

function requireKnown({ known }: PartnersContext, shares: Shares): void {
  const strange = Object.keys(shares).filter((name) => known && !known.includes(name));
  if (known && strange.length > 0)
    throw new ConfigError(`SHARE names ${listed(strange)} but must name regions that run here: ${known.join(', ')}.`);
}

function requireGone({ known, regions }: PartnersContext): void {
  if (known && known.length > 1 && regions.length === known.length)
    throw new ConfigError('--no-wait is for when a region is gone: --region must name those that are left.');
}

const setShares = (ctx: PartnersContext, found: readonly Found[], shares: Shares) =>
  setEverywhere(ctx, { found, silent: [] }, (terms) => ({ ...terms, limitShares: { ...shares } }));

const refuse =
  (why: string) =>
  ({ region, partner }: Found): Outcome => ({ region: region.name, became: 'refused', why, before: partner });

/** Waits until what fell is in force; also what fell before, when an earlier move did not come to its end. Says why not. */
async function waitForFallen(
  ctx: PartnersContext,
  { first, last, noWait }: { first: readonly string[]; last: readonly string[]; noWait: boolean },
): Promise<string | undefined> {
  const others = ctx.known?.filter((name) => !first.includes(name) && !last.includes(name));
  if (others?.length !== 0)
    ctx.note(
      `Not asked: ${others ? listed(others) : 'any other region'}. If edges run there, all together may exceed the limit.`,
    );
  if (noWait) return undefined;
  const until = ctx.now().getTime() + IN_FORCE_SECONDS * 1_000;
  const left = () => Math.max(0, Math.ceil((until - ctx.now().getTime()) / 1_000));
  if (first.length > 0) ctx.note(`Set in ${listed(first)}. In ${listed(last)} once that is in force, in ${left()} s.`);
  using _ = ctx.startProgress(() => `waiting until lower shares are in force at the edges ... ${left()} s`);
  await ctx.wait(IN_FORCE_SECONDS * 1_000, ctx.signal);
  return ctx.signal.aborted ? (ctx.signal.reason as Error).message : undefined;
}
