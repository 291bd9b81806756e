import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rub } from '#contracts/money.ts';
import { cancelled, issued, PARTITION } from '../testing.ts';
import { readMessage } from './read-message.ts';

const stream = { region: 'msk', partition: PARTITION };
const read = (value: unknown) => readMessage(typeof value === 'string' ? value : JSON.stringify(value), stream);
const refusalOf = (value: unknown) => {
  const message = read(value);
  if (!message.placed) return message.refusal;
  return 'refusal' in message.content ? message.content.refusal : undefined;
};

test('readMessage reads an event, and ignores fields that it does not know', () => {
  const event = issued(1, 1);
  const message = read({ ...event, later: true, data: { ...event.data, later: true } });
  expect(message).toMatchObject({ placed: true, eventId: event.eventId, epoch: 1, sequence: 1, content: { event } });
});

test('readMessage keeps the place and the policy of an event whose data is not JSON', () => {
  const raw = JSON.stringify(issued(1, 7)).replace('"osago"', 'osago');
  const refusal = { reason: 'invalid-event' };
  expect(read(raw)).toMatchObject({ placed: true, sequence: 7, eventId: issued(1, 7).eventId, content: { refusal } });
});

const GOLDEN = new URL('../../core/contracts/golden/', import.meta.url);

test.each(readdirSync(GOLDEN).filter((file) => file.startsWith('policy.')))(
  'readMessage takes what was ever sent: %s',
  (file) => {
    const raw = readFileSync(new URL(file, GOLDEN), 'utf8');
    const { region, partition } = JSON.parse(raw) as { region: string; partition: number };
    expect(readMessage(raw, { region, partition })).toMatchObject({
      placed: true,
      content: { event: JSON.parse(raw) },
    });
  },
);

test.each([
  ['not JSON', '{', 'unreadable'],
  ['empty', '', 'unreadable'],
  ['null', 'null', 'unreadable'],
  ['an array', '[]', 'unreadable'],
  ['no sequence', { ...issued(1, 1), sequence: undefined }, 'unreadable'],
  ['a number that is not whole', { ...issued(1, 1), epoch: 1.5 }, 'unreadable'],
  ['an epoch beyond all exact numbers', { ...issued(1, 1), epoch: 2 ** 53 }, 'unreadable'],
  ['a number beyond all exact numbers', { ...issued(1, 1), sequence: 2 ** 53 }, 'unreadable'],
  ['a version beyond all exact numbers', { ...issued(1, 1), aggregateVersion: 2 ** 53 }, 'unreadable'],
  ['a NUL in the aggregate', { ...issued(1, 1), aggregateId: 'msk-\0' }, 'unreadable'],
  ['another region', { ...issued(1, 1), region: 'nsk' }, 'wrong-region'],
  ['another partition', { ...issued(1, 1), partition: PARTITION + 1 }, 'wrong-partition'],
])('readMessage gives no place to a message that is %s', (_, value, reason) => {
  const message = read(value);
  expect(message).toMatchObject({ placed: false, refusal: { reason } });
});

const withData = (data: Parameters<typeof issued>[2] & object) => issued(1, 1, data);
const share = (amountMinor: number) => ({ rateBps: 0, amount: rub(amountMinor) });

