import { rub } from '#contracts/money.ts';
import type { RegisterLine } from '#contracts/register.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { periodOf } from './period-of.ts';
import type { LineRow } from './read-lines.ts';

/** A stored line as line `number` of its register. */
export function toLine(row: LineRow, number: number): RegisterLine {
  return {
    line: number,
    product: row.product,
    policyNumber: row.policyNumber,
    contractDate: row.contractDate,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    premium: rub(row.premiumMinor),
    currency: 'RUB',
    commissionRateBps: row.commissionRateBps,
    commission: rub(row.commissionMinor),
    toTransfer: rub(row.premiumMinor - row.commissionMinor),
    partner: row.partner,
    operation: row.isLate ? 'adjustment' : row.operation,
    earlierPolicy: row.operation === 'cancelled' ? row.policyNumber : null,
    comment: commentOf(row),
    tariffVersion: row.tariffVersion,
  };
}

function commentOf({ operation, operatedAt, isLate }: LineRow): string {
  if (operation === 'issued' && !isLate) return '';
  const at = new Date(operatedAt);
  const done = `${operation} on ${moscowDate(at)}`;
  return isLate ? `${done}, told after ${periodOf(at)} was closed` : done;
}
