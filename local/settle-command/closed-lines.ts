import type { ClosedRegister } from '#contracts/register.ts';
import { table, visible } from '../print-table.ts';
import { roubles } from './roubles.ts';

/** A closed register: who, when, its digest and totals, and what it was forced over. */
export function closedLines({ insurer, period, closedAt, closedBy, digest, totals, forced }: ClosedRegister): string[] {
  return [
    `The register of ${insurer} for ${period} is closed, at ${closedAt} by ${visible(closedBy)}.`,
    `SHA-256 of its CSV: ${digest}`,
    ...table([['lines', 'premium', 'commission', 'to transfer'], amountsOf(totals)]),
    ...(forced ? [`It was forced, because "${visible(forced.reason)}", over:`, ...forced.findings.map(indented)] : []),
  ];
}

const indented = (text: string) => `  ${visible(text)}`;

/** What became of one insurer's register: closed, or a sentence that says why not. */
export type Closing = { readonly insurer: string } & (
  | { readonly closed: ClosedRegister }
  | { readonly refused: string }
);

/** The registers of all insurers, one row each. */
export function closingLines(closings: readonly Closing[]): string[] {
  const titles = [
    'insurer',
    'register',
    'lines',
    'premium',
    'commission',
    'to transfer',
    'SHA-256 of its CSV, or why not',
  ];
  const rows = closings.map((closing) =>
    'closed' in closing
      ? [closing.insurer, 'closed', ...amountsOf(closing.closed.totals), closing.closed.digest]
      : [closing.insurer, 'refused', '', '', '', '', closing.refused],
  );
  return table([titles, ...rows], ['insurer', 'register', 'SHA-256 of its CSV, or why not']);
}

const amountsOf = ({ count, premium, commission, toTransfer }: ClosedRegister['totals']) => [
  count.toLocaleString('en'),
  ...[premium, commission, toTransfer].map(roubles),
];
