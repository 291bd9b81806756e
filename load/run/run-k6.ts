import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ScenarioName } from '../traffic/scenarios.ts';
import type { K6 } from './find-k6.ts';

/** Of k6: a threshold did not hold. */
const THRESHOLD = 99;

/** Plays a scenario with k6 in this terminal. Rejects with a sentence unless all thresholds hold. */
export async function runK6(
  { command }: K6,
  { name, signal }: { name: ScenarioName; signal: AbortSignal },
): Promise<void> {
  const child = spawn(command, ['run', '--no-usage-report', `load/k6/${name}.ts`], {
    stdio: ['ignore', 'inherit', 'inherit'],
    // In a group of its own: Ctrl-C would reach it twice, and at the second one it ends without a summary.
    detached: true,
  });
  const stop = () => child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  const [code] = (await once(child, 'close')) as [number | null];
  signal.throwIfAborted();
  if (code === THRESHOLD) throw new Error(`${name} failed: see the thresholds above`);
  if (code !== 0) throw new Error(`k6 ended with code ${code}`);
}
