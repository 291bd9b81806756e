import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order, Traffic, TrafficPlan } from './orders.ts';

/** Who asks, in a process of its own: what it measures is not held up by the drill. Disposing ends it. */
export interface RunningTraffic extends AsyncDisposable {
  /** From now on this is going on, and its streams are sending or not. */
  turn(slice: string, isOn: boolean): void;
  /** Stops sending; resolves with all that was seen once the last answer is there. */
  finish(): Promise<Traffic>;
  /** Rejects when the process ends before it was asked to. */
  readonly failed: Promise<never>;
}

/** Traffic of a plan, from now on. */
export function startTraffic(plan: TrafficPlan): RunningTraffic {
  const child = fork(join(import.meta.dirname, 'traffic-process.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const failed = exited.then(([code]): never => {
    throw new Error(`The process that asks ended with code ${code} in the middle of the run`);
  });
  failed.catch(() => undefined);
  const tell = (order: Order) => void child.send(order);
  tell({ begin: plan });
  return {
    failed,
    turn: (slice, isOn) => tell({ slice, isOn }),
    async finish() {
      tell({ finish: true });
      const [traffic] = await Promise.race([once(child, 'message'), failed]);
      return traffic as Traffic;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
