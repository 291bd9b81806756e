import { printLines } from '../print-lines.ts';
import { table, visible } from '../print-table.ts';
import type { ExitCode } from '../terminal.ts';
import type { PartnersContext } from './context.ts';
import { differencesOf } from './differences-of.ts';
import type { Asked } from './forms.ts';
import { keyCell } from './key-cell.ts';
import { type Found, readEverywhere, silentLines } from './read-everywhere.ts';
import { shareCell } from './share-of.ts';

const TITLES = ['region', 'limit', 'share %', 'commission %', 'keys', 'SHA-256 begins with'];

/** Shows a partner's terms, a row for each region; 1 when the regions differ, or one cannot say. */
export async function showPartner(ctx: PartnersContext, { partner }: Asked<'show'>): Promise<ExitCode> {
  const { found, silent } = await readEverywhere(ctx, partner);
  const faults = [...differencesOf(found), ...silentLines(silent)];
  const lines = table([TITLES, ...found.map(rowOf)], ['region', 'SHA-256 begins with']);
  await printLines(ctx.stdout, [...lines, ...faults.map(visible)]);
  return faults.length > 0 ? 1 : 0;
}

const rowOf = ({ region, partner }: Found): string[] => [
  region.name,
  String(partner.limitPerSecond),
  shareCell(partner, region.name),
  (partner.commissionRateBps / 100).toFixed(2),
  String(partner.keyDigests.length),
  keyCell(partner),
];
