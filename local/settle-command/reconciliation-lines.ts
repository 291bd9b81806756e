import type { Difference, Reconciliation } from '#contracts/reconciliation.ts';
import { counted } from '../counted.ts';
import { table } from '../print-table.ts';
import { roubles } from './roubles.ts';

/** What core, the ledger and the register say of a month, and where they do not say the same. */
export function reconciliationLines({ period, daysClosed, differences, totals }: Reconciliation): string[] {
  const sides = Object.entries(totals).map(([side, { issued, cancelled, premium, commission }]) => [
    side,
    ...[issued, cancelled].map((count) => count.toLocaleString('en')),
    ...[premium, commission].map(roubles),
  ]);
  return [
    `Core has closed ${counted(daysClosed, 'day')} of ${period}.`,
    ...table([['side', 'issued', 'cancelled', 'premium', 'commission'], ...sides], ['side']),
    '',
    ...(differences.length === 0 ? [nothingFound(daysClosed)] : differenceLines(differences)),
  ];
}

/** That nothing was compared must not read as if all agreed. */
const nothingFound = (daysClosed: number) =>
  daysClosed === 0 ? 'Nothing to compare: core tells a day at 00:05 of the next.' : 'No differences.';

const TITLES = ['kind', 'day', 'insurer', 'policy', 'operation', 'core', 'ledger', 'register', 'dead letter', 'detail'];
const LEFT = ['kind', 'day', 'insurer', 'policy', 'operation', 'detail'];

function differenceLines(differences: readonly Difference[]): string[] {
  const rows = differences.map((difference) => [
    difference.kind,
    difference.day,
    difference.insurer ?? '',
    difference.policyId ?? '',
    difference.operation ?? '',
    ...[difference.core, difference.ledger, difference.register].map(amounts),
    difference.deadLetter ?? '',
    difference.detail,
  ]);
  return [
    `${counted(differences.length, 'difference')}; amounts are premium / commission.`,
    ...table([TITLES, ...rows], LEFT),
  ];
}

const amounts = (side: Difference['core']) => (side ? `${roubles(side.premium)} / ${roubles(side.commission)}` : '');
