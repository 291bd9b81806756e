import { setTimeout as timer } from 'node:timers/promises';
import { isOfPolicy } from '../evidence.ts';
import { readTopic } from '../read-topic.ts';
import type { Stand } from '../stand.ts';

/** Without any progress for this long, what is missing is lost: longer than a dead reader keeps its partitions, ms. */
const PATIENCE_MS = 45_000;

/**
 * Waits until the ledger has, or has parked, all that core's outbox and the topic have of policies; gives up, for the judge to
 * say what is missing, when it stands still.
 */
export async function settleAll(stand: Stand): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let until = 0;
  while (true) {
    const missing = await countMissing(stand);
    if (missing === 0) return;
    if (missing < least) {
      least = missing;
      until = performance.now() + PATIENCE_MS;
    }
    if (performance.now() > until) return;
    await timer(200);
  }
}

async function countMissing(stand: Stand): Promise<number> {
  const records = stand.kafka ? await readTopic(stand.kafka.brokers) : [];
  const sent = records.filter(isOfPolicy).map(({ eventId }) => eventId);
  return stand.asAdmin(async (sql) => {
    const [found] = await sql<{ missing: number }[]>`
      select count(*)::int as missing from (
        select event_id from core.outbox where type like 'policy.%'
        union select jsonb_array_elements_text(${JSON.stringify(sent)}::text::jsonb)::uuid
      ) due
      where not exists (select from settlement.ledger_transactions t where t.event_id = due.event_id)
        and not exists (select from settlement.dead_letters d where d.event_id = due.event_id)`;
    return found?.missing ?? 0;
  });
}
