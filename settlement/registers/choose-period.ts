import { periodAfter, periodOf } from './period-of.ts';

/** The registers that take no more lines, as `{insurer} {yyyy-mm}`. */
export type ClosedRegisters = ReadonlySet<string>;

export const registerKey = (insurer: string, period: string): string => `${insurer} ${period}`;

/**
 * The month whose register an operation stands in: its own, by Moscow, or if the insurer's register of that is closed, the
 * next that is not; then it is late, an adjustment.
 */
export function choosePeriod(
  { insurer, at }: { insurer: string; at: Date },
  closed: ClosedRegisters,
): { period: string; isLate: boolean } {
  const own = periodOf(at);
  let period = own;
  while (closed.has(registerKey(insurer, period))) period = periodAfter(period);
  return { period, isLate: period !== own };
}
