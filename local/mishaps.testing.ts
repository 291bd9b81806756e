import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { expect } from 'vitest';
import type { DeadLetter } from '#contracts/dead-letter.ts';
import { POLICIES } from '#contracts/topics.ts';
import type { Buyer } from './buyer.testing.ts';
import type { Holder } from './canary.testing.ts';
import { asAdministrator, type Inspected } from './places.testing.ts';

export interface Refused {
  readonly holder: Holder;
  readonly reason: string;
  readonly sale: (holder: object) => { readonly offer: string | undefined };
  readonly policyId: string;
}

/** Every refusal that knows of a holder or of a reason. */
export async function refuse({ post }: Buyer, { holder, reason, sale, policyId }: Refused): Promise<void> {
  const whole = JSON.stringify(sale(holder));
  await post(400, '/v1/policies', { ...sale(holder), offer: `${sale(holder).offer}x` });
  await post(400, '/v1/policies', { ...sale(holder), startsOn: holder.birthDate });
  await post(400, '/v1/policies', { ...sale(holder), [holder.email]: holder.phone });
  for (const wrong of [
    { phone: holder.phone.slice(1) },
    { email: `${holder.email} ` },
    { fullName: `${holder.fullName}\0` },
    { birthDate: `${holder.birthDate}T00:00:00` },
    { birthDate: holder.birthDate.replace('19', '18') },
    { passport: holder.fullName },
    { fullName: [holder.fullName] },
  ]) {
    await post(400, '/v1/policies', sale({ ...holder, ...wrong }));
  }
  await post(400, '/v1/policies', whole.slice(0, -5));
  await post(400, '/v1/policies', whole.replace('"fullName":"', '"fullName":'));
  await post(413, '/v1/policies', sale({ ...holder, fullName: holder.fullName.repeat(3_000) }));
  await post(401, '/v1/policies', whole, { token: 'ik_beta_wrong' });
  const cancel = `/v1/policies/${policyId}/cancel`;
  await post(400, cancel, { reason: `${reason}\ud800` });
  await post(400, cancel, { reason, by: holder.fullName });
  await post(400, cancel, `{"reason":"${reason}`);
  await post(404, `/v1/policies/msk-${randomUUID()}/cancel`, { reason });
  await post(404, `/v1/policies/nsk-${randomUUID()}/cancel`, { reason });
}

/** Has Postgres refuse the row of a policy, which it repeats in what it says of that. */
export async function failInDatabase(inspected: Inspected, work: () => Promise<void>): Promise<void> {
  await asAdministrator(inspected, async (sql) => {
    await sql`alter table core.policies add constraint canary check (partner_id = '') not valid`;
    await work();
    await sql`alter table core.policies drop constraint canary`;
  });
}

/** Five records that are parked, put on the topic by somebody else, each with a holder in it; and one that is booked, without. */
export async function spoilTopic(inspected: Inspected, policyId: string, holder: Holder): Promise<void> {
  const [last] = await asAdministrator(
    inspected,
    (sql) => sql<Last[]>`
      select o.partition, o.data, p.epoch::float8 as epoch, p.sequence::float8 as sequence
      from core.outbox o join settlement.positions p using (partition) where o.aggregate_id = ${policyId}`,
  );
  if (!last) throw new Error(`${policyId} is not in the outbox`);
  const values = [...spoiltAfter(last, holder).map((event) => JSON.stringify(event)), `junk ${JSON.stringify(holder)}`];
  const producer = new Kafka({ brokers: [inspected.brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const messages = values.map((value) => ({ partition: last.partition, key: 'stranger', value }));
  await producer.send({ topic: POLICIES.name, messages });
  await producer.disconnect();
}

/** How far a partition is, and the terms of a policy of it. */
interface Last {
  readonly partition: number;
  readonly data: string;
  readonly epoch: number;
  readonly sequence: number;
}

function spoiltAfter({ partition, epoch, sequence, data }: Last, holder: Holder): object[] {
  const of = (more: object) => {
    const policyId = `msk-${randomUUID()}`;
    return {
      type: 'policy.issued.v1',
      eventId: randomUUID(),
      aggregateId: policyId,
      aggregateVersion: 1,
      region: 'msk',
      partition,
      epoch,
      sequence: sequence + 1,
      occurredAt: new Date().toISOString(),
      traceparent: null,
      holder,
      data: { ...JSON.parse(data), policyId, holder },
      ...more,
    };
  };
  return [
    of({ epoch: 2 ** 52 }),
    of({ region: 'nsk' }),
    of({ partition: (partition + 1) % POLICIES.partitions }),
    // The contract lets more fields pass, and settlement keeps none of them.
    of({}),
    of({ type: 'policy.issued.v2', sequence: sequence + 2 }),
  ];
}

/** An operator looks at the dead letters as soon as they are there, has each judged again, and gives one up. */
export async function operateOnLetters({ region, operator }: Inspected): Promise<void> {
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${operator}`, 'content-type': 'application/json' };
    const answer = await fetch(`${region.settlement}/v1/dead-letters${path}`, { ...init, headers });
    return (await answer.json()) as { items: DeadLetter[] };
  };
  await expect.poll(async () => (await ask('')).items.length, { timeout: 20_000, interval: 100 }).toBe(5);
  const { items } = await ask('');
  for (const { id } of items) await ask(`/${id}/replay`, { method: 'POST', body: '{}' });
  const body = JSON.stringify({ by: 'anna', reason: 'not ours' });
  await ask(`/${items[0]?.id}/dismiss`, { method: 'POST', body });
}
