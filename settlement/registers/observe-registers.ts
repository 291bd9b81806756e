import type { Registry } from 'prom-client';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import type { SettlementContext } from '../context.ts';
import { findDue } from './close-due.ts';

/** However often it is scraped, the registers are looked through at most once in this. */
const FRESH_MS = 60_000;

/** Tells how many registers are past their day of closing and open; absent as long as the database does not say. */
export function observeRegisters(registry: Registry, { sql, now }: Pick<SettlementContext, 'sql' | 'now'>): void {
  let known: { at: number; overdue: Promise<number | undefined> } | undefined;
  const overdue = () => {
    const at = now().getTime();
    if (!known || at - known.at >= FRESH_MS) {
      known = {
        at,
        overdue: findDue(sql, now()).then(
          (due) => due.length,
          () => undefined,
        ),
      };
    }
    return known.overdue;
  };
  observeGauge(registry, {
    name: 'settlement_registers_overdue',
    help: 'Registers of months that are over, since the 1st at 03:00 in Moscow, and not closed',
    async read() {
      const count = await overdue();
      return count === undefined ? [] : [{ value: count }];
    },
  });
}
