import { Registry } from 'prom-client';
import { expect } from 'vitest';
import type { Batch } from '#platform/events/transport.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import type { SettlementContext } from '../context.ts';
import { createMetrics } from '../metrics.ts';
import { readBooks, readPosition } from '../testing.ts';
import { handleBatch } from './handle-batch.ts';

const log = createLogger({ service: 'ins-comp-settlement', region: 'msk', level: 'silent' });
const unheard = { log, metrics: createMetrics(new Registry()) };

/**
 * Hands a batch over as the transport does, and then the same again into the same books, unheard by logs and metrics: no
 * handler may book, park or move anything for it a second time. The books must be zero in sum after each.
 */
export async function handleTwice(ctx: SettlementContext, batch: Batch): Promise<void> {
  await handleBatch(ctx, batch);
  await requireBalanced(ctx);
  const once = [await readBooks(ctx), await readPosition(ctx, batch.partition)];
  await handleBatch({ ...ctx, ...unheard }, batch);
  expect([await readBooks(ctx), await readPosition(ctx, batch.partition)]).toEqual(once);
}

/** Every transaction is zero in sum, every balance is the sum of its sides, and so is each register line. */
export async function requireBalanced({ sql }: Pick<SettlementContext, 'sql'>): Promise<void> {
  const [row] = await sql`
    select (select coalesce(sum(amount_minor), 0)::text from settlement.ledger_postings) as posted,
      (select coalesce(sum(balance_minor), 0)::text from settlement.ledger_accounts) as balances,
      (select count(*)::int from settlement.ledger_accounts a where balance_minor <>
        (select sum(amount_minor) from settlement.ledger_postings p where p.account = a.id)) as astray,
      (select coalesce(sum(amount_minor), 0)::text from settlement.ledger_postings where account = 'clearing:premiums') as paid,
      (select coalesce(sum(premium_minor), 0)::text from settlement.register_lines) as listed`;
  expect(row).toMatchObject({ posted: '0', balances: '0', astray: 0, paid: row?.['listed'] });
}
