import type { Cron } from 'croner';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { moscowMidnight } from '#platform/moscow-time/moscow-midnight.ts';
import { createTestCore, NOW, type TestCore } from '../core.testing.ts';
import { createDays } from './day-closing.testing.ts';
import { startDayClosing } from './start-day-closing.ts';
import type { DayClosingContext } from './tell-day.ts';

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

let core: TestCore;
let days: ReturnType<typeof createDays>;
beforeAll(async () => {
  core = await createTestCore();
  days = createDays(core);
});
beforeEach(async () => {
  jobs.length = 0;
  await core.admin`truncate core.policies, core.outbox, core.told_days, core.tariffs, core.insurers`;
  core.clock.at = new Date(NOW);
  core.logged.length = 0;
  await days.sell();
});
afterAll(() => core[Symbol.asyncDispose]());

/** A context whose next poke of the relay can be waited for. */
function watched() {
  const poked = Promise.withResolvers<void>();
  const ctx: DayClosingContext = { ...core.ctx, poke: () => poked.resolve() };
  return { ctx, poked: poked.promise };
}

const later = (day: string) => {
  core.clock.at = new Date(moscowMidnight(day).getTime() + 5 * 60_000);
};

test('tells what is over as soon as it starts, and each day 5 minutes after its end in Moscow', async () => {
  later('2026-11-23');
  const { ctx, poked } = watched();
  await using _ = startDayClosing(ctx);
  await poked;
  expect(await days.told()).toEqual(['2026-11-22 1']);
  const next = jobs[0]?.nextRuns(24, new Date('2026-11-23T00:05:01+03:00')) ?? [];
  expect(next.map((at) => at.getUTCMinutes())).toEqual(Array(24).fill(5));
  expect(next.at(-1)).toEqual(new Date('2026-11-24T00:05:00+03:00'));
  later('2026-11-24');
  await jobs[0]?.trigger();
  expect(await days.told()).toEqual(['2026-11-22 1', '2026-11-23 1']);
});

test('a day that cannot be told is said in the log, ends nothing, and is tried again', async () => {
  later('2026-11-23');
  await core.admin`alter table core.told_days add constraint broken check (revision > 1)`;
  await using service = startDayClosing(core.ctx);
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  service.done.then(end, end);
  await jobs[0]?.trigger();
  await core.admin`alter table core.told_days drop constraint broken`;
  const errors = core.logged.filter((line) => line.includes('could not be told'));
  expect(errors.length).toBeGreaterThan(0);
  expect(errors[0]).toMatch(/"level":("error"|50).*2026-11-22/);
  await jobs[0]?.trigger();
  expect([await days.told(), isDone]).toEqual([['2026-11-22 1'], false]);
});

test('a stop waits for the day that is being told, and then there is nothing more', async () => {
  later('2026-11-25');
  const { ctx, poked } = watched();
  const service = startDayClosing(ctx);
  await poked;
  await service[Symbol.asyncDispose]();
  await service.done;
  const told = await days.told();
  expect(told.length).toBeLessThanOrEqual(2);
  expect(jobs[0]?.isStopped()).toBe(true);
  expect(await core.admin`select from pg_stat_activity where state = 'idle in transaction'`).toHaveLength(0);
  expect(await days.told()).toEqual(told);
});
