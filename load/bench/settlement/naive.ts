import type { Sql, TransactionSql } from 'postgres';
import { PolicyEvent } from '#contracts/events.ts';
import { operationOf } from '../../../settlement/ledger/operation-of.ts';
import { postingsOf } from '../../../settlement/ledger/postings-of.ts';
import { periodOf } from '../../../settlement/registers/period-of.ts';
import type { Take } from './books.ts';

/** The usual way: an event a transaction, each statement awaited before the next. The same tables, constraints and triggers. */
export function takeNaively(sql: Sql): Take {
  return async ({ topic, partition, messages }) => {
    for (const { value } of messages) {
      const event = PolicyEvent.parse(JSON.parse(value));
      await sql.begin((tx) => takeOne(tx, { topic, partition, event }));
    }
  };
}

interface Received {
  readonly topic: string;
  readonly partition: number;
  readonly event: PolicyEvent;
}

async function takeOne(tx: TransactionSql, { topic, partition, event }: Received): Promise<void> {
  const { region, epoch, sequence, eventId } = event;
  const [position] = await tx<{ sequence: number }[]>`
    select sequence::float8 as sequence from settlement.positions
    where region = ${region} and topic = ${topic} and partition = ${partition} for update`;
  if (sequence !== (position?.sequence ?? 0) + 1) throw new Error(`A gap before number ${sequence}`);
  const [known] = await tx`select 1 from settlement.ledger_transactions where event_id = ${eventId}`;
  if (known) return;
  await insertTransaction(tx, event);
  for (const { account, amountMinor } of postingsOf(event)) {
    await tx`
      insert into settlement.ledger_accounts as a (id, balance_minor) values (${account}, ${amountMinor})
      on conflict (id) do update set balance_minor = a.balance_minor + excluded.balance_minor`;
  }
  await insertLine(tx, event);
  await tx`
    insert into settlement.positions (region, topic, partition, epoch, sequence, unplaced)
    values (${region}, ${topic}, ${partition}, ${epoch}, ${sequence}, 0)
    on conflict (region, topic, partition) do update set epoch = excluded.epoch, sequence = excluded.sequence`;
}

async function insertTransaction(tx: TransactionSql, event: PolicyEvent): Promise<void> {
  const sides = postingsOf(event);
  await tx`
    insert into settlement.ledger_transactions
      (event_id, type, aggregate_id, aggregate_version, occurred_at, booked_at, accounts, amounts_minor)
    values (${event.eventId}, ${event.type}, ${event.aggregateId}, ${event.aggregateVersion}, ${operationOf(event).at.toISOString()},
      ${new Date().toISOString()}, ${sides.map(({ account }) => account)}, ${sides.map(({ amountMinor }) => amountMinor)})`;
}

async function insertLine(tx: TransactionSql, event: PolicyEvent): Promise<void> {
  const { data } = event;
  const { operation, at, premiumMinor, commissionMinor } = operationOf(event);
  await tx`
    insert into settlement.register_lines (
      event_id, operation, operated_at, is_late, insurer, period, product, policy_id, policy_number, contract_date,
      starts_on, ends_on, premium_minor, commission_rate_bps, commission_minor, partner, tariff_version)
    values (${event.eventId}, ${operation}, ${at.toISOString()}, false, ${data.insurer}, ${periodOf(at)}, ${data.product}, ${data.policyId},
      ${data.number}, ${data.issuedAt}, ${data.startsOn}, ${data.endsOn}, ${premiumMinor}, ${data.commission.rateBps},
      ${commissionMinor}, ${data.partner.id}, ${data.tariffVersion})`;
}
