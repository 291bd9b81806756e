import { readFile } from 'node:fs/promises';
import postgres, { type Sql } from 'postgres';
import { expect, test } from 'vitest';
import { createTestDatabase } from '#platform/postgres/testing.ts';

async function migrate(admin: Sql, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const text = await readFile(new URL(`../migrations/${name}.sql`, import.meta.url), 'utf8');
    await admin.begin(async (tx) => {
      for (const statement of text.split('--> statement-breakpoint')) await tx.unsafe(statement);
    });
  }
}

test('R2 policies of the release before get the rates that they were sold at; that release goes on issuing', async () => {
  await using database = await createTestDatabase();
  const admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
  await admin`drop schema core cascade`;
  await admin`create schema core`;
  await migrate(admin, ['0000_first', '0001_tariff_versions', '0002_ten_insurers']);
  await admin`grant usage on schema core to core`;
  await admin`grant select, insert on all tables in schema core to core`;
  const session = postgres(database.url('core'), { max: 1, onnotice: () => undefined });
  // As the release before does it, prepared on a connection that stays.
  const issue = async (id: string, rates?: object) => {
    await session`
      insert into core.policies (id, number, partner_id, idempotency_key, body_digest, status, insurer, product,
        tariff_version, premium_minor, partner_commission_minor, risk, holder, starts_on, ends_on, issued_at)
      values (${id}, ${id}, 'alfa', ${id}, 'd', 'issued', 'volga', 'osago', 1, 100, 5, '{}', '{}', '2026-11-23',
        '2027-11-22', now())`;
    if (!rates) return;
    await session`
      insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
      values (0, ${id}, gen_random_uuid(), ${id}, 1, 'policy.issued.v1', now(), ${JSON.stringify(rates)})`;
  };
  const rates = (company: number, partner: number) => ({
    commission: { rateBps: company },
    partner: { commission: { rateBps: partner } },
  });
  await issue('a', rates(1_500, 500));
  await issue('b', rates(0, 10_000));
  await issue('c');
  await migrate(admin, ['0003_cancelled_policies']);
  await issue('d', rates(1, 2));
  const rows = await admin`select id, commission_rate_bps, partner_commission_rate_bps, status, num_nonnulls(
    cancelled_at, cancel_key, cancel_digest, cancel_reason, refund_minor) as told from core.policies order by id`;
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['a', 1_500, 500, 'issued', 0],
    ['b', 0, 10_000, 'issued', 0],
    ['c', null, null, 'issued', 0],
    ['d', null, null, 'issued', 0],
  ]);
  await Promise.all([session.end(), admin.end()]);
});
