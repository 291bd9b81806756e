import type { Partner } from '#contracts/partner.ts';
import { table } from '../print-table.ts';
import { isOpen, type Outcome } from './set-terms.ts';

/** Seconds after core took terms in, until every edge of its region counts by them. */
export const IN_FORCE_SECONDS = 30;

const SAID = { set: 'set', unchanged: 'as it was', refused: 'not set', unknown: 'not known' };

/** What became of each region, a row each: what `cell` shows of its terms before, and of what was asked. */
export function outcomeLines(
  outcomes: readonly Outcome[],
  { title, cell }: { title: string; cell: (terms: Partner, region: string) => string },
): string[] {
  const rows = outcomes.map(({ region, before, asked, became, why }) => [
    region,
    before ? cell(before, region) : '',
    asked ? cell(asked, region) : '',
    why === undefined ? SAID[became] : `${SAID[became]}: ${why}`,
  ]);
  const lines = table([['region', title, 'asked', 'outcome'], ...rows], ['region', 'outcome']);
  const set = outcomes.filter(({ became }) => became === 'set').map(({ region }) => region);
  if (set.length > 0) return [...lines, `In force at the edges of ${listed(set)} within ${IN_FORCE_SECONDS} s.`];
  return outcomes.some(isOpen) ? [...lines, 'Nothing was changed, as far as is known.'] : lines;
}

/** `msk`, `msk and nsk`. */
export const listed = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);
