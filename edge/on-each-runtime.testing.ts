import { RUNTIMES, type Runtime } from './runtime.testing.ts';

/** Does it on every runtime at once, and waits for all also when one fails: what the others started is then stopped. */
export async function onEachRuntime(work: (runtime: Runtime) => Promise<unknown>): Promise<void> {
  const outcomes = await Promise.allSettled(RUNTIMES.map(work));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
