import { describe, expect, it } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { check, type Evidence } from './check.ts';
import type { OutboxRow } from './database/state.ts';
import { toMessage } from './database/to-message.ts';

const row = (n: number, aggregateVersion: number): OutboxRow => ({
  xid: n,
  id: n,
  partition: 0,
  aggregateId: 'msk-00000000-0000-4000-8000-000000000001',
  aggregateVersion,
  eventId: `00000000-0000-4000-8000-00000000010${n}`,
  occurredAt: 0,
  isStray: false,
});
const message = (of: OutboxRow, place: { epoch: number; sequence: number }) => {
  const { key, value } = toMessage(of, place);
  return { key: String(key), value: String(value) };
};
const eventOf = ({ value }: { value: string }): PolicyEvent => JSON.parse(value);

const [issued, cancelled] = [row(1, 1), row(2, 2)];
const [first, second] = [message(issued, { epoch: 1, sequence: 1 }), message(cancelled, { epoch: 1, sequence: 2 })];
const whole: Evidence = {
  committed: [issued, cancelled],
  logs: [[first, second]],
  books: { entries: [eventOf(first), eventOf(second)], parked: [], turns: [] },
};

describe('what a simulation ends with', () => {
  it('S3.2 is right when each event is booked once and in order, however often and under whatever epoch it was sent', () => {
    const again = [message(issued, { epoch: 2, sequence: 1 }), message(cancelled, { epoch: 2, sequence: 2 })];
    expect(check({ ...whole, logs: [[first, second, first, ...again, second]] })).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['was never sent', { logs: [[first]], books: { ...whole.books, entries: [eventOf(first)] } }, 'was never sent'],
    ['is not booked', { books: { ...whole.books, entries: [eventOf(first)] } }, 'is in the topic and not booked'],
    ['is booked twice', { books: { ...whole.books, entries: [first, second, second].map(eventOf) } }, 'doubled: '],
    ['was never committed', { committed: [issued] }, 'invented: '],
    [
      'is booked too early',
      { books: { ...whole.books, entries: [second, first].map(eventOf) } },
      'was booked too early',
    ],
    ['is sent too early', { logs: [[second, first]] }, 'late in the topic'],
    [
      'has a number that stood for another',
      { logs: [[first, second, message(cancelled, { epoch: 1, sequence: 1 })]] },
      'number reused: 1/1',
    ],
    [
      'comes after a hole in its epoch',
      { logs: [[first, message(cancelled, { epoch: 1, sequence: 3 })]] },
      'hole in the numbers before 1/3',
    ],
    [
      'begins an epoch above the next number',
      { logs: [[first, message(cancelled, { epoch: 2, sequence: 3 })]] },
      'hole in the numbers before 2/3',
    ],
    [
      'stopped a partition',
      { books: { ...whole.books, turns: [{ stopped: { reason: 'gap', detail: '' } }] } },
      'stopped: gap',
    ],
  ])('S3.2 is wrong when an event %s', (_name, fault, said) => {
    expect(check({ ...whole, ...fault }).join('\n')).toContain(said);
  });
});
