import type { Sql } from 'postgres';
import { wait } from '#platform/lifecycle/wait.ts';

/** So old, a row is taken for sent. */
const KEEP_MS = 300;
const EVERY_MS = 50;

/** Deletes what is old, sent or not. A transaction that was open for longer commits rows that are old already. */
export async function retireByClock(admin: Sql, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await admin`delete from core.outbox where occurred_at < now() - make_interval(secs => ${KEEP_MS / 1000})`;
    await wait(EVERY_MS, signal);
  }
}
