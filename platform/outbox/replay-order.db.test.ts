import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventEnvelope } from '#contracts/events.ts';
import { TARIFFS } from '#contracts/topics.ts';
import { createTestOutbox } from './pieces.testing.ts';
import { type ReplayFrom, replay } from './replay.ts';
import { runRelay } from './running.testing.ts';

let outbox: Awaited<ReturnType<typeof createTestOutbox>>;
beforeAll(async () => {
  outbox = await createTestOutbox();
});
afterAll(() => outbox[Symbol.asyncDispose]());

const again = (from: ReplayFrom) => replay(outbox.sql, { schema: 'aggregator', topic: TARIFFS, from });

/** What a relay or a replay does next: events of aggregates in a partition, or a point among those that were written. */
const steps = fc.array(
  fc.oneof(
    fc.record({ write: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 8 }) }),
    fc.record({ back: fc.nat({ max: 1_000 }), kind: fc.constantFrom('beginning', 'event', 'instant') }),
  ),
  { minLength: 2, maxLength: 6 },
);

test('S3.2 replays from any points while writers and the relay run keep every order: of an aggregate, and of the numbers', async () => {
  await using running = await runRelay(outbox.sql);
  const written: { eventId: string; at: Date }[] = [];
  const versions = [0, 0, 0];
  const write = async (aggregate: number) => {
    const version = (versions[aggregate] ?? 0) + 1;
    versions[aggregate] = version;
    const eventId = randomUUID();
    await outbox.append(outbox.sql, { eventId, aggregate: `a${aggregate}`, version });
    written.push({ eventId, at: new Date() });
  };
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      for (const step of plan) {
        if ('write' in step) for (const aggregate of step.write) await write(aggregate);
        else {
          const point = written[step.back % Math.max(1, written.length)];
          if (step.kind === 'beginning' || !point) await again('beginning');
          else await again(step.kind === 'event' ? { eventId: point.eventId } : { at: point.at });
        }
      }
      await running.drained();
      expect(new Set(running.received.map((event) => event.eventId)).size).toBe(written.length);
      expectOrder(running.received);
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);

/** Under one epoch an aggregate's versions and the numbers go up by one; a new epoch begins at or below what is next. */
function expectOrder(received: readonly EventEnvelope[]): void {
  let last = { epoch: 0, sequence: 0 };
  const seen = new Map<string, number>();
  const first = new Map<string, number>();
  for (const { epoch, sequence, aggregateId, aggregateVersion } of received) {
    if (epoch === last.epoch) expect(sequence).toBe(last.sequence + 1);
    else {
      expect(epoch).toBeGreaterThan(last.epoch);
      expect(sequence).toBeLessThanOrEqual(last.sequence + 1);
      seen.clear();
    }
    last = { epoch, sequence };
    const before = seen.get(aggregateId);
    if (before !== undefined) expect(aggregateVersion).toBe(before + 1);
    seen.set(aggregateId, aggregateVersion);
    const highest = first.get(aggregateId) ?? 0;
    expect(aggregateVersion).toBeLessThanOrEqual(highest + 1);
    first.set(aggregateId, Math.max(highest, aggregateVersion));
  }
}
