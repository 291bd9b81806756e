import { DayClosedEvent, PolicyEvent } from '#contracts/events.ts';
import { createSketch } from '#platform/difference-sketch/sketch.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { type TestCore, tariff } from '../core.testing.ts';
import { ALFA, createSales } from '../policies/policies.testing.ts';
import { addDays } from '../rating/parameters/starts-on.ts';

/** A row of the outbox as the relay would send it. */
const asSent = (row: Record<string, unknown>) => ({
  eventId: row['event_id'],
  type: row['type'],
  aggregateId: row['aggregate_id'],
  aggregateVersion: row['aggregate_version'],
  region: 'msk',
  partition: row['partition'],
  epoch: 1,
  sequence: 1,
  occurredAt: new Date(row['occurred_at'] as string).toISOString(),
  traceparent: row['traceparent'],
  data: JSON.parse(row['data'] as string),
});

/** What tests of days do with a core: trade on any day, and look at what was told. */
export function createDays(core: TestCore) {
  const sales = createSales(core);
  let keys = 0;
  const toldDays = async () => {
    const rows = await core.admin`select * from core.outbox where type = 'control.day-closed.v1' order by id`;
    return rows.map((row) => DayClosedEvent.parse(asSent(row)));
  };
  return {
    toldDays,
    /** Days and revisions, in the order in which they were told. */
    told: async () => (await toldDays()).map(({ data, aggregateVersion }) => `${data.day} ${aggregateVersion}`),
    /** Sells now, by whichever of two insurers is cheaper. */
    async sell({ volga = 500_000, ural = 500_001, rateBps = 1_500 } = {}) {
      keys += 1;
      const terms = { version: keys, asOf: core.clock.at.toISOString(), commissionRateBps: rateBps };
      await core.consume(
        tariff('volga', { ...terms, baseMinor: volga }),
        tariff('ural', { ...terms, baseMinor: ural }),
      );
      const { policy } = await sales.sell({ by: ALFA, startsOn: addDays(moscowDate(core.clock.at), 1) });
      return policy;
    },
    async cancel(policyId: string) {
      keys += 1;
      return (await sales.cancel(policyId, { key: `key-cancel-${keys}` })).policy;
    },
    /** A day as the events of its policies have it. */
    async expected(day: string) {
      const rows = await core.admin`select * from core.outbox where type like 'policy.%'`;
      const events = rows.map((row) => PolicyEvent.parse(asSent(row)));
      return { day, insurers: insurersOf(events.filter((event) => dayOf(event) === day)) };
    },
  };
}

const dayOf = ({ type, data }: PolicyEvent) =>
  moscowDate(new Date(type === 'policy.issued.v1' ? data.issuedAt : data.cancelledAt));

function insurersOf(events: readonly PolicyEvent[]) {
  const names = [...new Set(events.map(({ data }) => data.insurer))].sort();
  return names.map((insurer) => {
    const own = events.filter(({ data }) => data.insurer === insurer).map(movedBy);
    const sketch = createSketch();
    for (const operation of own) sketch.add(operation);
    const totals = (kind: string) => {
      const of = own.filter(({ operation }) => operation === kind);
      const sum = (amounts: number[]) => ({ amountMinor: amounts.reduce((a, b) => a + b, 0), currency: 'RUB' });
      const [premium, commission] = [of.map((one) => one.premiumMinor), of.map((one) => one.commissionMinor)];
      return { count: of.length, premium: sum(premium), commission: sum(commission) };
    };
    return { insurer, issued: totals('issued'), cancelled: totals('cancelled'), sketch: sketch.toText() };
  });
}

const movedBy = ({ type, data }: PolicyEvent) => ({
  policyId: data.policyId,
  operation: type === 'policy.issued.v1' ? ('issued' as const) : ('cancelled' as const),
  premiumMinor: type === 'policy.issued.v1' ? data.premium.amountMinor : data.refund.amountMinor,
  commissionMinor: data.commission.amount.amountMinor,
});
