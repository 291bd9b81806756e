import type { Cron } from 'croner';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from '#platform/telemetry/log.ts';
import { dayClosed } from './day-closed.testing.ts';
import { handleBatch } from './intake/handle-batch.ts';
import { findClosing } from './registers/find-closing.ts';
import { startSchedule } from './schedule.ts';
import { batchOf, createTestContext, issued } from './testing.ts';

/** The jobs that were made, real ones, so that a test can let one be due. */
const jobs = vi.hoisted((): Cron<unknown>[] => []);
vi.mock('croner', async (original) => {
  const croner = await original<typeof import('croner')>();
  return {
    Cron: class extends croner.Cron<unknown> {
      constructor(...args: ConstructorParameters<typeof croner.Cron<unknown>>) {
        super(...args);
        jobs.push(this);
      }
    },
  };
});

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
beforeEach(async () => {
  jobs.length = 0;
  await room.reset();
});
afterAll(() => room[Symbol.asyncDispose]());

const NOVEMBER = { insurer: 'volga', period: '2026-11' };
const job = (at: string) => jobs.find((one) => one.getPattern() === at) as Cron<unknown>;
const sold = issued(2, 1);
const told = dayClosed('2026-11-22', 2, [{ insurer: 'volga', issued: [sold] }]);

test('R13 the registers of last month are due on the 1st at 03:00 in Moscow, and looked at every hour', async () => {
  await using _schedule = startSchedule(room.ctx);
  const [first, second] = job('0 * * * *').nextRuns(2, new Date('2026-11-30T23:59:59.000Z'));
  expect([first?.toISOString(), second?.toISOString()]).toEqual([
    '2026-12-01T00:00:00.000Z',
    '2026-12-01T01:00:00.000Z',
  ]);
});

test('R13 what was missed while settlement was down is closed as it starts; a run that fails ends no job', async () => {
  await handleBatch(room.ctx, batchOf(sold));
  room.clock.at = new Date('2026-12-04T10:00:00.000Z');
  {
    await using _schedule = startSchedule(room.ctx);
  }
  expect(await findClosing(room.ctx, NOVEMBER)).toMatchObject({
    closedBy: 'schedule',
    closedAt: '2026-12-04T10:00:00.000Z',
  });

  jobs.length = 0;
  const lines: string[] = [];
  const log = createLogger({ service: 's', region: 'msk', level: 'error' }, { write: (line) => void lines.push(line) });
  const broken = {
    ...room.ctx,
    log,
    now: () => {
      throw new Error('no clock');
    },
  };
  await using _schedule = startSchedule(broken);
  await job('0 * * * *').trigger();
  expect(lines.join('')).toContain('closing registers failed, will be tried again');
  expect(job('0 * * * *').isStopped()).toBe(false);
});

test('D9 a day that core has told is compared within a minute, and what differs is told at error once', async () => {
  const lines: string[] = [];
  const log = createLogger({ service: 's', region: 'msk', level: 'info' }, { write: (line) => void lines.push(line) });
  await using _schedule = startSchedule({ ...room.ctx, log });
  await handleBatch(room.ctx, batchOf({ ...told, sequence: 1 }));
  for (let run = 0; run < 3; run += 1) await job('* * * * *').trigger();
  const differing = lines.filter((line) => line.includes('day does not agree with core'));
  expect(differing.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'error', day: '2026-11-22', insurers: ['volga'] },
  ]);
  await handleBatch(room.ctx, batchOf({ ...sold, sequence: 2 }));
  await job('* * * * *').trigger();
  expect(lines.at(-1)).toContain('day agrees with core');
});
