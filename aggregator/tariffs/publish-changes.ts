import { isDeepStrictEqual } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import type { Tariff, WithdrawnTariff } from '#contracts/tariff.ts';
import { TARIFFS } from '#contracts/topics.ts';
import { appendEvents, type NewEvent } from '#platform/outbox/append.ts';
import type { Tx } from '#platform/postgres/open-postgres.ts';
import { readTimeline } from '#platform/postgres/timeline.ts';
import type { CollectedTariff } from '../insurers/insurer.ts';
import { outbox } from '../outbox/table.ts';
import { polls, quarantine, tariffs } from './table.ts';

interface GoodPoll {
  readonly insurer: string;
  readonly collected: readonly CollectedTariff[];
  readonly at: Date;
}

type Stored = typeof tariffs.$inferSelect;

/** A good poll, against what was known, in the life of the database with this timeline. */
interface News extends GoodPoll {
  readonly stored: readonly Stored[];
  readonly timeline: number;
}

/**
 * Versions left free by each life of the database for those of the life before that it has lost: offers, policies and
 * caches may name them, and they must never have other contents.
 */
const VERSIONS_OF_A_LIFE = 1_000;

/**
 * Stores what a good poll brought and appends its events: `tariff.published.v1` for each tariff that is new or changed,
 * `tariff.withdrawn.v1` for each that is sold no more, then `insurer.polled.v1`, which moves "as of". What was told in an
 * earlier life of the database is told anew, changed or not: others may know a later version. Returns how many tariffs it
 * told. `stored` is what was known; the caller holds the insurer's lock of `lockTariffs` since before it.
 */
export async function publishChanges(
  tx: Tx,
  { insurer, collected, at, stored }: GoodPoll & { stored: readonly Stored[] },
): Promise<number> {
  const timeline = await readTimeline(tx);
  const news = { insurer, collected, at, stored, timeline };
  const changed = changedTariffs(news);
  const withdrawn = withdrawnTariffs(news);
  for (const { asOf: changedAt, ...tariff } of changed) {
    const row = { ...tariff, changedAt, withdrawnAt: null, timeline };
    await tx
      .insert(tariffs)
      .values(row)
      .onConflictDoUpdate({ target: [tariffs.insurer, tariffs.product], set: row });
  }
  for (const { product, version, asOf } of withdrawn) {
    await tx
      .update(tariffs)
      .set({ version, timeline, withdrawnAt: sql`coalesce(${tariffs.withdrawnAt}, ${asOf})` })
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

function changedTariffs({ insurer, collected, at, stored, timeline }: News): Tariff[] {
  return collected.flatMap((tariff): Tariff[] => {
    const before = stored.find((row) => row.product === tariff.product);
    const { commissionRateBps, terms } = tariff;
    const same = before?.commissionRateBps === commissionRateBps && isDeepStrictEqual(before.terms, terms);
    if (same && before.withdrawnAt === null && before.timeline === timeline) return [];
    return [{ ...tariff, insurer, version: nextVersion(before, timeline), asOf: at.toISOString() }];
  });
}

function withdrawnTariffs({ insurer, collected, at, stored, timeline }: News): WithdrawnTariff[] {
  const sold = new Set(collected.map(({ product }) => product));
  return stored
    .filter((row) => (row.withdrawnAt === null || row.timeline !== timeline) && !sold.has(row.product))
    .map((row) => ({
      insurer,
      product: row.product,
      version: nextVersion(row, timeline),
      asOf: at.toISOString(),
    }));
}

/** One more; in a new life of the database, above all that the life before can have told. */
function nextVersion(before: Stored | undefined, timeline: number): number {
  if (!before) return (timeline - 1) * VERSIONS_OF_A_LIFE + 1;
  return before.version + 1 + (before.timeline === timeline ? 0 : VERSIONS_OF_A_LIFE);
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
