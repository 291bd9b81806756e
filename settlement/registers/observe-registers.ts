import { Gauge, type Registry } from 'prom-client';
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
  new Gauge({
    name: 'settlement_registers_overdue',
    help: 'Registers of months that are over, since the 1st at 03:00 in Moscow, and not closed',
    registers: [registry],
    async collect() {
      const count = await overdue();
      if (count === undefined) this.remove();
      else this.set(count);
    },
  });
}
