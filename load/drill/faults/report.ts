import { percentile } from '../../bench/percentile.ts';
import type { Line } from '../drill.ts';
import { answersOf, backAfterMs, type Case } from './judge.ts';
import { isGood, type Met } from './met.ts';
import { KINDS } from './names.ts';

const seconds = (ms?: number) => (ms === undefined ? 'never' : `${(ms / 1_000).toFixed(1)} s`);

/** What callers met with: of each kind the answers, and how long they took, p50 and p95 in ms. */
export function metWith(met: readonly Met[]): string {
  return KINDS.map((kind) => {
    const calls = met.filter((one) => one.kind === kind);
    const times = calls.map(({ ms }) => ms);
    const [middle, late] = [0.5, 0.95].map((share) => percentile(times, share).toFixed(0));
    const refused = calls.filter((one) => !isGood(one));
    const good = calls.length - refused.length;
    return `${kind} ${good} good${refused.length > 0 ? `, ${answersOf(refused)}` : ''}, ${middle} / ${late} ms`;
  }).join('; ');
}

/** A case as lines of the table. */
export function linesOf(found: Case & { readonly settled: number }): Line[] {
  const { place, toxic, met, mendedAt, ledgerAfterMs, polledAfterMs, settled } = found;
  const during = met.filter(({ startedAt }) => startedAt < mendedAt);
  const polled = place === 'aggregator-insurers' ? `; insurers polled after ${seconds(polledAfterMs)}` : '';
  return [
    [`${place} ${toxic}`, metWith(during)],
    [
      '  well again',
      `last failure after ${seconds(backAfterMs(found))}; ledger after ${seconds(ledgerAfterMs)}${polled}; ${settled} unknown sales settled`,
    ],
  ];
}
