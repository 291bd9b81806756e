import { Cron } from 'croner';
import type { Service } from '#platform/lifecycle/service.ts';
import { closeDays } from './close-days.ts';
import type { DayClosingContext } from './tell-day.ts';

/** At 00:05 a day is due; at the other hours, what could not be told then. */
const EVERY = '5 * * * *';

/** Tells the days that are over now, and then each as it ends. What cannot be told is tried again each hour. */
export function startDayClosing(ctx: DayClosingContext): Service {
  const stopping = new AbortController();
  const logFailure = (error: unknown) => ctx.log.error({ err: error }, 'a day could not be told, will try again');
  let running: Promise<void> | undefined;
  const run = () => {
    running ??= closeDays(ctx, { signal: stopping.signal })
      .catch(logFailure)
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  const job = new Cron(EVERY, { timezone: 'Europe/Moscow', protect: true, catch: logFailure, unref: true }, run);
  void run();
  const done = Promise.withResolvers<void>();
  return {
    done: done.promise,
    async [Symbol.asyncDispose]() {
      job.stop();
      stopping.abort();
      await running;
      done.resolve();
    },
  };
}
