import { readFile } from 'node:fs/promises';
import postgres, { type Sql } from 'postgres';
import { expect, test } from 'vitest';
import { createTestDatabase } from '#platform/postgres/testing.ts';

async function migrate(admin: Sql, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const text = await readFile(new URL(`migrations/${name}.sql`, import.meta.url), 'utf8');
    await admin.begin(async (tx) => {
      for (const statement of text.split('--> statement-breakpoint')) await tx.unsafe(statement);
    });
  }
}

const ISSUED = '11111111-1111-4111-8111-111111111111';
const CANCELLED = '22222222-2222-4222-8222-222222222222';
const NOTHING = '33333333-3333-4333-8333-333333333333';

test('D9 R2 books of the release before keep every side, balance and line when transactions come to bear their sides', async () => {
  await using database = await createTestDatabase();
  const admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
  await admin`drop schema settlement cascade`;
  await admin`create schema settlement`;
  await migrate(admin, ['0000_first', '0001_append_only', '0002_stopped_partitions', '0003_cancelled_without_refund']);
  // As that release writes: an issue, a cancellation with a refund, and one without.
  await admin`
    with made as (
      insert into settlement.ledger_transactions values
        (${ISSUED}, 'policy.issued.v1', 'msk-1', 1, '2026-11-22T10:00:00Z', now()),
        (${CANCELLED}, 'policy.cancelled.v1', 'msk-1', 2, '2026-12-05T10:00:00Z', now())
      returning event_id
    )
    insert into settlement.ledger_postings
    select s.* from (values
      (${ISSUED}::uuid, 'clearing:premiums', 100::bigint), (${ISSUED}::uuid, 'insurer:volga:payable', -85), (${ISSUED}::uuid, 'income:commission:volga', -15),
      (${CANCELLED}::uuid, 'clearing:premiums', -40), (${CANCELLED}::uuid, 'insurer:volga:payable', 34), (${CANCELLED}::uuid, 'income:commission:volga', 6)
    ) as s(event_id, account, amount), made where made.event_id = s.event_id`;
  const line = (event: string, operation: string, [premium, commission]: [number, number]) => admin`
    insert into settlement.register_lines values (${event}, 'volga', '2026-11', ${operation}, 'osago', 'msk-1', 'N-1',
      '2026-11-22T10:00:00Z', '2026-12-01', '2027-11-30', ${premium}, 1500, ${commission}, 'alfa', 1)`;
  await line(ISSUED, 'issued', [100, 15]);
  await line(CANCELLED, 'cancelled', [-40, -6]);
  await admin.begin(async (tx) => {
    await tx`insert into settlement.ledger_transactions values
      (${NOTHING}, 'policy.cancelled.v1', 'msk-2', 2, '2026-12-06T10:00:00Z', now())`;
    await tx`insert into settlement.register_lines values (${NOTHING}, 'volga', '2026-12', 'cancelled', 'osago', 'msk-2', 'N-2',
      '2026-11-22T10:00:00Z', '2026-12-01', '2027-11-30', 0, 1500, 0, 'alfa', 1)`;
  });
  await admin`insert into settlement.dead_letters (topic, partition, epoch, sequence, reason, detail, raw, digest, parked_at)
    values ('policies.v1', 1, 1, 1, 'unreadable', 'x', 'x', 'x', now())`;
  const sides = () => admin`select event_id, account, amount_minor::int from settlement.ledger_postings order by 1, 2`;
  const before = await sides();
  expect(before).toHaveLength(6);

  await migrate(admin, ['0004_books_to_the_kopeck', '0005_laws_of_the_books']);

  expect([...(await sides())]).toEqual([...before]);
  const lines = await admin`
    select event_id, operated_at at time zone 'UTC' || '' as at, is_late from settlement.register_lines order by 1`;
  expect(lines.map((row) => [row['at'], row['is_late']])).toEqual([
    ['2026-11-22 10:00:00', false],
    ['2026-12-05 10:00:00', false],
    ['2026-12-06 10:00:00', false],
  ]);
  const [letter] = await admin`select status, insurer from settlement.dead_letters`;
  expect(letter).toEqual({ status: 'parked', insurer: null });
  await expect(admin`delete from settlement.ledger_transactions`).rejects.toThrow('append-only');
  await expect(admin`update settlement.register_lines set partner = 'x'`).rejects.toThrow('append-only');
  await admin.end();
});
