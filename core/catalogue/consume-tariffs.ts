import { sql } from 'drizzle-orm';
import { type InsurerPolled, TariffEvent } from '#contracts/events.ts';
import type { Tariff, WithdrawnTariff } from '#contracts/tariff.ts';
import type { Batch } from '#platform/events/transport.ts';
import type { Db, Tx } from '#platform/postgres/open-postgres.ts';
import type { Logger } from '#platform/telemetry/log.ts';
import { insurers, tariffs, withdrawals } from './table.ts';

interface ConsumeContext {
  readonly db: Db;
  readonly log: Logger;
  /** Called after the commit, so that quotes see what came. */
  readonly refresh: () => Promise<void>;
}

/**
 * Takes a batch of `tariffs.v1` into the tables, in one transaction. Safe to repeat and to meet out of date: a version is
 * stored once, and "as of" never goes back. An event that cannot be read is logged and passed over, because the next
 * poll of its insurer repeats what it knew; a database error rejects, and the batch comes again.
 */
export async function consumeTariffs(ctx: ConsumeContext, batch: Batch): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    for (const { key, value } of batch.messages) {
      const event = parse(value);
      if (!event) ctx.log.error({ key, partition: batch.partition }, 'unreadable event on tariffs.v1, passed over');
      else if (event.type === 'tariff.published.v1') await storeTariff(tx, event.data);
      else if (event.type === 'tariff.withdrawn.v1') await storeWithdrawal(tx, event.data);
      else await storePoll(tx, event.data);
    }
  });
  await ctx.refresh();
}

function parse(value: string): TariffEvent | undefined {
  try {
    return TariffEvent.parse(JSON.parse(value));
  } catch {
    return undefined;
  }
}

async function storeTariff(tx: Tx, tariff: Tariff): Promise<void> {
  await tx.insert(tariffs).values(tariff).onConflictDoNothing();
  await storePoll(tx, { insurer: tariff.insurer, polledAt: tariff.asOf });
}

async function storeWithdrawal(tx: Tx, { insurer, product, version, asOf }: WithdrawnTariff): Promise<void> {
  await tx
    .insert(withdrawals)
    .values({ insurer, product, version })
    .onConflictDoUpdate({
      target: [withdrawals.insurer, withdrawals.product],
      set: { version: sql`greatest(${withdrawals.version}, excluded.version)` },
    });
  await storePoll(tx, { insurer, polledAt: asOf });
}

async function storePoll(tx: Tx, { insurer, polledAt }: InsurerPolled): Promise<void> {
  await tx
    .insert(insurers)
    .values({ id: insurer, polledAt })
    .onConflictDoUpdate({
      target: insurers.id,
      set: { polledAt: sql`greatest(${insurers.polledAt}, excluded.polled_at)` },
    });
}
