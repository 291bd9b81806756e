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
  const running = new Map<string, Promise<void>>();
  const run = (what: string, work: () => Promise<unknown>): Promise<void> => {
    const under = running.get(what);
    // Asked for again while it runs, it is that run.
    if (under) return under;
    const begun = work()
      .then(() => undefined)
      .catch((error: unknown) => ctx.log.error({ err: error }, `${what} failed, will be tried again`))
      .finally(() => running.delete(what));
    running.set(what, begun);
    return begun;
  };
  const start = (at: string, work: () => Promise<void>) => {
    void work();
    return new Cron(at, { timezone: 'Europe/Moscow', protect: true, unref: true, catch: true }, work);
  };
  const jobs = [
    start(CLOSE_AT, () => run('closing registers', () => closeDue(ctx))),
    start(CHECK_AT, () => run('comparing days', () => checkDays(ctx))),
  ];
  const done = Promise.withResolvers<void>();
  return {
    done: done.promise,
    async [Symbol.asyncDispose]() {
      for (const job of jobs) job.stop();
      await Promise.allSettled(running.values());
      done.resolve();
    },
  };
}