test.each([
  ['an unknown type', { ...issued(1, 1), type: 'policy.reinsured.v9' }, 'unknown-type'],
  ['no data', { ...issued(1, 1), data: undefined }, 'invalid-event'],
  [
    'another currency',
    { ...issued(1, 1), data: { ...issued(1, 1).data, premium: { amountMinor: 1, currency: 'EUR' } } },
    'invalid-event',
  ],
  ['half a kopeck', withData({ data: { premium: rub(0.5) } }), 'invalid-event'],
  ['no premium', withData({ data: { premium: rub(0) } }), 'invalid-event'],
  ['a negative premium', withData({ data: { premium: rub(-1) } }), 'invalid-event'],
  ['a premium beyond reason', withData({ data: { premium: rub(Number.MAX_SAFE_INTEGER) } }), 'invalid-event'],
  ['a commission above the premium', withData({ data: { commission: share(100_008) } }), 'invalid-event'],
  ['a negative commission', withData({ data: { commission: share(-1) } }), 'invalid-event'],
  [
    "a negative partner's commission",
    withData({ data: { partner: { id: 'alfa', commission: share(-1) } } }),
    'invalid-event',
  ],
  ["another policy's data", withData({ data: { policyId: 'msk-other' } }), 'invalid-event'],
  ['a NUL in the number', withData({ data: { number: 'MSK\0' } }), 'invalid-event'],
  ['an endless number', withData({ data: { number: 'M'.repeat(10_000) } }), 'invalid-event'],
  ['a version that no column takes', withData({ data: { tariffVersion: 2 ** 31 } }), 'invalid-event'],
  ['the year zero', withData({ data: { startsOn: '0000-01-01' } }), 'invalid-event'],
  ['an end before the start', withData({ data: { endsOn: '2026-11-30' } }), 'invalid-event'],
])('readMessage refuses an event with %s', (_, value, reason) => {
  expect(refusalOf(value)?.reason).toBe(reason);
});

test.each([
  ['a negative refund', { refund: rub(-1) }],
  ['a refund above the premium', { refund: rub(100_008) }],
  ['a negative commission', { commission: share(-1) }],
  ['a commission above the refund', { commission: share(50_004) }],
  ["a partner's commission above the refund", { partner: { id: 'alfa', commission: share(50_004) } }],
  ["a negative partner's commission", { partner: { id: 'alfa', commission: share(-1) } }],
  ["another policy's data", { policyId: 'msk-other' }],
  ['no premium', { premium: rub(0), refund: rub(0), commission: share(0) }],
])('R13 readMessage refuses a cancellation with %s', (_, data) => {
  expect(refusalOf(cancelled(1, 1, { data }))?.reason).toBe('invalid-event');
});

test.each([
  ['a refund of nothing', { refund: rub(0), commission: share(0), partner: { id: 'alfa', commission: share(0) } }],
  ['a refund of the premium', { refund: rub(100_007) }],
])('R13 readMessage takes a cancellation with %s', (_, data) => {
  expect(refusalOf(cancelled(1, 1, { data }))).toBeUndefined();
});

const YEARS = ['0000', '0001', '1999', '2100', '9999'];

test.each(YEARS)(
  'readMessage refuses every date and time of the year %s, which some part of the books cannot take',
  (year) => {
    const later = `${year}-01-01T00:00:00.000Z`;
    for (const event of [
      issued(1, 1, { envelope: { occurredAt: later } }),
      issued(1, 1, { data: { issuedAt: later } }),
      issued(1, 1, { data: { startsOn: `${year}-01-01`, endsOn: `${year}-12-31` } }),
      cancelled(1, 1, { envelope: { occurredAt: later } }),
      cancelled(1, 1, { data: { issuedAt: later } }),
      cancelled(1, 1, { data: { cancelledAt: later } }),
      cancelled(1, 1, { data: { startsOn: `${year}-01-01`, endsOn: `${year}-12-31` } }),
    ]) {
      expect(refusalOf(event)?.reason).toBe('invalid-event');
    }
  },
);

test('readMessage never throws, and never repeats a value or a key of the message in its detail', () => {
  const secret = 'ivanov';
  const event = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((data) => JSON.stringify({ ...issued(1, 1), data })),
    fc
      .record({ sequence: fc.jsonValue(), aggregateId: fc.jsonValue() })
      .map((head) => JSON.stringify({ ...issued(1, 1), ...head })),
    fc.constant(JSON.stringify({ ...issued(1, 1), data: { ...issued(1, 1).data, premium: { [secret]: secret } } })),
  );
  fc.assert(fc.property(event, (raw) => !refusalOf(raw)?.detail.includes(secret)));
});
