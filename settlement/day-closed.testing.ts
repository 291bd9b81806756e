import type { DayClosedEvent, PolicyEvent } from '#contracts/events.ts';
import { rub } from '#contracts/money.ts';
import type { Operation } from '#platform/difference-sketch/operation.ts';
import { createSketch } from '#platform/difference-sketch/sketch.ts';
import { PARTITION, uuidOf } from './testing.ts';

interface InsurerDay {
  readonly insurer: string;
  readonly issued: readonly PolicyEvent[];
  readonly cancelled?: readonly PolicyEvent[];
}

/** What core tells of a day on which it did this, by default as the first revision and as number `sequence` of epoch 1. */
export function dayClosed(
  day: string,
  sequence: number,
  insurers: readonly InsurerDay[],
  { revision = 1, epoch = 1 }: { revision?: number; epoch?: number } = {},
): DayClosedEvent {
  return {
    eventId: uuidOf(`${day} ${revision}`),
    type: 'control.day-closed.v1',
    aggregateId: `msk-day-${day}`,
    aggregateVersion: revision,
    region: 'msk',
    partition: PARTITION,
    epoch,
    sequence,
    occurredAt: `${day}T21:05:00.000Z`,
    traceparent: null,
    data: { day, insurers: insurers.map(toldOf) },
  };
}

function toldOf({ insurer, issued, cancelled = [] }: InsurerDay): DayClosedEvent['data']['insurers'][number] {
  const operations = [...issued, ...cancelled].map(operationOf);
  const sketch = createSketch();
  for (const operation of operations) sketch.add(operation);
  const totals = (kind: Operation['operation']) => {
    const of = operations.filter(({ operation }) => operation === kind);
    const sum = (amount: (one: Operation) => number) => rub(of.reduce((so, one) => so + amount(one), 0));
    return { count: of.length, premium: sum((one) => one.premiumMinor), commission: sum((one) => one.commissionMinor) };
  };
  return { insurer, issued: totals('issued'), cancelled: totals('cancelled'), sketch: sketch.toText() };
}

const operationOf = ({ type, data }: PolicyEvent): Operation => ({
  policyId: data.policyId,
  operation: type === 'policy.issued.v1' ? 'issued' : 'cancelled',
  premiumMinor: (type === 'policy.issued.v1' ? data.premium : data.refund).amountMinor,
  commissionMinor: data.commission.amount.amountMinor,
});
