import { rub } from '#contracts/money.ts';
import { counted } from '../counted.ts';
import { table } from '../print-table.ts';
import { roubles } from '../settle-command/roubles.ts';
import type { Lost } from './find-lost.ts';

const TITLES = ['at', 'operation', 'policy', 'number', 'insurer', 'partner', 'premium'] as const;

/** What was lost as lines of a table, for those who must be asked and told. */
export function lostLines(lost: readonly Lost[]): string[] {
  if (lost.length === 0) return ['The ledger has nothing that core does not know of.'];
  const rows = lost.map((one) => [
    ...[one.operatedAt, one.operation, one.policyId, one.number, one.insurer, one.partner],
    roubles(rub(one.premiumMinor)),
  ]);
  const said = `${counted(lost.length, 'operation')} in the ledger that core does not know of:`;
  return [said, ...table([[...TITLES], ...rows], TITLES.slice(0, -1))];
}
