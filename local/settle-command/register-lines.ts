import type { Register, RegisterLine, RegisterTotals } from '#contracts/register.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { counted } from '../counted.ts';
import { roubles } from './roubles.ts';

/** The columns of a register; those of LEFT are of text. */
export const REGISTER_TITLES = [
  ...['line', 'operation', 'policy', 'contract', 'product', 'premium', 'rate %', 'commission', 'to transfer'],
  ...['partner', 'earlier policy', 'comment'],
];
export const REGISTER_LEFT = ['operation', 'policy', 'contract', 'product', 'partner', 'earlier policy', 'comment'];

/** A line as a row; the day of its contract is Moscow's, as the register's month is. */
export const registerRow = (line: RegisterLine): string[] => [
  String(line.line),
  line.operation,
  line.policyNumber,
  moscowDate(new Date(line.contractDate)),
  line.product,
  roubles(line.premium),
  (line.commissionRateBps / 100).toFixed(2),
  roubles(line.commission),
  roubles(line.toTransfer),
  line.partner,
  line.earlierPolicy ?? '',
  line.comment,
];

/** The totals under the columns that they are of. */
export const totalsRow = ({ premium, commission, toTransfer }: RegisterTotals): string[] => [
  ...['', 'total', '', '', '', roubles(premium), '', roubles(commission), roubles(toTransfer)],
  ...['', '', ''],
];

/** What a register is, in sentences. */
export function registerLines({
  insurer,
  period,
  status,
  closedAt,
  digest,
  totals,
}: Omit<Register, 'lines'>): string[] {
  const what = `The register of ${insurer} for ${period} is ${status}`;
  return [
    `${what}${closedAt === undefined ? '' : ` since ${closedAt}`}: ${counted(totals.count, 'line')}.`,
    ...(digest === undefined ? [] : [`SHA-256 of its CSV: ${digest}`]),
  ];
}
