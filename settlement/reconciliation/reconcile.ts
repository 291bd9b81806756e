import { rub } from '#contracts/money.ts';
import type { Difference, Reconciliation, SideTotals } from '#contracts/reconciliation.ts';
import type { SettlementContext } from '../context.ts';
import { spanOf } from '../registers/span-of.ts';
import { findDiffering } from './find-differing.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import { nameDifferences } from './name-differences.ts';
import { sumUpDays } from './sum-up-days.ts';
import { type DaySums, type SumsByDay, toldSums } from './sums.ts';
import { readToldDays, type ToldDay } from './told-days.ts';

type Context = Pick<SettlementContext, 'sql' | 'now' | 'region'>;

/**
 * Compares what core says of the days of a month that it has closed with the ledger and the registers, all in one snapshot,
 * and names each policy that differs.
 */
export function reconcile({ sql, now, region }: Context, period: string): Promise<Reconciliation> {
  return inOneSnapshot(sql, async (tx) => {
    const span = spanOf(period);
    const { days, missing } = await readToldDays(tx, span, now());
    const sums = await sumUpDays(tx, span);
    const differences: Difference[] = missing.map((day) => ({
      kind: 'not-told',
      day,
      detail: 'core has not closed it yet',
    }));
    for (const differing of findDiffering(days, sums))
      differences.push(...(await nameDifferences(tx, differing, region)));
    const totals = { core: ofCore(days), ledger: ofBooks(sums.ledger, days), register: ofBooks(sums.register, days) };
    return { period, daysClosed: days.length, differences: differences.toSorted(byDay), totals };
  });
}

const byDay = (a: Difference, b: Difference) => (a.day < b.day ? -1 : Number(a.day > b.day));

const ofCore = (days: readonly ToldDay[]): SideTotals => total(days.flatMap(({ insurers }) => insurers.map(toldSums)));

/** Of the days that core has told: of the others there is nothing to compare with. */
const ofBooks = (sums: SumsByDay, days: readonly ToldDay[]): SideTotals =>
  total(days.flatMap(({ day }) => [...(sums.get(day)?.values() ?? [])]));

function total(all: readonly DaySums[]): SideTotals {
  const sum = (of: (one: DaySums) => number) => all.reduce((so, one) => so + of(one), 0);
  return {
    issued: sum(({ issued }) => issued.count),
    cancelled: sum(({ cancelled }) => cancelled.count),
    premium: rub(sum(({ issued, cancelled }) => issued.premiumMinor - cancelled.premiumMinor)),
    commission: rub(sum(({ issued, cancelled }) => issued.commissionMinor - cancelled.commissionMinor)),
  };
}
