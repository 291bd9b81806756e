import { setTimeout as timer } from 'node:timers/promises';
import type { Stand } from './stand.ts';

/** Without any progress for this long, what is missing is lost: longer than a dead reader keeps its partitions, ms. */
const PATIENCE_MS = 45_000;

/** Waits until the ledger has as many events as the outbox has of policies; gives up, for the checker to say what is missing, when it stands still. */
export async function drain(stand: Pick<Stand, 'asAdmin'>): Promise<void> {
  let best = -1;
  let until = 0;
  while (true) {
    const { due, booked } = await stand.asAdmin(async (sql) => {
      const [found] = await sql<{ due: number; booked: number }[]>`
        select (select count(*) from core.outbox where type like 'policy.%')::int as due,
          (select count(*) from settlement.ledger_transactions)::int as booked`;
      return found ?? { due: 0, booked: 0 };
    });
    if (booked >= due) return;
    if (booked > best) {
      best = booked;
      until = performance.now() + PATIENCE_MS;
    }
    if (performance.now() > until) return;
    await timer(100);
  }
}
