import { rub, shareOf } from '#contracts/money.ts';
import type { OutgoingMessage } from '#platform/events/transport.ts';
import type { OutboxRow } from './state.ts';

export const REGION = 'msk';

const EPOCH_START = Date.UTC(2026, 10, 25);

/** The time of a run's clock, RFC 3339. */
const instant = (ms: number): string => new Date(EPOCH_START + Math.floor(ms)).toISOString();

/** The message of a row at its place: as read-page.ts puts it together, `data` last. */
export function toMessage(
  row: OutboxRow,
  place: { readonly epoch: number; readonly sequence: number },
): OutgoingMessage {
  const { partition, aggregateId, aggregateVersion } = row;
  const envelope = {
    eventId: row.eventId,
    type: aggregateVersion === 1 ? 'policy.issued.v1' : 'policy.cancelled.v1',
    aggregateId,
    aggregateVersion,
    region: REGION,
    partition,
    epoch: place.epoch,
    sequence: place.sequence,
    occurredAt: instant(row.occurredAt),
    traceparent: null,
    data: dataOf(row),
  };
  return { partition, key: aggregateId, value: JSON.stringify(envelope) };
}

/** A policy's terms follow from its id, so that all its events agree. */
function dataOf({ aggregateId, aggregateVersion, occurredAt }: OutboxRow) {
  const number = aggregateId.slice(-6);
  const premiumMinor = 100_000 + 7 * Number.parseInt(number, 16);
  const amounts = (of: number) => ({
    commission: { rateBps: 1_500, amount: rub(shareOf(of, 1_500)) },
    partner: { id: 'alfa', commission: { rateBps: 500, amount: rub(shareOf(of, 500)) } },
  });
  const terms = {
    policyId: aggregateId,
    number: `MSK-${number}`,
    insurer: 'volga',
    product: 'osago',
    tariffVersion: 1,
    issuedAt: instant(0),
    startsOn: '2026-12-01',
    endsOn: '2027-11-30',
    premium: rub(premiumMinor),
  };
  if (aggregateVersion === 1) return { ...terms, ...amounts(premiumMinor) };
  const refundMinor = Math.floor(premiumMinor / 2);
  return { ...terms, cancelledAt: instant(occurredAt), refund: rub(refundMinor), ...amounts(refundMinor) };
}
