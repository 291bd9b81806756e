import { isDeepStrictEqual } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import type { Tariff } from '#contracts/tariff.ts';
import { TARIFFS } from '#contracts/topics.ts';
import { appendEvents, type NewEvent } from '#platform/outbox/append.ts';
import type { Tx } from '#platform/postgres/open-postgres.ts';
import type { CollectedTariff } from '../insurers/insurer.ts';
import { outbox } from '../outbox/table.ts';
import { polls, tariffs } from './table.ts';

interface GoodPoll {
  readonly insurer: string;
  readonly collected: readonly CollectedTariff[];
  readonly at: Date;
}

/**
 * Stores what a good poll brought and appends its events: `tariff.published.v1` for each tariff that is new or changed,
 * then `insurer.polled.v1`, which moves "as of". Returns how many tariffs changed.
 */
export async function publishChanges(tx: Tx, { insurer, collected, at }: GoodPoll): Promise<number> {
  // The poller's lock is its session's, and a session can be lost: what two pollers publish comes one after the other.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('publish'), hashtext(${insurer}))`);
  const stored = await tx.select().from(tariffs).where(eq(tariffs.insurer, insurer));
  const changed = collected.flatMap((tariff): Tariff[] => {
    const before = stored.find((row) => row.product === tariff.product);
    const { product, commissionRateBps, terms } = tariff;
    if (before && before.commissionRateBps === commissionRateBps && isDeepStrictEqual(before.terms, terms)) return [];
    return [
      { insurer, product, commissionRateBps, terms, version: (before?.version ?? 0) + 1, asOf: at.toISOString() },
    ];
  });
  for (const { asOf: changedAt, ...tariff } of changed) {
    const row = { ...tariff, changedAt };
    await tx
      .insert(tariffs)
      .values(row)
      .onConflictDoUpdate({ target: [tariffs.insurer, tariffs.product], set: row });
  }
  const told = changed.length + 1;
  const last = await movePoll(tx, { insurer, at, told });
  await appendEvents(tx, outbox, {
    topic: TARIFFS,
    events: eventsOf({ insurer, at, changed, first: last - told + 1 }),
  });
  return changed.length;
}

/** Moves the insurer's row; its count of events is the version of the aggregate. Returns the count after this poll. */
async function movePoll(tx: Tx, { insurer, at, told }: { insurer: string; at: Date; told: number }): Promise<number> {
  const set = { polledAt: at.toISOString(), outcome: 'good', asOf: at.toISOString() };
  const [row] = await tx
    .insert(polls)
    .values({ insurer, ...set, events: told })
    .onConflictDoUpdate({ target: polls.insurer, set: { ...set, events: sql`${polls.events} + ${told}` } })
    .returning({ events: polls.events });
  return row?.events ?? told;
}

function eventsOf(poll: { insurer: string; at: Date; changed: readonly Tariff[]; first: number }): NewEvent[] {
  const { insurer, at, changed, first } = poll;
  const published = changed.map((tariff, index) => ({
    type: 'tariff.published.v1',
    key: `tariff:${insurer}:${tariff.product}`,
    aggregateId: insurer,
    aggregateVersion: first + index,
    occurredAt: at,
    data: tariff,
  }));
  const polled = {
    type: 'insurer.polled.v1',
    key: `polled:${insurer}`,
    aggregateId: insurer,
    aggregateVersion: first + changed.length,
    occurredAt: at,
    data: { insurer, polledAt: at.toISOString() },
  };
  return [...published, polled];
}
