import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order, Seen } from './crowd.ts';

/** Buyers in a process of their own; disposing ends it. */
export interface Crowd extends AsyncDisposable {
  carryOut(order: Order): Promise<Seen>;
}

/** `cpu` is the only processor that it may use; by default all, as anybody. */
export async function startCrowd({ signal, cpu }: { signal: AbortSignal; cpu?: string }): Promise<Crowd> {
  const flags = ['--disable-warning=ExperimentalWarning'];
  const child = fork(join(import.meta.dirname, 'crowd-process.ts'), {
    ...(cpu === undefined
      ? { execArgv: flags }
      : { execPath: 'taskset', execArgv: ['-c', cpu, process.execPath, ...flags] }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const exited = once(child, 'exit');
  const ended = exited.then(([code]) => {
    throw new Error(`Who asks ended with code ${code} while it was measured`);
  });
  ended.catch(() => undefined);
  const message = async () => {
    const [said] = await Promise.race([once(child, 'message', { signal }), ended]);
    return said;
  };
  await message().catch((error: unknown) => {
    child.kill();
    throw error;
  });
  return {
    async carryOut(order) {
      const answered = message();
      child.send(order);
      const seen = (await answered) as Seen;
      if (seen.wrong !== undefined) throw new Error(`Wrong: ${seen.wrong}`);
      return seen;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      child.kill();
      await exited;
    },
  };
}
