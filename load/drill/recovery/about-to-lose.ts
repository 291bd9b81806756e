import { setTimeout as timer } from 'node:timers/promises';
import { findRelay } from '../kill-at-random.ts';
import type { Stand } from '../stand.ts';

const LOOK_MS = 100;
const TAKEOVER_MS = 20_000;

/** Resolves when Postgres has just archived some of its log: what comes from now on is not in the backup yet. */
export async function justArchived(stand: Stand, signal: AbortSignal): Promise<void> {
  const count = () =>
    stand.asAdmin(async (sql) => {
      const [row] = await sql<{ count: number }[]>`select archived_count::float8 as count from pg_stat_archiver`;
      return row?.count ?? 0;
    });
  const before = await count();
  while ((await count()) === before) await timer(LOOK_MS, undefined, { signal });
}

/** Kills the core with the relay, so that another takes over; without Kafka there is one process, which is left alone. */
export async function takeOver(stand: Stand, signal: AbortSignal): Promise<void> {
  const relay = stand.kafka && (await findRelay(stand));
  if (!relay) return;
  const before = await highestEpoch(stand);
  const until = performance.now() + TAKEOVER_MS;
  await relay.kill();
  relay.start().catch(() => undefined);
  while ((await highestEpoch(stand)) === before && performance.now() < until) {
    await timer(LOOK_MS, undefined, { signal });
  }
}

/** Of all partitions of core's outbox. */
export function highestEpoch(stand: Stand): Promise<number> {
  return stand.asAdmin(async (sql) => {
    const [row] = await sql<{ epoch: number }[]>`
      select coalesce(max(epoch), 0)::float8 as epoch from core.outbox_cursor`;
    return row?.epoch ?? 0;
  });
}
