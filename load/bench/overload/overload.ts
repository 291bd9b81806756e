import { availableParallelism } from 'node:os';
import type { Bench } from '../bench.ts';
import { flood } from './flood.ts';
import type { Plan } from './phases.ts';

const PLAN: Plan = {
  rounds: 3,
  unloadedSeconds: 16,
  peakSeconds: 30,
  floodSeconds: 30,
  recoverySeconds: 12,
  isPinned: true,
};

/**
 * A region on one processor, flooded from the other with ten times as many new quotes as it bears, while others buy: what
 * is still answered, how quickly, what a refusal costs, and when it is over. Needs Linux and two processors.
 */
export const overload: Bench = async (ctx) => {
  if (process.platform !== 'linux' || availableParallelism() < 2)
    throw new Error('Overload is measured on Linux with two processors: one for the region, one for who asks');
  const { figures, faults } = await flood(ctx, { ...PLAN, rounds: ctx.rounds ?? PLAN.rounds });
  if (faults.length > 0) throw new Error(`Wrong: ${faults.join('; ')}`);
  return figures;
};
