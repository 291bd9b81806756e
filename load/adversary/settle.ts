import type { Sql } from 'postgres';
import { wait } from '#platform/lifecycle/wait.ts';
import type { TopicLog } from './topic/topic-log.ts';

interface Settling {
  readonly admin: Sql;
  readonly log: TopicLog;
  /** Milliseconds without any progress, everybody being at work, after which what is not there is lost. */
  readonly patienceMs: number;
  readonly everybodyIsUp: () => boolean;
  readonly signal: AbortSignal;
}

const LOOK_MS = 100;

/**
 * Resolves when all that happened is in the books, or when nothing has moved for as long as there is patience: then with
 * what the database says of those who should have moved it.
 */
export async function settle({ admin, log, patienceMs, everybodyIsUp, signal }: Settling): Promise<string[]> {
  let [moved, at] = ['', performance.now()];
  while (!signal.aborted && performance.now() - at < patienceMs) {
    const { happened, settled } = await count(admin);
    if (settled >= happened) return [];
    const now = `${settled} ${log.size} ${everybodyIsUp()}`;
    if (now !== moved || !everybodyIsUp()) [moved, at] = [now, performance.now()];
    await wait(LOOK_MS, signal);
  }
  return describeStall(admin);
}

async function count(admin: Sql): Promise<{ happened: number; settled: number }> {
  const [row] = await admin<{ happened: number; settled: number }[]>`
    select (select count(*) + count(refund_minor) from core.policies)::int
      + (select coalesce(sum(version - 1), 0) from adversary.aggregates)::int as happened,
      (select count(distinct event_id) from settlement.ledger_transactions)::int
      + (select count(*) from settlement.dead_letters)::int as settled`;
  return row ?? { happened: 0, settled: 0 };
}

/** Who is connected and does what, how far each partition is sent and booked. */
async function describeStall(admin: Sql): Promise<string[]> {
  const sessions = await admin`
    select a.pid, a.application_name as name, a.state, a.wait_event as waits, (now() - a.query_start)::text as since,
      left(regexp_replace(a.query, '\\s+', ' ', 'g'), 100) as query,
      (select count(*) from pg_locks l where l.pid = a.pid and l.locktype = 'advisory' and l.granted)::int as owns
    from pg_stat_activity a where a.datname = current_database() and a.pid <> pg_backend_pid()`;
  const cursors = await admin`
    select c.partition, c.epoch, c.sequence, c.done::text, c.win::text, c.last_id,
      (select count(*) from core.outbox o where o.partition = c.partition
        and not pg_visible_in_snapshot(o.xid, c.done))::int as unseen
    from core.outbox_cursor c order by c.partition`;
  const positions = await admin`select * from settlement.positions order by partition`;
  return [...sessions, ...cursors, ...positions].map((row) => JSON.stringify(row));
}
