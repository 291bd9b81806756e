import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TariffEvent } from '#contracts/events.ts';
import type { Tariff } from '#contracts/tariff.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { SIMULATORS } from '../local/insurers/simulators.ts';
import { createTestRoom, lineOf, type TestRoom } from './aggregator.testing.ts';
import { loadInsurer } from './insurers/load-insurer.ts';
import { anyMutation, type Mutation } from './insurers/mutations.testing.ts';
import { pollInsurer } from './poll.ts';
import { findImplausible } from './tariffs/find-implausible.ts';

const RUNS = 60;
const TODAY = '2026-11-22';
const REASONS = ['content-type', 'too-large', 'cut-off', 'malformed', 'fault', 'schema', 'paging', 'tariff', 'status'];

let room: TestRoom;
beforeAll(async () => {
  room = await createTestRoom();
});
afterAll(() => room[Symbol.asyncDispose]());

/** An aggregator with one line, to an insurer of which any reply can be changed, and what it told the outside. */
async function standing(simulator: (typeof SIMULATORS)[number]) {
  const app = simulator.serve(simulator.book());
  const logged: { reason?: string; insurer?: string; msg: string }[] = [];
  const log = createLogger(
    { service: 'test', region: 'msk', level: 'warn' },
    { write: (line) => logged.push(JSON.parse(line)) },
  );
  let change: { mutate: Mutation; reply: number } | undefined;
  let replies = 0;
  const fetch = async (url: string, init: RequestInit) => {
    const good = await app.request(url.replace('http://insurers.test', ''), init);
    replies += 1;
    if (!change || replies !== change.reply) return good;
    const headers = { 'content-type': good.headers.get('content-type') ?? '' };
    return new Response(change.mutate(await good.text()), { status: good.status, headers });
  };
  const { ctx, seen } = room.context([], { fetch, log });
  const insurer = await loadInsurer(simulator.id);
  const line = lineOf(simulator.id, (of) => insurer.collect(of, 'http://insurers.test'));
  return {
    logged,
    seen,
    /** Polls with the nth reply changed. */
    async poll(changed?: { mutate: Mutation; reply: number }) {
      change = changed;
      replies = 0;
      return pollInsurer(ctx, line, { signal: new AbortController().signal });
    },
  };
}

async function published(insurer: string): Promise<Tariff[]> {
  const rows = await room.admin`select * from aggregator.outbox where aggregate_id = ${insurer} order by id`;
  return rows.flatMap((row) => {
    const event = TariffEvent.parse({
      eventId: row['event_id'],
      type: row['type'],
      aggregateId: row['aggregate_id'],
      aggregateVersion: row['aggregate_version'],
      region: 'msk',
      partition: row['partition'],
      epoch: 1,
      sequence: 1,
      occurredAt: new Date(row['occurred_at']).toISOString(),
      traceparent: null,
      data: JSON.parse(row['data']),
    });
    return event.type === 'tariff.published.v1' ? [event.data] : [];
  });
}

describe.each(SIMULATORS)('R14 broken replies of $id', (simulator) => {
  test('never end in an unhandled error or in an implausible tariff: each is refused with its reason in metrics and log, or read as a small change', async () => {
    const { poll, seen, logged } = await standing(simulator);
    expect(await poll()).toMatchObject({ status: 'good' });
    await fc.assert(
      fc.asyncProperty(anyMutation, fc.integer({ min: 1, max: 4 }), async (mutate, reply) => {
        const [failures, lines, known] = [seen.failures.length, logged.length, await published(simulator.id)];
        const outcome = await poll({ mutate, reply });
        const now = await published(simulator.id);
        if (outcome.status === 'good') {
          const before = known.filter(
            (tariff) => !known.some((later) => later.product === tariff.product && later.version > tariff.version),
          );
          expect(findImplausible(now.slice(known.length), { known: before, today: TODAY })).toEqual([]);
          return;
        }
        expect(now).toEqual(known);
        expect(logged).toHaveLength(lines + 1);
        expect(logged.at(-1)).toMatchObject({ insurer: simulator.id });
        if (outcome.status === 'quarantined') return;
        expect(outcome.status).toBe('failed');
        expect(seen.failures).toHaveLength(failures + 1);
        const [, reason = ''] = seen.failures.at(-1)?.split(' ') ?? [];
        expect(REASONS).toContain(reason);
        expect(logged.at(-1)?.reason).toBe(reason);
      }),
      { numRuns: RUNS },
    );
    expect(await poll()).not.toMatchObject({ status: 'failed' });
  }, 60_000);
});
