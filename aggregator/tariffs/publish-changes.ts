import { isDeepStrictEqual } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import type { Tariff, WithdrawnTariff } from '#contracts/tariff.ts';
import { TARIFFS } from '#contracts/topics.ts';
import { appendEvents, type NewEvent } from '#platform/outbox/append.ts';
import type { Tx } from '#platform/postgres/open-postgres.ts';
import type { CollectedTariff } from '../insurers/insurer.ts';
import { outbox } from '../outbox/table.ts';
import { polls, quarantine, tariffs } from './table.ts';

interface GoodPoll {
  readonly insurer: string;
  readonly collected: readonly CollectedTariff[];
  readonly at: Date;
}

type Stored = typeof tariffs.$inferSelect;

/**
 * Stores what a good poll brought and appends its events: `tariff.published.v1` for each tariff that is new or changed,
 * `tariff.withdrawn.v1` for each that is sold no more, then `insurer.polled.v1`, which moves "as of". Returns how many
 * tariffs changed. `stored` is what was known; the caller holds the insurer's lock of `lockTariffs` since before it.
 */
export async function publishChanges(
  tx: Tx,
  { insurer, collected, at, stored }: GoodPoll & { stored: readonly Stored[] },
): Promise<number> {
  const changed = changedTariffs(stored, { insurer, collected, at });
  const withdrawn = withdrawnTariffs(stored, { insurer, collected, at });
  for (const { asOf: changedAt, ...tariff } of changed) {
    const row = { ...tariff, changedAt, withdrawnAt: null };
    await tx
      .insert(tariffs)
      .values(row)
      .onConflictDoUpdate({ target: [tariffs.insurer, tariffs.product], set: row });
  }
  for (const { product, version, asOf } of withdrawn) {
    await tx
      .update(tariffs)
      .set({ version, withdrawnAt: asOf })
      .where(sql`${tariffs.insurer} = ${insurer} and ${tariffs.product} = ${product}`);
  }
  await tx.delete(quarantine).where(eq(quarantine.insurer, insurer));
  const changes = changed.length + withdrawn.length;
  const last = await movePoll(tx, { insurer, at, told: changes + 1 });
  await appendEvents(tx, outbox, {
    topic: TARIFFS,
    events: eventsOf({ insurer, at, changed, withdrawn, first: last - changes }),
  });
  return changes;
}

/**
 * What is known of an insurer's tariffs, held until the transaction ends: the poller's lock is its session's, and a
 * session can be lost, so what two pollers publish comes one after the other.
 */
export async function lockTariffs(tx: Tx, insurer: string): Promise<Stored[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('publish'), hashtext(${insurer}))`);
  return tx.select().from(tariffs).where(eq(tariffs.insurer, insurer));
}

function changedTariffs(stored: readonly Stored[], { insurer, collected, at }: GoodPoll): Tariff[] {
  return collected.flatMap((tariff): Tariff[] => {
    const before = stored.find((row) => row.product === tariff.product);
    const { commissionRateBps, terms } = tariff;
    const same = before?.commissionRateBps === commissionRateBps && isDeepStrictEqual(before.terms, terms);
    if (same && before.withdrawnAt === null) return [];
    return [{ ...tariff, insurer, version: (before?.version ?? 0) + 1, asOf: at.toISOString() }];
  });
}

function withdrawnTariffs(stored: readonly Stored[], { insurer, collected, at }: GoodPoll): WithdrawnTariff[] {
  const sold = new Set(collected.map(({ product }) => product));
  return stored
    .filter(({ product, withdrawnAt }) => withdrawnAt === null && !sold.has(product))
    .map(({ product, version }) => ({ insurer, product, version: version + 1, asOf: at.toISOString() }));
}

/** Moves the insurer's row; its count of events is the version of the aggregate. Returns the count after this poll. */
async function movePoll(tx: Tx, { insurer, at, told }: { insurer: string; at: Date; told: number }): Promise<number> {
  const set = { polledAt: at.toISOString(), outcome: 'good', asOf: at.toISOString(), retryAt: null };
  const [row] = await tx
    .insert(polls)
    .values({ insurer, ...set, events: told })
    .onConflictDoUpdate({ target: polls.insurer, set: { ...set, events: sql`${polls.events} + ${told}` } })
    .returning({ events: polls.events });
  return row?.events ?? told;
}

interface Told {
  readonly insurer: string;
  readonly at: Date;
  readonly changed: readonly Tariff[];
  readonly withdrawn: readonly WithdrawnTariff[];
  /** The aggregate's version of the first of them. */
  readonly first: number;
}

/** A withdrawal has the key of the tariff it ends: compaction keeps the last of the two. */
function eventsOf({ insurer, at, changed, withdrawn, first }: Told): NewEvent[] {
  const key = ({ product }: { product: string }) => `tariff:${insurer}:${product}`;
  const events = [
    ...changed.map((data) => ({ type: 'tariff.published.v1', key: key(data), data })),
    ...withdrawn.map((data) => ({ type: 'tariff.withdrawn.v1', key: key(data), data })),
    { type: 'insurer.polled.v1', key: `polled:${insurer}`, data: { insurer, polledAt: at.toISOString() } },
  ];
  return events.map((event, index) => ({
    ...event,
    aggregateId: insurer,
    aggregateVersion: first + index,
    occurredAt: at,
  }));
}
