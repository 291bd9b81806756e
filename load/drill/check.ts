import { checkDoubled } from './check-doubled.ts';
import { checkLost } from './check-lost.ts';
import { checkMoney } from './check-money.ts';
import { checkOrder } from './check-order.ts';
import type { Evidence } from './evidence.ts';

/** What is wrong, a sentence for each. */
export interface Findings {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly misordered: readonly string[];
  readonly kopecks: readonly string[];
}

/** Compares what buyers were told with policies, topic and ledger. It shares no code with what it checks. */
export const check = (evidence: Evidence): Findings => ({
  lost: checkLost(evidence),
  doubled: checkDoubled(evidence),
  misordered: checkOrder(evidence),
  kopecks: checkMoney(evidence),
});

export const isClean = (findings: Findings): boolean => Object.values(findings).every((found) => found.length === 0);

const SHOWN = 10;

/** The first of each kind, as lines. */
export function describeFindings(findings: Findings): string[] {
  return Object.entries(findings).flatMap(([kind, found]: [string, readonly string[]]) => [
    ...found.slice(0, SHOWN).map((sentence) => `${kind}: ${sentence}`),
    ...(found.length > SHOWN ? [`${kind}: and ${found.length - SHOWN} more`] : []),
  ]);
}
