import type { Sql } from 'postgres';
import { wait } from '#platform/lifecycle/wait.ts';
import { createInsertPolicy } from '../../../core/policies/issue-statement.ts';
import { newSale } from './new-sale.ts';

/** Milliseconds that a transaction is held open, at most: longer than pages, takeovers and retention take. */
const MOST_MS = 3_000;

interface Holding {
  readonly random: () => number;
  readonly acknowledge: (key: string) => void;
  /** Ends the last one early; it commits. */
  readonly signal: AbortSignal;
}

/** One transaction after another that takes its ids early and commits late, when its rows are old already. */
export async function holdOpen(sql: Sql, { random, acknowledge, signal }: Holding): Promise<void> {
  for (let held = 0; !signal.aborted; held += 1) {
    const sale = newSale({ random, number: `HELD-${held}` });
    await sql.begin(async (tx) => {
      await createInsertPolicy(tx as unknown as Sql)(sale.issue);
      await wait(random() * MOST_MS, signal);
    });
    acknowledge(`${sale.terms.policyId}/1`);
  }
}
