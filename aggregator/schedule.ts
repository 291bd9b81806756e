import { Cron } from 'croner';
import type { Service } from '#platform/lifecycle/service.ts';
import type { AggregatorContext } from './context.ts';
import type { Line } from './insurers/open-line.ts';
import { type PollOutcome, pollInsurer } from './poll.ts';

/** R11: every 15 minutes. */
const EVERY = '*/15 * * * *';
const SLOT_MS = 15 * 60_000;
/** Polls of a slot are spread over this, so that insurers are not all asked in one second. */
const JITTER_MS = 30_000;

/** The jobs that poll. */
export interface Schedule extends Service {
  nextPoll(insurer: string): Date | null;
  pollNow(line: Line): Promise<PollOutcome>;
}

/** Polls every insurer now, unless this slot has been, and then each on its own job. A poll that fails ends no job. */
export function startSchedule(ctx: AggregatorContext): Schedule {
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    return work.finally(() => running.delete(work));
  };
  const logFailure = (error: unknown) => ctx.log.error({ err: error }, 'poll could not be carried out');
  const pollSlot = (line: Line) => pollInsurer(ctx, line, { notSince: slotStart(ctx.now()), signal: stopping.signal });
  const jobs = new Map(
    ctx.lines.map((line) => {
      const options = { timezone: 'Europe/Moscow', protect: true, catch: logFailure, unref: true };
      const job = new Cron(EVERY, options, async () => {
        await ctx.wait(ctx.random() * JITTER_MS, stopping.signal);
        if (!stopping.signal.aborted) await track(pollSlot(line));
      });
      return [line.insurer.id, job] as const;
    }),
  );
  for (const line of ctx.lines) void track(pollSlot(line)).catch(logFailure);
  const done = Promise.withResolvers<void>();
  return {
    done: done.promise,
    nextPoll: (insurer) => jobs.get(insurer)?.nextRun() ?? null,
    pollNow: (line) => track(pollInsurer(ctx, line, { signal: stopping.signal })),
    async [Symbol.asyncDispose]() {
      for (const job of jobs.values()) job.stop();
      stopping.abort();
      await Promise.allSettled(running);
      done.resolve();
    },
  };
}

const slotStart = (at: Date) => new Date(Math.floor(at.getTime() / SLOT_MS) * SLOT_MS);
