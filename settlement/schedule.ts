import { Cron } from 'croner';
import type { Service } from '#platform/lifecycle/service.ts';
import type { SettlementContext } from './context.ts';
import { checkDays } from './reconciliation/check-days.ts';
import { closeDue } from './registers/close-due.ts';

/** On the 1st at 03:00 the registers of the month before are due; what could not be closed then is tried each hour. */
const CLOSE_AT = '0 * * * *';
const CHECK_AT = '* * * * *';

/** The jobs of settlement, in the time of Moscow: close what is due, and compare the days that core has told. Both begin now. */
export function startSchedule(ctx: SettlementContext): Service {
  const running = new Set<Promise<unknown>>();
  const run = (what: string, work: () => Promise<unknown>) => {
    const logFailure = (error: unknown) => ctx.log.error({ err: error }, `${what} failed, will be tried again`);
    return () => {
      const done = work().catch(logFailure);
      running.add(done);
      return done.finally(() => running.delete(done));
    };
  };
  const jobs = [
    { at: CLOSE_AT, work: run('closing registers', () => closeDue(ctx)) },
    { at: CHECK_AT, work: run('comparing days', () => checkDays(ctx)) },
  ].map(({ at, work }) => {
    void work();
    return new Cron(
      at,
      { timezone: 'Europe/Moscow', protect: true, unref: true, catch: true },
      async () => void (await work()),
    );
  });
  const done = Promise.withResolvers<void>();
  return {
    done: done.promise,
    async [Symbol.asyncDispose]() {
      for (const job of jobs) job.stop();
      await Promise.allSettled(running);
      done.resolve();
    },
  };
}
